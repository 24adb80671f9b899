"""The demo's clock forward: frozen or running, through everything due, each at its own instant, never back."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.errors import Refused
from app.models.process import ClockOffset, Event, Message
from app.processes import fast_forward
from tests.support import desk

Freeze = Callable[[Session, str], Any]


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


@pytest.fixture
def world(database: Database, freeze: Freeze) -> Database:
    """Two declarations at one desk, a day apart; their checks fall due on 17 and 18 October."""
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        version = desk.open_desk(session)
        desk.arrive(session, version)
    with database.transaction() as session:
        freeze(session, "2023-10-10 09:00:00")
        desk.arrive(session, version, "li.yue")
    return database


def run_on(database: Database) -> None:
    """Let the clock run from where it stands."""
    with database.transaction() as session:
        now = clock.now(session)
        row = session.get_one(ClockOffset, 1)
        row.frozen_us = None
        row.offset_us = clock.microseconds(now) - clock.microseconds(clock.real(session))


def fired(database: Database) -> list[str]:
    with database.reading() as session:
        rows = session.scalars(select(Event.at).where(Event.kind == "timer").order_by(Event.id))
        return [clock.local(at).strftime("%m-%d %H:%M:%S") for at in rows]


def now(database: Database) -> datetime:
    with database.reading() as session:
        return clock.now(session)


def test_coming_names_the_earliest(world: Database) -> None:
    with world.reading() as session:
        assert fast_forward.coming(session) == fast_forward.Coming(wall("2023-10-17 00:00"), "单位审核期限（张林）")
        assert fast_forward.next_instant(session) == wall("2023-10-17 00:00")


def test_message_that_expires_comes_too(world: Database) -> None:
    with world.transaction() as session:
        expiry = wall("2023-10-11 12:00")
        session.add(Message(name="late", receiver_id=1, sent_at=clock.now(session), expires_at=expiry))
    with world.reading() as session:
        assert fast_forward.next_instant(session) == expiry
        assert fast_forward.coming(session) == fast_forward.Coming(wall("2023-10-17 00:00"), "单位审核期限（张林）")
    assert fast_forward.advance_to(world, expiry) == 1
    with world.reading() as session:
        assert session.scalars(select(Message.status)).all() == ["unhandled"]
        assert fast_forward.next_instant(session) == wall("2023-10-17 00:00")


def test_frozen_clock_stops_at_everything_due_on_the_way(world: Database) -> None:
    fast_forward.advance_to(world, wall("2023-10-31 17:30"))
    assert fired(world) == ["10-17 00:00:00", "10-18 00:00:00"]
    assert now(world) == wall("2023-10-31 17:30")


def test_frozen_clock_short_of_an_instant_lets_nothing_happen(world: Database) -> None:
    fast_forward.advance_to(world, wall("2023-10-16 23:59:59"))
    assert fired(world) == []
    fast_forward.advance_to(world, wall("2023-10-17 00:00:00"))
    assert fired(world) == ["10-17 00:00:00"]


def test_running_clock_does_the_same_and_runs_on(world: Database) -> None:
    run_on(world)
    fast_forward.advance_to(world, wall("2023-10-31 17:30"))
    assert fired(world) == ["10-17 00:00:00", "10-18 00:00:00"]
    first = now(world)
    time.sleep(0.005)  # SQLite tells milliseconds
    assert first >= wall("2023-10-31 17:30")
    assert now(world) > first


def test_clock_without_a_row_gets_one(world: Database) -> None:
    with world.transaction() as session:
        session.execute(delete(ClockOffset))
    target = wall("2099-01-01 00:00")
    fast_forward.advance_to(world, target)
    assert now(world) >= target


@pytest.mark.parametrize("running", [False, True])
def test_clock_never_goes_back(world: Database, running: bool) -> None:
    if running:
        run_on(world)
    before = now(world)
    with pytest.raises(Refused) as refused:
        fast_forward.advance_to(world, wall("2023-10-10 08:59"))
    assert refused.value.problems[0].message == "演示时钟只能快进，不能早于现在的2023年10月10日09:00。"
    assert now(world) >= before


def test_nothing_ahead_is_none(world: Database) -> None:
    fast_forward.advance_to(world, wall("2023-10-31 17:30"))
    with world.reading() as session:
        assert fast_forward.coming(session) is None
