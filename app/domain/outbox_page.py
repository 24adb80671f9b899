"""消息发送 as the administrator works with it: what went out, what did not and why, sending again, giving up."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app import clock
from app.domain.deadline_rules import opening
from app.domain.outbox import STATUSES, TROUBLED
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.notification import Notification
from app.models.outbox import Delivery
from app.models.people import Person

PAGE = 30
MANY = 100  # of what is in trouble no more are counted on every page
ALL = "all"
_handler = aliased(Person)


@dataclass(frozen=True)
class Filter:
    """`status` empty: what is in trouble; ALL: everything; else a key of STATUSES. `cause` as `Delivery.cause`."""

    status: str = ""
    channel: str = ""
    event: str = ""
    receiver: str = ""
    since: date | None = None
    cause: str = ""


@dataclass(frozen=True)
class Line:
    """One delivery as the administrator reads it; `handler` last sent it again or gave it up."""

    delivery: Delivery
    receiver: str
    title: str
    handler: str | None


@dataclass(frozen=True)
class Cause:
    """How many letters of a channel stand where they are for the same reason."""

    channel: str
    status: str
    words: str
    count: int


def lines(session: Session, by: Filter, page: int) -> tuple[list[Line], int]:
    """The newest first, and how many there are."""
    rows = session.execute(
        _filtered(select(Delivery, Person.name, Notification.title, _handler.name), by)
        .outerjoin(_handler, _handler.id == Delivery.handled_by)
        .order_by(Delivery.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    total = session.scalar(_filtered(select(func.count(Delivery.id)), by)) or 0
    return [Line(*row) for row in rows], total


def causes(session: Session, by: Filter) -> list[Cause]:
    """What is in trouble by cause, the most frequent first."""
    columns = (Delivery.channel, Delivery.status, func.coalesce(Delivery.cause, ""))
    wanted = _filtered(select(*columns, func.count(Delivery.id)), by).where(Delivery.status.in_(TROUBLED))
    rows = session.execute(wanted.group_by(*columns).order_by(func.count(Delivery.id).desc()).limit(PAGE))
    return [Cause(*row) for row in rows]


def in_trouble(session: Session) -> int:
    """How many letters need a hand, up to MANY."""
    some = select(Delivery.id).where(Delivery.status.in_(TROUBLED)).limit(MANY).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def again(session: Session, delivery_id: int, by: int) -> None:
    """One letter is sent once more; Conflict where it is no longer in trouble."""
    if not _sent_again(session, by, Delivery.id == delivery_id):
        if session.get(Delivery, delivery_id) is None:
            raise NotFound
        raise Conflict("这条消息已在发送或者已经发出，无需重发。")


def send_again(session: Session, by: int, chosen: Collection[int] | Filter, until: int) -> int:
    """The chosen ones, or all that the filter finds up to the number `until`; returns how many."""
    return _sent_again(session, by, _those(chosen, until))


def give_up(session: Session, by: int, chosen: Collection[int] | Filter, until: int, reason: str) -> int:
    """Never to be sent, and why; returns how many. Refused without a reason."""
    if not reason.strip():
        raise Refused(Problem("missing", "请填写不再发送的原因。", "reason"))
    return _handled(session, by, _those(chosen, until), reason.strip(), status="given_up", postponed=None)


def _sent_again(session: Session, by: int, those: ColumnElement[bool]) -> int:
    fresh = {"attempts": 0, "due_at": clock.now(session), "lease_by": None}
    return _handled(session, by, those, "", status="waiting", **fresh)


def _handled(session: Session, by: int, those: ColumnElement[bool], note: str, **values: Any) -> int:
    """One statement; a letter that somebody sends again meanwhile is left alone."""
    session.flush()
    done: Update = update(Delivery).where(Delivery.status.in_(TROUBLED), those)
    done = done.values(handled_by=by, handled_at=clock.now(session), handled_note=note, **values)
    result: Any = session.execute(done.execution_options(synchronize_session=False))
    return int(result.rowcount)


def _those(chosen: Collection[int] | Filter, until: int) -> ColumnElement[bool]:
    if isinstance(chosen, Filter):
        return Delivery.id.in_(_filtered(select(Delivery.id), chosen).where(Delivery.id <= until))
    return Delivery.id.in_(list(chosen))


def _filtered(wanted: Any, by: Filter) -> Any:
    rows: Select[Any] = wanted.select_from(Delivery).join(Notification, Notification.id == Delivery.notification_id)
    rows = rows.join(Person, Person.id == Notification.person_id)
    if by.status != ALL:
        rows = rows.where(Delivery.status.in_([by.status] if by.status in STATUSES else TROUBLED))
    if by.channel:
        rows = rows.where(Delivery.channel == by.channel)
    if by.event:
        rows = rows.where(Notification.template == by.event)
    if by.receiver:
        rows = rows.where(or_(Person.name.icontains(by.receiver, autoescape=True), Person.account == by.receiver))
    if by.since:
        rows = rows.where(Notification.created_at >= opening(by.since))
    if by.cause:
        rows = rows.where(Delivery.cause == by.cause)
    return rows
