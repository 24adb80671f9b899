"""快速查找: what is found for whom, and what never stands in an address."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.config import Settings
from app.db import Database
from app.domain import people
from app.models.declaration import Declaration
from tests.support import desk
from tests.support.website import enter, site, statements
from tests.web.test_inbox import Freeze, arrive, titles


@pytest.fixture
def app(settings: Settings, sqlite_database: Database, freeze: Freeze) -> Flask:
    with sqlite_database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        version = desk.open_desk(session)
    app = site(settings, sqlite_database)
    app.extensions["version"] = version
    return app


def ask(client: FlaskClient, said: str) -> str:
    """The page that a search leads to, after its address."""
    went = client.post("/search", data={"q": said}).location
    return f"{went}\n{client.get(went).text}"


def test_it_finds_a_person_by_name_and_number_among_what_one_may_see(app: Flask, sqlite_database: Database) -> None:
    mine, _ = arrive(app), arrive(app, "li.yue")
    with sqlite_database.transaction() as session:
        row = session.scalars(select(Declaration).order_by(Declaration.id)).first()
        person = people.by_account(session, "zhang.lin")
        assert row is not None
        assert person is not None
        row.number, row.acceptance_no, number = "2023-000017", "SL-5", person.identity_number or ""
    clerk = enter(app, desk.CLERK)
    for said in ("张林", "2023-000017", "SL-5", f" {number[:6]} {number[6:]}"):
        page = ask(clerk, said)
        assert titles(page)[0] == "单位审核·张林·大数据中级"
        assert "单位审核：山城数智研究院" in page
        assert "李悦" not in page
    assert page.startswith(f"/search?applicant={person.id}\n")
    assert number not in page
    clerk.post(f"/tasks/{mine}/complete", json={"values": {"decision": "pass"}})
    assert '<section class="card mb-3" aria-label="已办">' in ask(clerk, "张林")
    assert titles(clerk.get(f"/tasks/done?applicant={person.id}").text) == ["单位审核·张林·大数据中级"]
    stranger = enter(app, desk.STRANGER)
    assert "没有找到" in ask(stranger, "张林")
    assert ask(stranger, number).startswith("/search\n")
    assert "没有找到符合的事项" in stranger.get(f"/search?applicant={person.id}").text
    assert "张林" in ask(enter(app, "manager"), "张")


NONSENSE = ("", "%_%", "没有这个人", "9" * 30, "<b>'\"", "１２３", "张" * 500, "\x00", "500101199001011234")


def test_nonsense_is_calm(app: Flask) -> None:
    arrive(app)
    client = enter(app, desk.CLERK)
    for said in NONSENSE:
        assert not titles(ask(client, said)), said
        every = dict.fromkeys(("q", "applicant", "office", "unit", "since", "sort"), said)
        for address in ("/search", "/tasks", "/tasks/done", "/tasks/copies", "/tasks/started"):
            assert client.get(address, query_string=every).status_code == 200, (address, said)


def test_statements_do_not_grow(app: Flask, sqlite_database: Database) -> None:
    client, counted = enter(app, desk.CLERK), []
    for accounts in (("zhang.lin",), ("zhang.lin", "zhang.lin")):
        for account in accounts:
            arrive(app, account)
        client.get("/search?q=张")
        with statements(sqlite_database) as sent:
            client.get("/search?q=张")
        counted.append(len(sent))
    assert counted[0] == counted[1]
