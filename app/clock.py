"""The one clock: the database's time plus the database's offset, read once per transaction (decision D11).

What else every transaction has to know from its start (which revision of the calendar holds) is read along with it.

Only demo, scenario and rehearsal databases hold the row `clock_offset`; a frozen clock stands still at one instant,
which lets a scenario act at 23:59:59 and at 00:00:00 however long the machine takes.
"""

import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, TextClause, literal_column, text
from sqlalchemy.orm import Session

SHANGHAI = ZoneInfo("Asia/Shanghai")
_instant: ContextVar[datetime | None] = ContextVar("instant", default=None)

_STAMP = {"sqlite": "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')", "postgresql": "clock_timestamp()"}
_OFFSET = tuple(f"(SELECT {name} FROM clock_offset WHERE id = 1)" for name in ("offset_us", "frozen_us"))  # noqa: S608
_along: dict[str, str] = {}
_told: dict[str, Callable[[Session, Any], None]] = {}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now(session: Session) -> datetime:
    """The instant of this transaction, aware and in UTC; every later call in the transaction gives the same one."""
    found: datetime | None = session.info.get("now")
    if found is None:
        found = take(session, session.connection().execute(_reading(*_kind(session))).one())
    return found


def read_along(name: str, scalar: str, tell: Callable[[Session, Any], None] | None = None) -> None:
    """Let every transaction learn `scalar` (SQL) in the same statement that reads its instant: see `along`.

    `tell` is told at once what it was.
    """
    _along[name] = scalar
    if tell is not None:
        _told[name] = tell


def has_read(session: Session, name: str) -> bool:
    """Whether `along` knows it: not where nobody has asked the clock yet, or the instant was given to it."""
    return name in session.info.get("along", ())


def along(session: Session, name: str) -> Any:
    """What was read along with this transaction's instant."""
    return session.info["along"][name]


def columns(session: Session) -> tuple[ColumnElement[Any], ...]:
    """What `take` understands, for a statement that reads the clock on its way."""
    return _literal(*_kind(session))


def take(session: Session, row: Sequence[Any]) -> datetime:
    """Make what `columns` gave the transaction's instant, unless it has one already."""
    if session.info.get("now") is None:
        stamp, offset_us, frozen_us, *others = row
        session.info["along"] = dict(zip(_along, others, strict=True))
        hold(session, _moment(stamp, offset_us, frozen_us))
        for name, tell in _told.items():
            tell(session, session.info["along"][name])
    found: datetime = session.info["now"]
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
    return _utc(session.connection().execute(_reading(*_kind(session))).one()[0])


def machine() -> float:
    """The machine's own seconds, by which the engine orders what arrives at a merge; never anybody's date."""
    return time.time()


def machine_utc() -> datetime:
    """The machine's own date, for signatures that a stranger's server checks; never anybody's deadline."""
    return datetime.fromtimestamp(time.time(), UTC)


def _kind(session: Session) -> tuple[str, tuple[str, ...]]:
    return session.get_bind().dialect.name, tuple(_along.values())


def _columns(dialect: str, known: tuple[str, ...]) -> tuple[str, ...]:
    return (_STAMP[dialect], *_OFFSET, *(f"({scalar})" for scalar in known))


@lru_cache(maxsize=16)
def _literal(dialect: str, known: tuple[str, ...]) -> tuple[ColumnElement[Any], ...]:
    return tuple(literal_column(sql).label(f"clock_{place}") for place, sql in enumerate(_columns(dialect, known)))


@lru_cache(maxsize=16)
def _reading(dialect: str, known: tuple[str, ...]) -> TextClause:
    return text(f"SELECT {', '.join(_columns(dialect, known))}")  # our own words


def _moment(stamp: str | datetime, offset_us: int | None, frozen_us: int | None) -> datetime:
    if frozen_us is not None:
        return _EPOCH + timedelta(microseconds=frozen_us)
    return _utc(stamp) + timedelta(microseconds=offset_us or 0)


def _utc(stamp: str | datetime) -> datetime:
    return datetime.fromisoformat(stamp) if isinstance(stamp, str) else stamp.astimezone(UTC)
