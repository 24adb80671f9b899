"""What the records say to a session's draw: its pool on the day, last year's experts, who has answered already."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import pools, review_committees
from app.domain.draws.planning import Kept, World
from app.domain.reviews import agenda, sessions
from app.models.declaration import Declaration
from app.models.draw import Draw, Invitation
from app.models.expert import Expert
from app.models.notice import Committee
from app.models.people import Organisation
from app.models.review import ReviewSession

ANSWERED = ("accepted", "declined", "lapsed")
DECLARED = "本人为评审对象"
WAITING = ("PAID", *agenda.READY)
PARAMETERS = {
    "renewal": ("renewal_fraction", None),
    "external": ("external_required", 0),
    "leaders_in_principle": ("draw_leaders_in_principle", 1),
    "leaders_at_most": ("draw_leaders_at_most", 2),
}


def world_of(session: Session, review: ReviewSession) -> World:
    """Everything that a plan for the session is made from."""
    registered = review_committees.get(session, review.review_committee_id)
    day = clock.local(review.planned_from or clock.now(session)).date()
    answered = answers(session, review.id)
    said: dict[str, Any] = {
        field: sessions.asked(session, review, key, otherwise=otherwise)
        for field, (key, otherwise) in PARAMETERS.items()
    }
    last_year = None if said["renewal"] is None else roster_of_last_year(session, review)
    return World(
        people=pools.drawable(session, registered.id, day),
        district=registered.district,
        last_year=last_year,
        kept=tuple(Kept(each.expert_id, each.position) for each in answered if each.status == "accepted"),
        gone=frozenset(each.expert_id for each in answered if each.status != "accepted"),
        about={"session": review.id, "committee": registered.name, "year": review.year, "day": day.isoformat()},
        **{key: value for key, value in said.items() if value is not None},
    )


def answers(session: Session, review_id: int) -> list[Invitation]:
    """Who has answered an invitation to the session, in any of its draws, in drawn order."""
    wanted = select(Invitation).join(Draw, Draw.id == Invitation.draw_id)
    answered = wanted.where(Draw.session_id == review_id, Invitation.status.in_(ANSWERED))
    return list(session.scalars(answered.order_by(Draw.number, Invitation.place)))


def roster_of_last_year(session: Session, review: ReviewSession) -> frozenset[int] | None:
    """Experts who accepted for the committee's sessions of the year before; None where no list was fixed then."""
    before = (ReviewSession.review_committee_id == review.review_committee_id) & (ReviewSession.year == review.year - 1)
    fixed = select(Draw.session_id).where(Draw.status == "fixed")
    wanted = (
        select(Invitation.expert_id)
        .join(Draw, Draw.id == Invitation.draw_id)
        .join(ReviewSession, ReviewSession.id == Draw.session_id)
        .where(before, Invitation.status == "accepted", Draw.session_id.in_(fixed))
    )
    return frozenset(session.scalars(wanted)) or None


def relations(session: Session, review: ReviewSession) -> dict[int, str]:
    """Expert → in words how he is related to those who wait for this session; recusals to think of before the draw."""
    waiting = _waiting(session, review).subquery()
    employed = select(Expert.id, func.count()).join(waiting, waiting.c.unit == Expert.employer_id).group_by(Expert.id)
    found = {key: f"本单位有{count}名评审对象" for key, count in session.execute(employed)}
    own = select(Expert.id).join(waiting, waiting.c.person == Expert.person_id)
    return found | dict.fromkeys(session.scalars(own), DECLARED)


def _waiting(session: Session, review: ReviewSession) -> Select[int, int]:
    """Person and employer of every declaration that is paid and waits for the committee."""
    row = sessions.committee_of(session, review)
    revisions = select(Committee.id).where(Committee.notice_id == row.notice_id, Committee.no == row.no)
    named = Declaration.data["unit_id"].as_integer()
    today = func.coalesce(Organisation.merged_into_id, named).label("unit")
    waiting = select(Declaration.person_id.label("person"), today).outerjoin(Organisation, Organisation.id == named)
    return waiting.where(
        Declaration.committee_id.in_(revisions), Declaration.status.in_(WAITING), Declaration.ended_as.is_(None)
    )
