"""A letter by one channel to one person, whatever he chose for notifications: an office asks for it on purpose."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.domain import notifications, people, quiet
from app.domain.notifications import About
from app.errors import Problem, Refused
from app.models.notification import Notification
from app.models.outbox import Delivery

TEST = "test_message"


def send(
    session: Session, person_id: int, template: str, facts: Mapping[str, Any], about: About, channel: str = "sms"
) -> Notification:
    """The notification in the person's inbox, and one delivery of it through the outbox."""
    (told,) = notifications.post(session, [person_id], template, facts, about)
    told.routed_at = clock.now(session)
    session.flush()
    urgent = template == TEST or template in quiet.rules(session).urgent
    session.add(Delivery(notification_id=told.id, channel=channel, due_at=told.routed_at, urgent=urgent))
    return told


def send_test(session: Session, person_id: int, channel: str) -> None:
    """A test to oneself, whatever the hour. Refused where one has no address there."""
    person = people.get(session, person_id)
    if channel not in quiet.CHANNELS:
        raise Refused(Problem("channel", "请选择电子邮件或短信。", "channel"))
    if not (person.email if channel == "email" else person.mobile):
        missing = "电子邮箱，请先在“个人中心”填写" if channel == "email" else "手机号码"
        raise Refused(Problem("address", f"您还没有登记{missing}，不能发送测试消息。", "channel"))
    send(session, person_id, TEST, {}, About(), channel)
