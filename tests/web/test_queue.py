"""Working through a queue: several claimed at once, the place among all of the run, evidence that was looked at."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database
from app.domain import people
from app.models.attachment import Attachment, EvidenceMark
from app.models.declaration import Declaration
from app.models.process import Task
from tests.support import desk
from tests.support.website import enter, site

Freeze = Callable[[Session, str], Any]
PEOPLE = ("zhang.lin", "li.yue", "wang.hao")


@pytest.fixture
def app(settings: Settings, database: Database, freeze: Freeze) -> Flask:
    """Three declarations at the desk, as tasks 1, 2 and 3."""
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        version = desk.open_desk(session)
        for account in PEOPLE:
            desk.arrive(session, version, account)
    return site(settings, database)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return enter(app, desk.CLERK)


def holders(app: Flask) -> list[str]:
    """Account of who holds each task, in their order."""
    with app.extensions["database"].reading() as session:
        held = session.scalars(select(Task.person_id).order_by(Task.id)).all()
        return [people.get(session, each).account if each else "" for each in held]


def test_several_are_claimed_and_given_back_at_once(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/tasks/hold?level=intermediate&page=1", data={"task": ["1", "3"], "act": "claim"})
    assert (answer.status_code, answer.location) == (302, "/tasks?level=intermediate&page=1")
    assert holders(app) == [desk.CLERK, "", desk.CLERK]
    assert "已认领2件。" in client.get("/tasks").text
    client.post("/tasks/hold", data={"task": ["1", "2"], "act": "unclaim"})
    assert holders(app) == ["", "", desk.CLERK]
    assert "已放回1件。其余1件不是您认领的，没有变动。" in client.get("/tasks").text


def test_what_belongs_to_others_is_counted_and_left(app: Flask, client: FlaskClient) -> None:
    client.post("/tasks/hold", data={"task": ["2"], "act": "claim"})
    stranger = enter(app, desk.STRANGER)
    stranger.post("/tasks/hold", data={"task": ["1", "2"], "act": "claim"})
    stranger.post("/tasks/hold", data={"task": ["2"], "act": "unclaim"})
    assert holders(app) == ["", desk.CLERK, ""]
    assert "已放回0件。其余1件不是您认领的，没有变动。" in stranger.get("/tasks").text


def test_nothing_ticked_is_said(client: FlaskClient) -> None:
    assert "请先勾选要办理的事项。" in client.post("/tasks/hold", data={"act": "claim"}).text


def test_the_place_counts_what_was_handled_in_the_run(client: FlaskClient) -> None:
    first = client.get("/tasks/1?level=intermediate").text
    assert "第 1 / 3 件" in first
    assert 'href="/tasks/2?level=intermediate" data-save-first>保存，下一件' in first
    url = "/tasks/1/complete?level=intermediate"
    then = client.post(url, json={"values": {"decision": "pass"}}).json["location"]
    assert then == "/tasks/2?level=intermediate&handled=1"
    second = client.get(then).text
    assert "第 2 / 3 件" in second
    assert 'href="/tasks/3?level=intermediate&amp;handled=1"' in second
    assert "第 3 / 3 件" in client.get("/tasks/3?level=intermediate&handled=1").text
    assert "第 2 / 2 件" in client.get("/tasks/3?handled=x").text


@pytest.fixture
def file_id(app: Flask) -> int:
    """An award's proof in the first declaration."""
    with app.extensions["database"].transaction() as session:
        declaration = session.scalars(select(Declaration).order_by(Declaration.id)).first()
        assert declaration is not None
        file = Attachment(
            digest="0" * 64, name="获奖证书.pdf", media_type="application/pdf", size=9, declaration_id=declaration.id,
            uploaded_by=declaration.person_id, uploaded_at=declaration.created_at,
        )  # fmt: skip
        session.add(file)
        session.flush()
        declaration.data = {**declaration.data, "awards": [{"_id": "a", "title": "一等奖", "evidence": [file.id]}]}
        return file.id


def test_evidence_is_listed_by_section_and_marked_when_seen(app: Flask, client: FlaskClient, file_id: int) -> None:
    page = client.get("/tasks/1").text
    assert "佐证材料（1份）" in page
    assert f'data-evidence-entry="{file_id}">' in page
    assert 'data-place="获奖情况 第1行"' in page
    assert client.post(f"/tasks/1/evidence/{file_id}", json={}).json == {"seen": True, "checked": False}
    assert f'data-evidence-entry="{file_id}" data-seen>' in client.get("/tasks/1").text
    assert client.post(f"/tasks/1/evidence/{file_id}", json={"checked": True}).json == {"seen": True, "checked": True}
    assert f'data-evidence-entry="{file_id}" data-seen data-checked>' in client.get("/tasks/1").text
    assert client.post(f"/tasks/1/evidence/{file_id}", json={"checked": False}).json["checked"] is False
    with app.extensions["database"].reading() as session:
        assert len(session.scalars(select(EvidenceMark)).all()) == 1


def test_a_strangers_look_is_refused(app: Flask, client: FlaskClient, file_id: int) -> None:
    headers = {"Accept": "application/json"}
    url = f"/tasks/1/evidence/{file_id}"
    assert enter(app, desk.STRANGER).post(url, json={}, headers=headers).status_code == 403
    own = client.post(
        "/attachments?task=2", data={"file": (BytesIO(b"%PDF-1.4"), "a.pdf"), "field": "proof"}, headers=headers
    )
    assert enter(app, desk.HEAD).post(f"/tasks/1/evidence/{own.json['id']}", json={}).status_code == 403
