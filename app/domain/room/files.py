"""The files of a seat: which it may open, how far it has come with them, its opinions, and what it has read (B14)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain.reviews import agenda, assignment
from app.domain.reviews.agenda import Line as ItemLine
from app.errors import NotAllowed, Problem, Refused
from app.models.review import AgendaItem, ReviewOpinion, Seat
from app.models.room import Reading

ITSELF = 0  # in the place of an attachment's id: the declaration
LONGEST_BEAT = 120  # seconds that one report of a page may add
NOT_YOURS = "这份材料不在您的评阅范围内，或者您已申请回避。"


@dataclass(frozen=True)
class Line:
    """A file as its reader lists it; `place` counts within his own files from 1."""

    place: int
    item: AgendaItem
    applicant: str
    title: str
    unit_id: int | None
    main: bool
    opinion: ReviewOpinion | None
    read: bool

    @property
    def done(self) -> bool:
        return self.opinion is not None and self.opinion.handed_in_at is not None


def lines(session: Session, seat: Seat) -> list[Line]:
    """指定材料 in the order of the agenda; a fixed number of statements."""
    found = assignment.readable(session, seat)
    opinions = {
        each.item_id: each for each in session.scalars(select(ReviewOpinion).where(ReviewOpinion.seat_id == seat.id))
    }
    opened = set(session.scalars(select(Reading.item_id).where(Reading.seat_id == seat.id)))
    return [
        Line(
            place=place,
            item=line.item,
            applicant=line.applicant,
            title=line.declaration.title or "",
            unit_id=line.declaration.data.get("unit_id"),
            main=line.item.main_reader_id == seat.id,
            opinion=opinions.get(line.item.id),
            read=line.item.id in opened,
        )
        for place, line in enumerate(found, 1)
    ]


def one(session: Session, seat: Seat, item_id: int) -> ItemLine:
    """The file by itself; NotAllowed as `require` says."""
    found = assignment.readable(session, seat, item_id)
    if not found:
        raise NotAllowed(NOT_YOURS)
    return found[0]


def require(found: list[Line], item_id: int) -> Line:
    """The seat's own line of the item; NotAllowed for a file that is not his to read, or from which he stands back."""
    line = next((each for each in found if each.item.id == item_id), None)
    if line is None:
        raise NotAllowed(NOT_YOURS)
    return line


def following(found: list[Line], line: Line) -> Line | None:
    """The next file without an opinion, after this one and then from the beginning."""
    rest = [each for each in (*found[line.place :], *found[: line.place - 1]) if not each.done]
    return rest[0] if rest else None


def save_opinion(
    session: Session,
    seat: Seat,
    line: Line,
    text: str,
    *,
    panel: str | None = None,
    scores: Mapping[str, float] | None = None,
) -> None:
    """保存意见, with the marks where the notice has some given. Refused once the item is decided.

    The main reader writes the panel's opinion besides.
    """
    if line.item.status != "listed":
        raise Refused(Problem("decided", "该申报人已经表决或者移出议程，评议意见不能再改。"))
    if not text.strip():
        raise Refused(Problem("text", "请填写评议意见。", "text"))
    if panel is not None and not line.main:
        raise NotAllowed("专业组意见由主审评委填写。")
    found = line.opinion
    if found is None:
        found = ReviewOpinion(item_id=line.item.id, seat_id=seat.id)
        session.add(found)
    found.text, found.handed_in_at = text.strip(), clock.now(session)
    found.scores = dict(scores or {})
    if panel is not None:
        agenda.get(session, line.item.id).panel_opinion = panel.strip() or None
    session.flush()


def opened(session: Session, seat: Seat, item_id: int, attachment_id: int = ITSELF) -> None:
    """The seat has the file, or one piece of its evidence, before its eyes."""
    _reading(session, seat, item_id, attachment_id).times += 1
    session.flush()


def stayed(session: Session, seat: Seat, item_id: int, attachment_id: int, seconds: int) -> None:
    """It was visible for so many seconds more."""
    _reading(session, seat, item_id, attachment_id).seconds += min(max(seconds, 0), LONGEST_BEAT)
    session.flush()


def coverage(session: Session, item_ids: list[int]) -> dict[tuple[int, int], tuple[int, int]]:
    """(item, seat) → how many papers were opened, and seconds in all: what a recheck asks (错看、漏看)."""
    wanted = (
        select(Reading.item_id, Reading.seat_id, func.count(), func.sum(Reading.seconds))
        .where(Reading.item_id.in_(item_ids))
        .group_by(Reading.item_id, Reading.seat_id)
    )
    return {(item, seat): (papers, int(seconds)) for item, seat, papers, seconds in session.execute(wanted)}


def _reading(session: Session, seat: Seat, item_id: int, attachment_id: int) -> Reading:
    found = session.get(Reading, (seat.id, item_id, attachment_id))
    if found is None:
        found = Reading(seat_id=seat.id, item_id=item_id, attachment_id=attachment_id, times=0, seconds=0)
        found.first_at = clock.now(session)
        session.add(found)
    return found
