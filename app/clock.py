"""The one clock: the database's time plus the database's offset, read once per transaction (decision D11).

Only demo, scenario and rehearsal databases hold the row `clock_offset`; a frozen clock stands still at one instant,
which lets a scenario act at 23:59:59 and at 00:00:00 however long the machine takes.
"""

from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

SHANGHAI = ZoneInfo("Asia/Shanghai")
_instant: ContextVar[datetime | None] = ContextVar("instant", default=None)

_OFFSET = "(SELECT offset_us FROM clock_offset WHERE id = 1), (SELECT frozen_us FROM clock_offset WHERE id = 1)"
_READ = {
    "sqlite": text(f"SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'), {_OFFSET}"),
    "postgresql": text(f"SELECT clock_timestamp(), {_OFFSET}"),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now(session: Session) -> datetime:
    """The instant of this transaction, aware and in UTC; every later call in the transaction gives the same one."""
    found = session.info.get("now")
    if found is None:
        found = _read(session)
        hold(session, found)
    return found


def hold(session: Session, instant: datetime) -> None:
    """Make `instant` the transaction's time; the tick uses it to stand a microsecond past what it claimed (D12)."""
    session.info["now"] = instant
    _instant.set(instant)


def stand_at(instant: datetime) -> None:
    """Make `instant` the time where there is no database: in the child process that tries a diagram."""
    _instant.set(instant)


def release() -> None:
    """The transaction is over: nobody may go on with its instant."""
    _instant.set(None)


def instant() -> datetime:
    """The instant of the transaction that is open in this thread; the engine's clock and templates read this."""
    found = _instant.get()
    if found is None:
        raise RuntimeError("no transaction has read the clock yet")
    return found


def local(moment: datetime) -> datetime:
    """The same instant on the wall clock that the notices mean (Asia/Shanghai)."""
    return moment.astimezone(SHANGHAI)


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970, the unit of `clock_offset`."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def real(session: Session) -> datetime:
    """The database's own time without the offset, for logins alone: a demo's fast-forward must not end them."""
    return _utc(session.execute(_READ[session.get_bind().dialect.name]).one()[0])


def _read(session: Session) -> datetime:
    row: Any = session.execute(_READ[session.get_bind().dialect.name]).one()
    stamp, offset_us, frozen_us = row
    if frozen_us is not None:
        return _EPOCH + timedelta(microseconds=frozen_us)
    return _utc(stamp) + timedelta(microseconds=offset_us or 0)


def _utc(stamp: str | datetime) -> datetime:
    return datetime.fromisoformat(stamp) if isinstance(stamp, str) else stamp.astimezone(UTC)
