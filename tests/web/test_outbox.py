"""消息发送 and the channels a person chooses."""

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
