"""An incident's retry from the browser's side: what the person reads meanwhile, what the manager ticks."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database
from app.models.process import Incident
from app.processes.tick import tick
from tests.support import desk
from tests.support.website import enter, site

Freeze = Callable[[Session, str], Any]
BREAKING = {"values": {"decision": "pass", "opinion": "break"}}
TICKED = {"action": "retry", "incident": ["1"]}


@pytest.fixture
def app(settings: Settings, database: Database, freeze: Freeze) -> Flask:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        desk.arrive(session, desk.open_desk(session))
    return site(settings, database)


def incident(app: Flask) -> Incident:
    with app.extensions["database"].reading() as session:
        return session.scalars(select(Incident)).one()


def test_stopped_completion_waits_for_repair_until_its_person_edits(app: Flask) -> None:
    clerk, manager = enter(app, desk.CLERK), enter(app, "manager")
    assert clerk.post("/tasks/1/complete", json=BREAKING, headers={"Idempotency-Key": "k1"}).status_code == 500
    page = clerk.get("/tasks/1").text
    assert "正等待管理人员修复后代为重试" in page
    assert '"opinion": "break"' in page
    assert "可重试" not in manager.get("/incidents").text  # all of it can
    assert "白若溪的办理等待重试" in manager.get("/incidents/1").text
    batch = manager.post("/batch-actions", data=TICKED).headers["Location"]
    manager.post(f"{batch}/start")
    tick(app.extensions["database"])
    assert "未办成 1" in manager.get(batch).text
    assert "已试2次" in manager.get("/incidents/1").text
    clerk.post("/tasks/1/draft", json={"values": {"opinion": "齐全"}, "token": None})
    assert "正等待管理人员修复" not in clerk.get("/tasks/1").text
    assert "可重试0" in manager.get("/incidents").text
    assert incident(app).attempt is None


def test_retry_without_a_choice_is_refused(app: Flask) -> None:
    answer = enter(app, "manager").post("/batch-actions", data={"action": "retry"})
    assert answer.status_code == 422
    assert "请先勾选" in answer.text


def test_only_managers_retry(app: Flask) -> None:
    clerk = enter(app, desk.CLERK)
    clerk.post("/tasks/1/complete", json=BREAKING)
    assert clerk.post("/batch-actions", data=TICKED).status_code == 403
    assert incident(app).attempts == 1
