"""The one clock, and that nobody else asks for the time."""

import ast
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.models.process import ClockOffset

APP = Path(clock.__file__).parent
ASKING = {"now", "utcnow", "today", "fromtimestamp", "time", "time_ns", "localtime", "gmtime"}
ASKED = {"datetime", "date", "time", "dt", "func"}
ALLOWED = {
    "app/clock.py": "it is the clock",
}
SQL_TIME = ("CURRENT_TIMESTAMP", "clock_timestamp(", "datetime('now'", "strftime('%", "NOW()")


def test_now_is_the_same_all_through_a_transaction(database: Database) -> None:
    with database.transaction() as session:
        first = clock.now(session)
        assert (clock.now(session), clock.instant()) == (first, first)
        assert first.tzinfo is UTC


def test_clock_without_offset_is_the_databases_time(database: Database) -> None:
    with database.reading() as session:
        assert abs(clock.now(session) - datetime.now(UTC)) < timedelta(seconds=5)


def test_offset_moves_the_clock_and_it_runs_on(database: Database) -> None:
    with database.transaction() as session:
        session.add(ClockOffset(id=1, offset_us=-86_400_000_000))
    with database.reading() as session:
        first = clock.now(session)
        assert abs(clock.real(session) - timedelta(days=1) - first) < timedelta(seconds=5)
    with database.reading() as session:
        assert clock.now(session) >= first


def test_frozen_clock_stands_still(database: Database, freeze: Callable[[Session, str], datetime]) -> None:
    with database.transaction() as session:
        freeze(session, "2023-10-31 23:59:59")
    for _ in range(2):
        with database.reading() as session:
            assert clock.local(clock.now(session)).isoformat() == "2023-10-31T23:59:59+08:00"


def test_real_time_knows_no_offset(database: Database, freeze: Callable[[Session, str], datetime]) -> None:
    with database.transaction() as session:
        freeze(session, "2023-10-31 23:59:59")
        assert abs(clock.real(session) - datetime.now(UTC)) < timedelta(seconds=5)


def test_instant_ends_with_the_transaction(database: Database) -> None:
    with database.transaction() as session:
        clock.now(session)
    with pytest.raises(RuntimeError, match="no transaction"):
        clock.instant()


def test_instant_ends_with_a_failed_transaction_too(database: Database) -> None:
    def fail() -> None:
        with database.transaction() as session:
            clock.now(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with pytest.raises(RuntimeError):
        clock.instant()


def test_held_instant_counts_for_the_rest_of_the_transaction(database: Database) -> None:
    moment = datetime(2023, 10, 17, tzinfo=UTC)
    with database.transaction() as session:
        clock.hold(session, moment)
        assert (clock.now(session), clock.instant()) == (moment, moment)
    with database.reading() as session:
        assert clock.now(session) != moment


def test_microseconds_of_an_instant_come_back_from_the_row(sqlite_database: Database) -> None:
    moment = datetime(2023, 10, 17, 1, 2, 3, 456789, tzinfo=UTC)
    with sqlite_database.transaction() as session:
        session.add(ClockOffset(id=1, offset_us=0, frozen_us=clock.microseconds(moment)))
    with sqlite_database.reading() as session:
        assert session.scalars(select(ClockOffset.frozen_us)).one() == clock.microseconds(moment)
        assert clock.now(session) == moment


def test_no_other_code_asks_for_the_time() -> None:
    found = [f"{name}:{line}" for name, line in _askers()]
    assert found == []


def test_every_exception_still_asks_for_the_time() -> None:
    asking = {name for name, _ in _askers(allowed=True)}
    assert asking == set(ALLOWED)


def _askers(*, allowed: bool = False) -> Iterator[tuple[str, int]]:
    for path in sorted(APP.rglob("*.py")):
        name = path.relative_to(APP.parent).as_posix()
        if (name in ALLOWED) is not allowed:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if _asks(node):
                yield name, node.lineno  # type: ignore[attr-defined]


def _asks(node: ast.AST) -> bool:
    """`datetime.now()`, `time.time()`, `func.now()` and the like; SQL that does it in words."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return any(words in node.value for words in SQL_TIME)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    owner = node.func.value
    last = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return node.func.attr in ASKING and last in ASKED
