"""Quiet hours and digests: put off and gathered, never lost, never doubled."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import notifications, outbox, people, quiet, receiving
from app.domain.calendar import calendar_of
from app.domain.quiet import Hours, Rules
from app.errors import Conflict, Refused
from app.jobs.carriers import NotTakenError, UnknownError
from app.jobs.delivery import deliver
from app.models.outbox import Delivery
from tests.support.letters import Box

Freeze = Callable[[Session, str], Any]


@pytest.fixture
def house(database: Database, freeze: Freeze) -> Database:
    """Friday evening; one takes mail and SMS at once, the other mails gathered at nine."""
    with database.transaction() as session:
        freeze(session, "2023-10-13 20:00:00")
        for account, hour in (("zhang", None), ("li", 9)):
            person = people.register(session, account, account)
            people.set_mobile(session, person.id, f"1380000000{person.id}")
            receiving.choose(session, person.id, f"{account}@example.org", ["email", "sms"], hour)
    return database


def at(database: Database, freeze: Freeze, moment: str) -> None:
    with database.transaction() as session:
        freeze(session, f"2023-10-{moment}")


def tell(database: Database, person: int, *templates: str) -> None:
    with database.transaction() as session:
        for template in templates:
            notifications.post(session, [person], template, {"number": "7", "session": "某会议", "due": "某日"})


def went(database: Database, carrier: Box) -> list[str]:
    """`channel address subject` of what goes out now."""
    before = len(carrier.parcels)
    deliver(database, {"email": carrier, "sms": carrier})
    return [f"{each.channel} {each.address} {each.letter.subject}" for each in carrier.parcels[before:]]


def waiting(database: Database) -> list[tuple[str, str | None, str]]:
    with database.reading() as session:
        rows = session.scalars(select(Delivery).where(Delivery.status == "waiting").order_by(Delivery.id))
        return [(row.channel, row.postponed, f"{clock.local(row.due_at):%m-%d %H:%M}") for row in rows]


def test_quiet_hours_put_off_and_lose_nothing(house: Database, freeze: Freeze) -> None:
    box = Box()
    at(house, freeze, "13 21:30:00")
    tell(house, 1, "accepted", "expert_invited")
    assert went(house, box) == [
        "email zhang@example.org 【职称申报评审】申报已受理",
        "email zhang@example.org 【职称申报评审】参评确认（保密）",
        "sms 13800000001 参评确认（保密）",  # urgent
    ]
    assert waiting(house) == [("sms", "quiet", "10-14 08:00")]
    at(house, freeze, "14 07:59:59")
    assert went(house, box) == []
    with house.transaction() as session:  # an administrator wants no SMS on rest days
        quiet.save(session, Rules(sms=Hours("21:00", "08:00", working_days=True)), seen=0, by=1)
        with pytest.raises(Conflict):
            quiet.save(session, Rules(), seen=0, by=1)
        with pytest.raises(Refused, match="请按“时:分”填写"):
            quiet.save(session, Rules(email=Hours("25:00", "8")), seen=1, by=1)
    assert went(house, box) == []
    assert waiting(house) == [("sms", "rest_day", "10-16 08:00")]
    at(house, freeze, "16 08:00:00")
    assert went(house, box) == ["sms 13800000001 申报已受理"]


def test_a_digest_is_one_letter_whose_rows_share_its_fate(house: Database, freeze: Freeze) -> None:
    box = Box(NotTakenError("451 busy"), UnknownError("line broke"))
    at(house, freeze, "13 20:00:00")
    with house.transaction() as session:
        receiving.choose(session, 2, "li@example.org", ["email"], 9)
    tell(house, 2, "accepted", "confirmed", "certificate_issued")
    assert went(house, box) == []
    assert waiting(house) == [("email", "digest", "10-16 09:00")] * 3
    at(house, freeze, "16 09:00:00")
    assert went(house, box) == ["email li@example.org 【职称申报评审】3条消息"]  # the server is busy
    body = box.parcels[0].letter.body
    assert [words in body for words in ("1. 申报已受理", "2. 已确认职称资格", "3. 电子证书已生成")] == [True] * 3
    tell(house, 2, "accepted")  # waits for the next one
    at(house, freeze, "16 09:01:00")
    assert went(house, box) == ["email li@example.org 【职称申报评审】3条消息"]  # and then the line breaks
    assert went(house, box) == []
    with house.reading() as session:
        rows = session.scalars(select(Delivery).order_by(Delivery.id)).all()
        assert [(row.status, row.attempts, row.lead_id) for row in rows] == [
            *[("unknown", 2, 1)] * 3,
            ("waiting", 0, None),
        ]
    tell(house, 2, "expert_invited")
    assert went(house, box) == ["email li@example.org 【职称申报评审】参评确认（保密）"]
    with house.transaction() as session:
        receiving.choose(session, 2, "li@example.org", ["email"], None)  # from now on at once
    assert went(house, box) == ["email li@example.org 【职称申报评审】申报已受理"]
    with house.transaction() as session, pytest.raises(Refused, match="汇总发送的时间"):
        receiving.choose(session, 2, "li@example.org", ["email"], 3)


def test_a_sender_that_dies_with_a_digest_leaves_it_unknown(house: Database, freeze: Freeze) -> None:
    with house.transaction() as session:
        receiving.choose(session, 2, "li@example.org", ["email"], 9)
    tell(house, 2, "accepted", "confirmed")
    with house.transaction() as session:
        outbox.route(session)
    at(house, freeze, "16 09:00:00")
    with house.transaction() as session:
        parcel = outbox.take(session)
    assert parcel is not None
    at(house, freeze, "16 09:11:00")
    box = Box()
    assert went(house, box) == []
    tell(house, 2, "paid")
    assert went(house, box) == []
    with house.transaction() as session:
        receiving.choose(session, 2, "", [], None)  # wants no mail any more: what is gathered is given up
    with house.reading() as session:
        rows = session.scalars(select(Delivery).order_by(Delivery.id)).all()
        assert [row.status for row in rows] == ["unknown", "unknown", "given_up"]


@pytest.mark.parametrize(
    ("hours", "moment", "opens"),
    [
        (Hours("21:00", "08:00"), "2023-10-13 20:59", None),
        (Hours("21:00", "08:00"), "2023-10-13 21:00", "10-14 08:00 quiet"),
        (Hours("21:00", "08:00"), "2023-10-14 07:59", "10-14 08:00 quiet"),
        (Hours("12:00", "14:00"), "2023-10-13 13:00", "10-13 14:00 quiet"),
        (Hours("21:00", "08:00", working_days=True), "2023-09-28 22:00", "10-07 08:00 quiet"),  # over the holidays
        (Hours(working_days=True), "2023-10-14 12:00", "10-16 00:00 rest_day"),
        (Hours(), "2023-10-14 03:00", None),
    ],
)
def test_openings(sqlite_database: Database, hours: Hours, moment: str, opens: str | None) -> None:
    wall = clock.datetime.fromisoformat(moment).replace(tzinfo=clock.SHANGHAI)
    with sqlite_database.reading() as session:
        found = quiet.next_opening(hours, wall, calendar_of(session))
    assert opens == (found and f"{found[0]:%m-%d %H:%M} {found[1]}")
