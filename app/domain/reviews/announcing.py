"""宣布投票结果: everything before the session decided, the result announced and signed by who presides (R-187)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain.explanations import few_words
from app.domain.offices import Actor
from app.domain.reviews import agenda, openings, seats, sessions
from app.domain.reviews.agenda import Line as ItemLine
from app.errors import Problem, Refused
from app.models.ballot import Ballot, Tally
from app.models.review import ReviewSession

CLAUSE = "N4 §四(一)；R-187"


@dataclass(frozen=True)
class Row:
    """One item with its count; no tally where it was deferred or dropped."""

    line: ItemLine
    tally: Tally | None


def rows(session: Session, review_id: int) -> list[Row]:
    """Every item with its last count, in the agenda's order; two statements."""
    wanted = select(Tally).join(Ballot, Ballot.id == Tally.ballot_id).where(Ballot.session_id == review_id)
    counted = {each.item_id: each for each in session.scalars(wanted.order_by(Ballot.number))}
    return [Row(line, counted.get(line.item.id)) for line in agenda.lines(session, review_id)]


def require_decided(session: Session, review: ReviewSession) -> None:
    """Refused while a ballot runs or an item is neither voted on, deferred nor dropped."""
    openings.require_no_ballot(session, review)
    agenda.drop_ended(session, review)
    left = [line.applicant for line in agenda.lines(session, review.id) if line.item.status == "listed"]
    if left:
        named = few_words(left)
        message = f"还有{len(left)}位申报人没有表决：{named}。请完成表决，或者暂缓表决、推迟会议。"
        raise Refused(Problem("undecided", message))


def announce(session: Session, review: ReviewSession, said: Mapping[str, Any], actor: Actor) -> None:
    """The presiding member announces and signs; the session's end, from which the report is due, is now.

    Refused for anybody else: nobody signs in his place.
    """
    require_decided(session, review)
    line = seats.presiding(session, review)
    if line is None or line.expert.person_id != actor.person_id:
        who = f"{line.name}（{seats.POSITIONS[line.seat.position]}）" if line else "主持人"
        raise Refused(Problem("not_presiding", f"投票结果由本次会议主持人{who}宣布并签字。", "signed_by", CLAUSE))
    if str(said.get("signed_by") or "").strip() != line.name:
        raise Refused(Problem("signature", "签字应为主持人本人姓名。", "signed_by", CLAUSE))
    sessions.note_check(session, review, "announced", {"signed_by": line.name}, actor.person_id)
    review.announced_at = review.ended_at = clock.now(session)
    review.status = "announced"
    session.flush()
