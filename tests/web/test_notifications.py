"""The bell: how many are unread, the list, marking one or all read, nobody else's."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database
from app.domain import demo_people, notifications, people
from tests.support.website import enter, site


def tell(session: Session, account: str, number: str) -> None:
    person = people.by_account(session, account)
    assert person is not None
    notifications.post(session, [person.id], "accepted", {"number": number})


@pytest.fixture
def app(settings: Settings, database: Database) -> Flask:
    with database.transaction() as session:
        demo_people.load_demo_people(session)
        for account, number in (("zhang.lin", "A-1"), ("zhang.lin", "A-2"), ("li.yue", "B-1")):
            tell(session, account, number)
    return site(settings, database)


def unread(app: Flask, account: str) -> int:
    with app.extensions["database"].reading() as session:
        person = people.by_account(session, account)
        assert person is not None
        return notifications.count_unread(session, person.id)


def test_bell_counts_and_the_list_shows_ones_own(app: Flask) -> None:
    page = enter(app, "zhang.lin").get("/notifications").text
    assert 'aria-label="消息，2条未读"' in page
    assert "您的申请书已受理，受理编号A-1。" in page
    assert "B-1" not in page


def test_one_is_marked_read(app: Flask) -> None:
    client = enter(app, "zhang.lin")
    answer = client.post("/notifications/read", data={"id": "1"})
    assert (answer.status_code, answer.location) == (302, "/notifications")
    assert unread(app, "zhang.lin") == 1


def test_all_are_marked_read(app: Flask) -> None:
    client = enter(app, "zhang.lin")
    client.post("/notifications/read")
    assert unread(app, "zhang.lin") == 0
    page = client.get("/notifications").text
    assert 'aria-label="消息"' in page
    assert "全部标为已阅" not in page


def test_somebody_else_s_stay_unread(app: Flask) -> None:
    client = enter(app, "zhang.lin")
    client.post("/notifications/read", data={"id": "3"})
    client.post("/notifications/read")
    assert unread(app, "li.yue") == 1
