"""Organisations found while typing: registered ones only, of the kinds asked for, by nobody unknown."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.config import Settings
from app.db import Database
from app.domain import demo_people
from app.models.people import Organisation
from tests.support.website import enter, site


@pytest.fixture
def app(settings: Settings, sqlite_database: Database) -> Flask:
    with sqlite_database.transaction() as session:
        demo_people.load_demo_people(session)
    return site(settings, sqlite_database)


def names(client: FlaskClient, query: str) -> list[str]:
    return [each["name"] for each in client.get(f"/lookups/organisations?{query}").json]


def test_words_and_kinds_narrow_the_list(app: Flask) -> None:
    client = enter(app, "zhang.lin")
    assert names(client, "q=山城数智") == ["山城数智研究院"]
    assert names(client, "q=山城数智&kind=institution&kind=agency") == ["山城数智研究院"]
    assert names(client, "q=山城数智&kind=agency") == []
    assert names(client, "q=%25") == []


def test_body_that_is_not_registered_is_not_offered(app: Flask) -> None:
    with app.extensions["database"].transaction() as session:
        session.execute(update(Organisation).where(Organisation.name == "山城数智研究院").values(registered=False))
    assert names(enter(app, "zhang.lin"), "q=山城数智") == []


def test_stranger_is_asked_to_log_in(app: Flask) -> None:
    answer = app.test_client().get("/lookups/organisations?q=山", headers={"Accept": "application/json"})
    assert answer.status_code == 401
