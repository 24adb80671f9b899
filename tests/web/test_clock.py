"""The demo's clock: the banner on every page, fast-forward, never backwards, nothing of it in production."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.config import Settings
from app.db import Database
from app.models.process import Event
from tests.support import desk
from tests.support.website import enter, site

Freeze = Callable[[Session, str], Any]


@pytest.fixture
def world(database: Database, freeze: Freeze) -> Database:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        desk.arrive(session, desk.open_desk(session))
    return database


@pytest.fixture
def app(settings: Settings, world: Database) -> Flask:
    return site(settings, world)


def wall(database: Database) -> str:
    with database.reading() as session:
        return clock.local(clock.now(session)).strftime("%Y-%m-%d %H:%M:%S")


def fired(database: Database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(Event.id).where(Event.kind == "timer")).all())


def test_banner_stands_on_every_page(app: Flask) -> None:
    client = enter(app, desk.CLERK)
    for path in ("/tasks", "/tasks/done", "/tasks/1", "/identity", "/notifications", "/tasks/999"):
        page = client.get(path).text
        assert "演示时钟" in page
        assert "2023年10月9日09:00</time> 周一 · 工作日" in page
        assert "2023年10月17日00:00：单位审核期限（张林）" in page
    assert "演示时钟" in app.test_client().get("/login").text


def test_banner_names_a_rest_day(app: Flask, world: Database, freeze: Freeze) -> None:
    with world.transaction() as session:
        freeze(session, "2023-10-01 09:00:00")
    assert "周日 · 休息日（国庆节）" in app.test_client().get("/login").text


def test_next_goes_to_the_coming_deadline_and_lets_it_happen(app: Flask, world: Database) -> None:
    answer = enter(app, desk.CLERK).post("/clock/next", data={"back": "/tasks?level=intermediate"})
    assert (answer.status_code, answer.location) == (302, "/tasks?level=intermediate")
    assert wall(world) == "2023-10-17 00:00:00"
    assert fired(world) == 1


def test_next_with_nothing_ahead_says_so(app: Flask, world: Database) -> None:
    client = enter(app, desk.CLERK)
    client.post("/clock/next")
    page = client.post("/clock/next", data={"back": "/tasks"}, follow_redirects=True).text
    assert "没有等待到期的事项。" in page
    assert wall(world) == "2023-10-17 00:00:00"


def test_set_goes_to_the_moment_through_what_is_due(app: Flask, world: Database) -> None:
    answer = enter(app, desk.CLERK).post("/clock/set", data={"moment": "2023-10-20T17:30", "back": "//elsewhere.test"})
    assert (answer.status_code, answer.location) == (302, "/")
    assert wall(world) == "2023-10-20 17:30:00"
    assert fired(world) == 1
    with world.reading() as session:
        at = session.scalars(select(Event.at).where(Event.kind == "timer")).one()
        assert at == datetime.fromisoformat("2023-10-17T00:00:00.000001+08:00")


@pytest.mark.parametrize("moment", ["2023-10-08T09:00", "", "tomorrow", "2023-13-01T00:00"])
def test_clock_never_goes_backwards_or_nowhere(app: Flask, world: Database, moment: str) -> None:
    assert enter(app, desk.CLERK).post("/clock/set", data={"moment": moment}).status_code == 422
    assert wall(world) == "2023-10-09 09:00:00"


def test_stranger_cannot_move_the_clock(app: Flask, world: Database) -> None:
    assert app.test_client().post("/clock/next").status_code == 401
    assert wall(world) == "2023-10-09 09:00:00"


def test_production_has_no_such_clock(settings: Settings, world: Database) -> None:
    client = enter(site(replace(settings, mode="production"), world), desk.CLERK)
    assert "演示时钟" not in client.get("/tasks", base_url="https://localhost").text
    for door in ("next", "set"):
        assert client.post(f"/clock/{door}", data={"moment": "2023-10-20T17:30"}).status_code == 404
    assert wall(world) == "2023-10-09 09:00:00"
