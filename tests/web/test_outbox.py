"""消息发送 and the channels a person chooses."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain import notifications, outbox, people, receiving
from app.models.outbox import Delivery
from tests.support.website import enter

HEADERS = {"Accept": "application/json"}


def in_trouble(app: Flask) -> int:
    """A letter to 张林 that failed."""
    with app.extensions["database"].transaction() as session:
        person = people.by_account(session, "zhang.lin")
        assert person is not None
        receiving.choose(session, person.id, "zhang@example.org", ["email"])
        notifications.post(session, [person.id], "accepted", {"number": "2023-1"})
        session.flush()
        outbox.route(session)
        session.flush()
        delivery = session.scalars(select(Delivery)).one()
        delivery.status, delivery.error, delivery.attempts = "failed", "邮件服务器未接收：550 no", 5
        return delivery.id


def test_channels_are_chosen_on_the_profile(season_site: Flask) -> None:
    client = enter(season_site, "zhang.lin")
    assert client.post("/profile/channels", data={"email": "zhang", "notify_by": "email"}).status_code == 422
    assert client.post("/profile/channels", data={"email": "z@example.org", "notify_by": "email"}).status_code == 302
    page = client.get("/profile").text
    assert 'value="z@example.org"' in page
    assert 'name="notify_by" value="email" checked' in page


def test_failures_are_listed_and_sent_again(season_site: Flask) -> None:
    delivery = in_trouble(season_site)
    client = enter(season_site, "admin")
    page = client.get("/outbox").text
    assert "发送失败" in page
    assert "邮件服务器未接收：550 no" in page
    assert client.post(f"/outbox/{delivery}/again").status_code == 302
    assert "没有需要处理的消息。" in client.get("/outbox").text
    assert "等待发送" in client.get("/outbox?show=all").text


def test_only_the_administrator_sees_it(season_site: Flask) -> None:
    delivery = in_trouble(season_site)
    client = enter(season_site, "clerk.institute")
    assert client.get("/outbox", headers=HEADERS).status_code == 403
    assert client.post(f"/outbox/{delivery}/again", headers=HEADERS).status_code == 403


def test_hours_and_reminders_are_set_in_the_browser(season_site: Flask) -> None:
    client = enter(season_site, "admin")
    page = client.get("/outbox/hours").text
    assert 'name="sms-begins" value="21:00"' in page
    assert 'name="before" value="3、1"' in page
    said = {"sms-begins": "22:00", "sms-ends": "07:30", "email-working_days": "1", "urgent": "urged", "seen": "0"}
    bad = client.post("/outbox/hours", data={**said, "sms-ends": "9" * 30})
    assert bad.status_code == 422
    assert "短信免打扰的结束时间请按" in bad.text
    assert client.post("/outbox/hours", data=said).status_code == 302
    assert client.post("/outbox/hours", data=said).status_code == 409
    assert 'value="07:30"' in client.get("/outbox/hours").text
    assert client.post("/outbox/hours/reminders", data={"before": "5 x", "seen": "0"}).status_code == 422
    assert client.post("/outbox/hours/reminders", data={"before": "5，2", "after": "", "seen": "0"}).status_code == 302
    assert 'name="before" value="5、2"' in client.get("/outbox/hours").text


def failures(app: Flask) -> None:
    """Two of 张林's mails failed for one reason, one of 李悦's for another, and one may have arrived."""
    with app.extensions["database"].transaction() as session:
        for account, said, status in (
            ("zhang.lin", "邮件服务器未接收：550 <zhang@example.org> no such user 1234567", "failed"),
            ("zhang.lin", "邮件服务器未接收：550 <z.lin@example.org> no such user 7654321", "failed"),
            ("li.yue", "邮件服务器未接收：552 mailbox full", "failed"),
            ("li.yue", outbox.INTERRUPTED, "unknown"),
        ):
            person = people.by_account(session, account)
            assert person is not None
            (told,) = notifications.post(session, [person.id], "accepted", {"number": "1"})
            told.routed_at = told.created_at
            session.flush()
            made = {"error": said, "cause": outbox.cause_of(said), "status": status, "attempts": 5}
            session.add(Delivery(notification_id=told.id, channel="email", due_at=told.created_at, **made))


def standing(app: Flask) -> list[str]:
    with app.extensions["database"].reading() as session:
        return list(session.scalars(select(Delivery.status).order_by(Delivery.id)))


@pytest.mark.parametrize("season", ["sqlite"], indirect=True)
def test_failures_are_filtered_grouped_sent_again_and_given_up(season_site: Flask) -> None:
    failures(season_site)
    client = enter(season_site, "admin")
    page = client.get("/outbox").text
    assert "共4条" in page
    assert "550 … no such user …" in page
    assert '消息发送 <span class="mark mark-overdue">4<' in page  # in the menu
    assert "共2条" in client.get("/outbox?receiver=zhang.lin").text
    assert "共1条" in client.get("/outbox?show=unknown&channel=email&event=accepted&since=2023-10-09").text
    assert "没有符合条件" in client.get("/outbox?since=2099-01-01").text
    assert "共4条" in client.get(f"/outbox?page={'9' * 30}&since=never&event=none&channel=fax&show=odd").text

    cause = "邮件服务器未接收：550 … no such user …"
    said = {"cause": cause, "all": "1", "until": "1"}
    assert client.post("/outbox/handle", data=said).status_code == 302
    assert standing(season_site) == ["waiting", "failed", "failed", "unknown"]  # what came later was not on the page
    assert client.post("/outbox/handle", data={"id": ["3", "9" * 30, "x"]}).status_code == 302
    assert client.post("/outbox/handle", data={"what": "give_up", "id": ["2"]}).status_code == 422
    assert client.post("/outbox/handle", data={"what": "again"}).status_code == 422
    assert client.post("/outbox/handle", data={"what": "give_up", "id": "4", "reason": "已电话告知"}).status_code == 302
    assert client.post("/outbox/handle", data={"what": "give_up", "id": "4", "reason": "又一次"}).status_code == 302
    assert standing(season_site) == ["waiting", "failed", "waiting", "given_up"]
    everything = client.get("/outbox?show=all").text
    assert "决定不再发送：<span data-own-words>已电话告知</span>" in everything
    assert "安排重发" in everything


@pytest.mark.parametrize("season", ["sqlite"], indirect=True)
def test_a_test_message_goes_to_oneself(season_site: Flask) -> None:
    client = enter(season_site, "admin")
    refused = client.post("/outbox/test", data={"channel": "email"})
    assert refused.status_code == 422
    assert "您还没有登记电子邮箱" in refused.text
    assert client.post("/outbox/test", data={"channel": "fax"}).status_code == 422
    client.post("/profile/channels", data={"email": "a@example.org"})
    sent = client.post("/outbox/test", data={"channel": "email"})
    assert "测试消息" in client.get(sent.location).text
    assert '消息，1条未读"' in client.get("/profile").text  # the bell
    client.post("/notifications/read")
    assert 'aria-label="消息"' in client.get("/profile").text
