"""A text message to the very number that an office handed in, whatever its owner chose for other notifications."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.domain import notifications, quiet
from app.domain.notifications import About
from app.models.notification import Notification
from app.models.outbox import Delivery


def send(session: Session, person_id: int, template: str, facts: Mapping[str, Any], about: About) -> Notification:
    """The notification in the person's inbox, and one delivery of it by SMS through the outbox."""
    (told,) = notifications.post(session, [person_id], template, facts, about)
    told.routed_at = clock.now(session)
    session.flush()
    urgent = template in quiet.rules(session).urgent
    session.add(Delivery(notification_id=told.id, channel="sms", due_at=told.routed_at, urgent=urgent))
    return told
