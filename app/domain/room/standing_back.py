"""申报回避: the expert goes through all applicants and says from whom he stands back, before a file opens (R-192)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain.ballots import roll
from app.domain.reviews import agenda, recusals
from app.errors import Problem, Refused
from app.models.ballot import Ballot, Participation
from app.models.review import AgendaItem, Recusal, Seat
from app.models.room import RecusalStatement

CLAUSE = "N1 §二(三)；N4 §五(三)；R-192"


@dataclass(frozen=True)
class Said:
    """Why an expert stands back: keys of `recusals.BASES`, and his words."""

    basis: tuple[str, ...]
    reason: str = ""


def pending(session: Session, seat: Seat) -> list[int]:
    """Items of the session of which the expert has not said yet whether he stands back."""
    stated = session.get(RecusalStatement, seat.id)
    known = set(stated.item_ids) if stated else set()
    return [item.id for item in agenda.items(session, seat.session_id, "listed") if item.id not in known]


def of_seat(session: Session, seat: Seat) -> dict[int, Recusal]:
    """Item → what stands between the seat and it."""
    return {each.item_id: each for each in session.scalars(select(Recusal).where(Recusal.seat_id == seat.id))}


def state(session: Session, seat: Seat, said: Mapping[int, Said]) -> None:
    """The whole statement: from these he stands back, from the others nothing keeps him.

    Refused where a ground is missing, or where he has voted on one of them already.
    """
    listed = [item.id for item in agenda.items(session, seat.session_id, "listed")]
    for item_id, each in said.items():
        stand_back(session, seat, agenda.get(session, item_id), each)
    found = session.get(RecusalStatement, seat.id)
    if found is None:
        found = RecusalStatement(seat_id=seat.id, item_ids=[])
        session.add(found)
    found.item_ids, found.stated_at = sorted({*found.item_ids, *listed}), clock.now(session)
    session.flush()


def stand_back(session: Session, seat: Seat, item: AgendaItem, said: Said) -> None:
    """申请回避: his duty, so it holds at once and nobody has to agree."""
    if item.session_id != seat.session_id or item.status != "listed":
        raise Refused(Problem("voted", "该申报人不在待表决之列，不能再申请回避。", clause=CLAUSE))
    if not said.basis or not set(said.basis) <= set(recusals.BASES):
        raise Refused(Problem("basis", "请选择回避的事由。", f"basis.{item.id}", CLAUSE))
    if "other" in said.basis and not said.reason.strip():
        raise Refused(Problem("reason", "请说明其他可能影响公正评审的关系。", f"reason.{item.id}", CLAUSE))
    if _has_voted(session, seat, item):
        raise Refused(Problem("voted", "您已对该申报人投票，不能再申请回避。请告知主持人。", clause=CLAUSE))
    found = of_seat(session, seat).get(item.id)
    if found is None:
        found = Recusal(seat_id=seat.id, item_id=item.id)
        session.add(found)
    found.status, found.basis, found.reason = "recused", list(said.basis), said.reason.strip() or None
    found.at = clock.now(session)
    session.flush()


def _has_voted(session: Session, seat: Seat, item: AgendaItem) -> bool:
    wanted = (
        select(Ballot)
        .join(Participation, Participation.ballot_id == Ballot.id)
        .where(Ballot.session_id == seat.session_id, Ballot.status == "open", Participation.seat_id == seat.id)
        .where(Participation.handed_in.is_(True))
    )
    return any(item.id in roll.locked(session, ballot, shared=True).item_ids for ballot in session.scalars(wanted))
