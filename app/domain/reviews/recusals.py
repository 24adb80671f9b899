"""回避: what the records suggest, what the chair decides on it, and which items it leaves without a quorum (R-192)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import required
from app.domain.reviews import agenda, relations, seats, sessions
from app.errors import Problem, Refused
from app.models.review import AgendaItem, Recusal, ReviewSession, Seat

BASES = {
    "employer": "同一工作单位",
    "recommender": "曾推荐该申报人",
    "co_author": "与申报人有共同成果",
    "kinship": "近亲属关系",
    "other": "其他可能影响公正评审的关系",
}
STATUSES = {"suggested": "系统提示，待确定", "recused": "已回避", "dismissed": "不需回避"}


@dataclass(frozen=True)
class Line:
    """One recusal as the desk lists it; names are looked up by the seat's and the item's ids."""

    recusal: Recusal
    seat: Seat
    item: AgendaItem


def get(session: Session, recusal_id: int | None) -> Recusal:
    return required.row(session, Recusal, recusal_id, "没有找到该回避事项。")


def suggest(session: Session, review: ReviewSession) -> int:
    """Enter every relation that the records show and nobody has spoken of yet; returns how many are new."""
    known = {(line.seat.id, line.item.id) for line in lines(session, review.id)}
    now = clock.now(session)
    found = {pair: bases for pair, bases in relations.of_session(session, review.id).items() if pair not in known}
    session.add_all(
        Recusal(seat_id=seat_id, item_id=item_id, status="suggested", basis=list(bases), at=now)
        for (seat_id, item_id), bases in sorted(found.items())
    )
    session.flush()
    return len(found)


def lines(session: Session, review_id: int) -> list[Line]:
    """By item, then by seat; one statement."""
    wanted = (
        select(Recusal, Seat, AgendaItem)
        .join(Seat, Seat.id == Recusal.seat_id)
        .join(AgendaItem, AgendaItem.id == Recusal.item_id)
        .where(AgendaItem.session_id == review_id)
        .order_by(AgendaItem.place, Seat.number)
    )
    return [Line(*row) for row in session.execute(wanted)]


def decide(session: Session, recusal: Recusal, *, recused: bool, reason: str) -> None:
    """The chair settles a suggestion, with a reason where the relation is found not to matter.

    What an expert has declared himself is his duty and stands (R-192); what was voted on stays as it was.
    """
    item = session.get_one(AgendaItem, recusal.item_id)
    if recusal.status == "recused" and not recused:
        raise Refused(Problem("declared", "评审专家本人申请的回避不能取消。", clause="N1 §二(三)；R-192"))
    if item.status == "voted":
        raise Refused(Problem("voted", "该申报人已经表决，不能再变更回避。"))
    if not recused and not reason.strip():
        raise Refused(Problem("missing", "请说明不需回避的理由。", "reason"))
    recusal.status, recusal.at = "recused" if recused else "dismissed", clock.now(session)
    recusal.reason = reason.strip() or None
    session.flush()


def pairs(session: Session, review_id: int) -> set[tuple[int, int]]:
    """(seat, item) of those who stand back or may have to."""
    return {(line.seat.id, line.item.id) for line in lines(session, review_id) if line.recusal.status != "dismissed"}


def short(session: Session, review: ReviewSession) -> dict[int, str]:
    """Listed items that recusals leave without a quorum among those present → why they are to be deferred (§8-4)."""
    rules = sessions.rules_of(session, review)
    size, here = sessions.size_of(session, review, rules), {seat.id for seat in seats.present(session, review.id)}
    if not rules.quorate(len(here), size):
        return {}  # nobody may vote on anything: the session is put off, not its items
    away = _away(lines(session, review.id), here)
    counted = {item_id: rules.counted(len(here), count) for item_id, count in away.items()}
    return {
        item_id: f"{away[item_id]}名评委回避后有{left}人，未达到应到{size}人的法定出席人数"
        for item_id, left in counted.items()
        if not rules.quorate(left, size)
    }


def defer_short(session: Session, review: ReviewSession) -> list[AgendaItem]:
    """Put off every listed item that recusals leave without a quorum; gives them."""
    reasons = short(session, review)
    found = [item for item in agenda.items(session, review.id, "listed") if item.id in reasons]
    for item in found:
        agenda.defer(session, item, reasons[item.id])
    session.flush()
    return found


def require_decided(session: Session, review: ReviewSession) -> None:
    """Refused while a suggestion about somebody present and something listed is neither taken up nor dismissed."""
    here = {seat.id for seat in seats.present(session, review.id)}
    left = [
        line
        for line in lines(session, review.id)
        if line.recusal.status == "suggested" and line.item.status == "listed" and line.seat.id in here
    ]
    if left:
        message = f"还有{len(left)}项系统提示的回避关系没有确定，请由主持人逐项确定。"
        raise Refused(Problem("suggested", message, clause="N1 §二(三)；R-192"))


def _away(found: list[Line], here: set[int]) -> Mapping[int, int]:
    """Listed item → how many of those present stand back from it."""
    away: dict[int, int] = {}
    for line in found:
        if line.recusal.status == "recused" and line.item.status == "listed" and line.seat.id in here:
            away[line.item.id] = away.get(line.item.id, 0) + 1
    return away
