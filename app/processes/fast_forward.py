"""The demo's clock moved forward: from due instant to due instant, each done by the ordinary tick (D11)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app import clock
from app.db import Database
from app.domain import explanations, wording
from app.domain.deadline_rows import OF_NOTICE
from app.errors import Problem, Refused
from app.models.declaration import Declaration
from app.models.notice import Committee, NoticeVersion
from app.models.people import Person
from app.models.process import ClockOffset, Deadline, Message, ProcessInstance
from app.processes import timers
from app.processes.tick import tick

WINDOWS = {
    "declare": "网上申报",
    "check": "审核",
    "corrections": "仅受理补正",
    "pay": "缴费",
    "paper": "递交纸质材料",
}
EDGES = {"from": "开始", "until": "截止"}
BATCH = 10_000


@dataclass(frozen=True)
class Coming:
    """The next instant at which something falls due, and what."""

    at: datetime
    what: str


def coming(session: Session) -> Coming | None:
    """What is next for people: a deadline, a timer, the edge of a window, a notice in force; or None."""
    now = clock.now(session)
    looks = (_next_deadline, _next_timer, _next_window, _next_version)
    found = [one for look in looks if (one := look(session, now)) is not None]
    return min(found, key=lambda one: one.at, default=None)


def next_instant(session: Session) -> datetime | None:
    """When the next thing falls due, a message that nobody took among them; None when nothing is ahead."""
    found, expiry = coming(session), session.scalar(_MESSAGE, {"now": clock.now(session)})
    return min((at for at in (found and found.at, expiry) if at), default=None)


def advance_to(database: Database, moment: datetime) -> int:
    """Move the clock forward to `moment`, running or frozen, stopping at everything due on the way.

    Returns how many rows were worked on. Refused for a moment that lies behind.
    """
    with database.reading() as session:
        _refuse_backwards(clock.now(session), moment)
    worked = tick(database)  # what is due already belongs to the time before
    with database.reading() as session:
        stop = next_instant(session)
    while stop is not None and stop <= moment:
        worked += _step(database, stop)
        with database.reading() as session:
            stop = next_instant(session)
    with database.reading() as session:
        arrived = clock.now(session) >= moment
    return worked if arrived else worked + _step(database, moment)


def _step(database: Database, moment: datetime) -> int:
    """Stand at `moment` and do all that is due.

    Timers are claimed in the transaction that moves the clock: no other worker can still hold one when it moves on.
    """
    with database.transaction() as session:
        _stand(session, moment)
        leased = timers.lease(session, BATCH)
    fired = sum(timers.fire(database, item) for item in leased)
    return fired + tick(database)


def _stand(session: Session, moment: datetime) -> None:
    """A running clock may have passed `moment` by itself meanwhile; it is never set back."""
    row = session.get(ClockOffset, 1, with_for_update=True)
    if row is None:
        row = ClockOffset(id=1, offset_us=0)
        session.add(row)
    if clock.now(session) >= moment:
        return
    if row.frozen_us is not None:
        row.frozen_us = clock.microseconds(moment)
    else:
        row.offset_us = clock.microseconds(moment) - clock.microseconds(clock.real(session))
    session.flush()
    session.info.pop("now", None)
    clock.now(session)


def _refuse_backwards(now: datetime, moment: datetime) -> None:
    if moment < now:
        words = wording.moment_words(now)
        raise Refused(Problem("backwards", f"演示时钟只能快进，不能早于现在的{words}。", "moment"))


def _next_deadline(session: Session, now: datetime) -> Coming | None:
    row = session.execute(_DEADLINE, {"now": now}).first()
    if row is None:
        return None
    meaning = explanations.meaning(session, row.notice_version_id, row.rule)
    return Coming(row.due_at, f"{meaning}（{row.name}）" if row.name else meaning)


def _next_timer(session: Session, now: datetime) -> Coming | None:
    due_at = timers.next_due(session, now)
    return None if due_at is None else Coming(due_at, "定时办理的事项")


def _next_version(session: Session, now: datetime) -> Coming | None:
    at = session.scalar(_VERSION, {"now": now})
    return None if at is None else Coming(at, "通知（补充通知）施行")


def _next_window(session: Session, now: datetime) -> Coming | None:
    row = session.execute(_WINDOWS, {"now": now}).one()
    found = [(at, f"{WINDOWS[name]}{EDGES[edge]}") for at, (name, edge) in zip(row, _EDGES, strict=True) if at]
    return Coming(*min(found)) if found else None


def _ahead(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    return func.min(case((column > bindparam("now"), column)))


# built once: the banner of every page of the demo asks them all
_EDGES = [(name, edge) for name in WINDOWS for edge in EDGES]
_DEADLINE = (
    select(Deadline.due_at, Deadline.rule, ProcessInstance.notice_version_id, Person.name)
    .join(ProcessInstance, ProcessInstance.id == Deadline.instance_id)
    .outerjoin(Declaration, Declaration.id == Deadline.declaration_id)
    .outerjoin(Person, Person.id == Declaration.person_id)
    .where(Deadline.due_at > bindparam("now"), Deadline.closed_at.is_(None), OF_NOTICE)
    .order_by(Deadline.due_at, Deadline.id)
    .limit(1)
)
_MESSAGE = select(func.min(Message.expires_at)).where(
    Message.expires_at > bindparam("now"), Message.status == "pending"
)
_VERSION = select(func.min(NoticeVersion.effective_at)).where(NoticeVersion.effective_at > bindparam("now"))
_WINDOWS = select(*(_ahead(getattr(Committee, f"{name}_{edge}")) for name, edge in _EDGES)).where(
    Committee.superseded_at.is_(None)
)
