"""Seats of a session: who was drawn for it, who has signed in, who presides, which reserve stands in for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import people, required
from app.domain.reviews import quorum, sessions
from app.domain.reviews.quorum import Lamp
from app.domain.session_access import PRESIDING
from app.errors import ConfigurationError, Problem, Refused
from app.models.expert import Expert
from app.models.people import Person
from app.models.review import ReviewSession, Seat

POSITIONS = {"chair": "主任委员", "deputy_chair": "副主任委员", "member": "评审专家", "reserve": "候补评审专家"}
POST = timedelta(days=90)  # how long who presided keeps the post: announcing and re-opened sessions fall within


@dataclass(frozen=True)
class Sitting:
    """An expert who is to have a seat, and in which position."""

    expert_id: int
    position: str = "member"


@dataclass(frozen=True)
class Line:
    """A seat as the desk lists it."""

    seat: Seat
    expert: Expert
    name: str

    @property
    def present(self) -> bool:
        return is_present(self.seat)


def get(session: Session, seat_id: int | None) -> Seat:
    return required.row(session, Seat, seat_id, "没有找到该席位。")


def seat(session: Session, review: ReviewSession, experts: Sequence[Sitting]) -> list[Seat]:
    """Give each expert a seat, numbered as listed; the roster is everybody but the reserves.

    Called once, when the roster is complete. Refused for an expert twice, or without chair and deputies to preside.
    """
    if len({each.expert_id for each in experts}) != len(experts):
        raise Refused(Problem("twice", "同一评审专家不能占两个席位。"))
    if not any(each.position in PRESIDING for each in experts):
        raise Refused(Problem("no_chair", "评委名单中没有主任委员、副主任委员，会议无人主持。", clause="N4 §四(一)"))
    made = [
        Seat(session_id=review.id, expert_id=each.expert_id, number=number, position=each.position)
        for number, each in enumerate(experts, 1)
    ]
    session.add_all(made)
    review.roster_size = sum(each.position != "reserve" for each in experts)
    session.flush()
    return made


def of_session(session: Session, review_id: int) -> list[Seat]:
    return list(session.scalars(select(Seat).where(Seat.session_id == review_id).order_by(Seat.number)))


def lines(session: Session, review_id: int) -> list[Line]:
    """Every seat with its expert and his name, by number; one statement."""
    wanted = (
        select(Seat, Expert, Person.name)
        .join(Expert, Expert.id == Seat.expert_id)
        .join(Person, Person.id == Expert.person_id)
        .where(Seat.session_id == review_id)
        .order_by(Seat.number)
    )
    return [Line(*row) for row in session.execute(wanted)]


def of_person(session: Session, review_id: int, person_id: int) -> Seat | None:
    """The seat that the person has in the session."""
    wanted = select(Seat).join(Expert, Expert.id == Seat.expert_id)
    return session.scalar(wanted.where(Seat.session_id == review_id, Expert.person_id == person_id))


def sign_in(session: Session, found: Seat, *, phone_receipt: str | None = None, pledged: bool = False) -> None:
    """评委签到: he is present from now on; a later call adds what was left out and never takes anything back."""
    now = clock.now(session)
    found.signed_in_at, found.left_at = found.signed_in_at or now, None
    if pledged:
        found.pledged_at = found.pledged_at or now
    if phone_receipt and phone_receipt.strip():
        found.phone_receipt = phone_receipt.strip()
    session.flush()


def leave(session: Session, found: Seat) -> None:
    """离席: from now on he is not present; his vote counts in no ballot opened after."""
    if found.signed_in_at is None:
        raise Refused(Problem("not_here", "该评委尚未签到。"))
    found.left_at = clock.now(session)
    session.flush()


def stand_in(session: Session, review: ReviewSession, reserve: Seat, absent: Seat) -> None:
    """A reserve takes the place of a member who is not there; the roster's size stays as it is."""
    if reserve.position != "reserve" or reserve.session_id != review.id:
        raise Refused(Problem("not_reserve", "只有本次会议的候补评审专家可以递补。"))
    if absent.session_id != review.id or absent.position == "reserve" or is_present(absent):
        raise Refused(Problem("not_absent", "只能递补本次会议中未到会的评委。"))
    if any(each.replaces_id == absent.id for each in of_session(session, review.id)):
        raise Refused(Problem("replaced", "该评委已由候补评审专家递补。"))
    reserve.position, reserve.replaces_id = "member", absent.id
    session.flush()


def is_present(found: Seat) -> bool:
    """Signed in, not gone, and a member: a reserve who stands in for nobody sits without a vote."""
    return found.signed_in_at is not None and found.left_at is None and found.position != "reserve"


def present(session: Session, review_id: int) -> list[Seat]:
    """出席评委: the seats that may vote now, whose places nobody has taken over."""
    taken = select(Seat.replaces_id).where(Seat.session_id == review_id, Seat.replaces_id.is_not(None))
    wanted = select(Seat).where(Seat.session_id == review_id, Seat.position != "reserve", Seat.id.not_in(taken))
    here = wanted.where(Seat.signed_in_at.is_not(None), Seat.left_at.is_(None))
    return list(session.scalars(here.order_by(Seat.number)))


def lamp(session: Session, review: ReviewSession) -> Lamp:
    """Quorum as it stands now."""
    rules = sessions.rules_of(session, review)
    return quorum.lamp(rules, sessions.size_of(session, review, rules), len(present(session, review.id)))


def require_quorum(session: Session, review: ReviewSession) -> None:
    """Refused unless enough of the committee are present to vote (R-184)."""
    shown = lamp(session, review)
    if not shown.lit:
        message = quorum.shortage(sessions.rules_of(session, review), shown)
        raise Refused(Problem("no_quorum", message, clause="N4 §四(一)；R-184"))


def presiding(session: Session, review: ReviewSession) -> Line | None:
    """主持人: the seat that presides, with the expert; None before the session opens."""
    return next((line for line in lines(session, review.id) if line.seat.id == review.presiding_id), None)


def require_presiding(session: Session, review: ReviewSession, seat_id: int | None) -> Seat:
    """The seat that may preside: a chair's or deputy's who is there. Refused otherwise (R-183, §8-32)."""
    here = [each for each in present(session, review.id) if each.position in PRESIDING]
    if not here:
        message = "主任委员、副主任委员均未到会，不能开始会议。请推迟会议。"
        raise Refused(Problem("nobody_presides", message, "presiding", "N4 §四(一)；R-183"))
    found = next((each for each in here if each.id == seat_id), None)
    if found is None:
        message = "会议须由到会的主任委员或副主任委员主持，请选择主持人。"
        raise Refused(Problem("presiding", message, "presiding", "N4 §四(一)；R-183"))
    return found


def preside(session: Session, review: ReviewSession, found: Seat) -> None:
    """主持: the member of this seat presides from now on; a chair or deputy who is there (R-183)."""
    review.presiding_id = require_presiding(session, review, found.id).id
    session.flush()


def empower(session: Session, review: ReviewSession) -> None:
    """Who presides may act as chair or deputy for the convening body, should the post not be his there already."""
    line = presiding(session, review)
    if line is None:
        raise ConfigurationError("会议还没有主持人。")
    now, body = clock.now(session), sessions.convening_organisation(session, review).id
    held = {holder.person_id for holder in people.holders(session, line.seat.position, body, now)}
    if line.expert.person_id not in held:
        people.grant(session, line.expert.person_id, line.seat.position, body, (now, now + POST))


def count(session: Session, review_id: int) -> int:
    return session.scalar(select(func.count(Seat.id)).where(Seat.session_id == review_id)) or 0
