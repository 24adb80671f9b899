"""议程: the declarations before a session, found by a query, in an order, and what becomes of each (D15)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, func, select, true, update
from sqlalchemy.orm import Session

from app.domain import declarations, required, statuses
from app.domain.reviews import sessions
from app.domain.suspended import is_suspended
from app.errors import Problem, Refused
from app.models.declaration import Declaration
from app.models.notice import Committee
from app.models.people import Person
from app.models.review import AgendaItem, Panel, ReviewSession

READY = ("READY", "DEFERRED", "REOPENED")  # paid and waiting, put off by an earlier session, to be reviewed anew
STATUSES = {"listed": "待表决", "deferred": "暂缓表决", "voted": "已表决", "dropped": "已移出议程"}
LEVELS = ("full_senior", "associate_senior", "intermediate", "junior")  # the order of an agenda
_FETCH = {"synchronize_session": "fetch"}


@dataclass(frozen=True)
class Line:
    """One item as lists show it."""

    item: AgendaItem
    declaration: Declaration
    applicant: str
    panel: str | None


@dataclass(frozen=True)
class Waiting:
    """A committee with `count` declarations that no session has taken up."""

    notice_version_id: int
    committee_id: int
    name: str
    count: int


def waiting(session: Session, convening_keys: Iterable[str]) -> list[Waiting]:
    """The committees of these bodies for which declarations are ready, by name; one statement."""
    version, row = func.max(Declaration.notice_version_id), func.max(Committee.id)
    wanted = (
        select(version, row, func.max(Committee.name), func.count(Declaration.id))
        .join(Committee, Committee.id == Declaration.committee_id)
        .where(Committee.convening_key.in_(list(convening_keys)), *_ready(), Declaration.id.not_in(_taken()))
        .group_by(Committee.notice_id, Committee.no)
        .order_by(func.max(Committee.name))
    )
    return [Waiting(*found) for found in session.execute(wanted)]


def get(session: Session, item_id: int | None) -> AgendaItem:
    return required.row(session, AgendaItem, item_id, "没有找到该议程事项。")


def build(session: Session, review: ReviewSession) -> int:
    """Add every ready declaration of the committee that is before no other session; returns how many are listed.

    By level from the highest, then by acceptance number; called again it adds those that became ready meanwhile.
    """
    last = session.scalar(select(func.max(AgendaItem.place)).where(AgendaItem.session_id == review.id)) or 0
    waiting = session.scalars(_waiting(session, review)).all()
    places = enumerate(waiting, last + 1)
    session.add_all(AgendaItem(session_id=review.id, declaration_id=each, place=place) for place, each in places)
    session.flush()
    return len(items(session, review.id, "listed"))


def fix(session: Session, review: ReviewSession, confirmed: int | None) -> int:
    """The agenda as the office confirmed it, without what has ended; returns how many are listed.

    Refused where the number is another (somebody's declaration ended, or one more became ready), and for none at all.
    """
    drop_ended(session, review)
    listed = len(items(session, review.id, "listed"))
    if listed == 0:
        raise Refused(Problem("empty", "议程中没有待表决的申报人，不能召开会议。可以取消会议。"))
    if confirmed is not None and confirmed != listed:
        message = f"议程现列{listed}人，您确认的为{confirmed}人，请核对议程后再办。"
        raise Refused(Problem("count", message, "confirmed_count"))
    return listed


def items(session: Session, review_id: int, *wanted: str) -> list[AgendaItem]:
    """The items in their order, of these statuses only where some are named."""
    query = select(AgendaItem).where(AgendaItem.session_id == review_id)
    if wanted:
        query = query.where(AgendaItem.status.in_(wanted))
    return list(session.scalars(query.order_by(AgendaItem.place)))


def lines(session: Session, review_id: int, item_id: int | None = None) -> list[Line]:
    """Every item (or the one) with its declaration, applicant and panel; one statement."""
    query = (
        select(AgendaItem, Declaration, Person.name, Panel.name)
        .join(Declaration, Declaration.id == AgendaItem.declaration_id)
        .join(Person, Person.id == Declaration.person_id)
        .outerjoin(Panel, Panel.id == AgendaItem.panel_id)
        .where(AgendaItem.session_id == review_id, AgendaItem.id == item_id if item_id else true())
        .order_by(AgendaItem.place)
    )
    return [Line(*row) for row in session.execute(query)]


def drop_ended(session: Session, review: ReviewSession) -> int:
    """Take out what has ended since it was listed (a founded complaint, R-193); returns how many went."""
    ended = select(Declaration.id).where(Declaration.ended_as.is_not(None))
    gone = (AgendaItem.status.in_(("listed", "deferred"))) & AgendaItem.declaration_id.in_(ended)
    wanted = update(AgendaItem).where(AgendaItem.session_id == review.id, gone)
    done = session.execute(wanted.values(status="dropped", reason="申报已办结"), execution_options=_FETCH)
    return int(done.rowcount)  # type: ignore[attr-defined]


def drop(session: Session, declaration: Declaration) -> None:
    """The declaration has ended: it leaves whatever agenda it stands on, unless it was voted on already."""
    standing = (AgendaItem.declaration_id == declaration.id) & AgendaItem.status.in_(("listed", "deferred"))
    words = f"申报已办结：{statuses.label(declaration.ended_as)}" if declaration.ended_as else "申报已办结"
    session.execute(update(AgendaItem).where(standing).values(status="dropped", reason=words), execution_options=_FETCH)


def defer(session: Session, item: AgendaItem, reason: str) -> None:
    """暂缓表决: not voted on in this session; the declaration waits for the next one."""
    item.status, item.reason = "deferred", reason
    declarations.set_status_of(session, [item.declaration_id], "DEFERRED")


def take_up(session: Session, review: ReviewSession) -> None:
    """The session has opened: what is listed is 评审中."""
    declarations.set_status_of(session, _declarations(items(session, review.id, "listed")), "IN_SESSION")


def put_back(session: Session, review: ReviewSession) -> None:
    """The session is put off or called off: what is listed waits again."""
    declarations.set_status_of(session, _declarations(items(session, review.id, "listed")), "READY")


def _declarations(found: Iterable[AgendaItem]) -> list[int]:
    return [item.declaration_id for item in found]


def _ready() -> tuple[ColumnElement[bool], ...]:
    standing_still = is_suspended(Declaration.instance_id)
    return (Declaration.status.in_(READY), Declaration.ended_as.is_(None), ~standing_still)


def _taken(review_id: int | None = None) -> Select[int]:
    """Declarations that stand before some session, or ever stood before this one."""
    items = select(AgendaItem.declaration_id).join(ReviewSession, ReviewSession.id == AgendaItem.session_id)
    standing = AgendaItem.status.in_(("listed", "voted")) & (ReviewSession.status != "cancelled")
    return items.where(standing if review_id is None else standing | (ReviewSession.id == review_id))


def _waiting(session: Session, review: ReviewSession) -> Select[int]:
    row = sessions.committee_of(session, review)
    revisions = select(Committee.id).where(Committee.notice_id == row.notice_id, Committee.no == row.no)
    found = select(Declaration.id).where(
        Declaration.committee_id.in_(revisions), *_ready(), Declaration.id.not_in(_taken(review.id))
    )
    places = {level: place for place, level in enumerate(LEVELS)}
    highest_first = case(places, value=Declaration.level, else_=len(LEVELS))
    return found.order_by(highest_first, Declaration.acceptance_no, Declaration.id)
