"""Whoever drops out of a draw: the diagram that fills the roster is told; of a fixed one the place is filled here.

An expert who is suspended before his session opens is asked no more, and his place goes to the next in line.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import messages
from app.domain.draws import invitations, replies
from app.domain.reviews import seats
from app.models.draw import Draw, Invitation
from app.models.review import ReviewSession, Seat

CLOSED, OUT = "invitation_closed", "expert_out"  # messages: to the draw, to the expert's own invitation
ENDED = "ended"  # status of a session that is over


def stand_down(session: Session, expert_id: int) -> int:
    """Take the expert out of every draw whose session has not opened; returns out of how many."""
    wanted = (
        select(Invitation)
        .join(Draw, Draw.id == Invitation.draw_id)
        .join(ReviewSession, ReviewSession.id == Draw.session_id)
        .where(Invitation.expert_id == expert_id, Invitation.status.in_(invitations.SITTING))
        .where(Draw.status.in_(("drawn", "opened", "fixed")))
        .where(ReviewSession.opened_at.is_(None), ReviewSession.status != ENDED)
    )
    found = list(session.scalars(wanted.order_by(Invitation.id)))
    for invitation in found:
        asked, invitation.status = invitation.status == "invited", "stood_down"
        invitation.replied_at = clock.now(session)
        session.flush()
        if asked and invitation.instance_id is not None:
            messages.post(session, OUT, receiver_id=invitation.instance_id)  # whose diagram tells the draw
        elif invitation.kind == "member":
            tell_draw(session, invitation, CLOSED)
    return len(found)


def tell_draw(session: Session, invitation: Invitation, name: str) -> None:
    """A message to the instance that drew, whose diagram goes on from there; a fixed roster is filled at once."""
    draw = session.get_one(Draw, invitation.draw_id)
    assert draw.instance_id is not None
    if draw.status == "fixed":
        _fill(session, replies.review_of(session, invitation), draw)
    else:
        messages.post(session, name, receiver_id=draw.instance_id, sender_id=invitation.instance_id)


def _fill(session: Session, review: ReviewSession, draw: Draw) -> None:
    """Ask who is next in line, and give him the seat of the one who has gone where the seats are set out."""
    invitations.next_in_line(session, review, draw)
    rows = {each.id: each for each in invitations.of_draw(session, draw.id)}
    by_expert = {each.expert_id: each for each in seats.of_session(session, review.id)}
    for each in rows.values():
        if each.replaces_id is not None:
            gone = rows[each.replaces_id]
            _sit(session, review, by_expert.get(each.expert_id), by_expert.get(gone.expert_id))


def _sit(session: Session, review: ReviewSession, reserve: Seat | None, gone: Seat | None) -> None:
    if reserve is None or gone is None or reserve.position != "reserve":
        return
    gone.code_digest = None  # his card opens the room no more
    seats.stand_in(session, review, reserve, gone)
