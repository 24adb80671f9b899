"""Messages between instances: rows written in the sender's transaction, delivered in the receiver's own (D15)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.models.process import Message

KEPT_FOR = timedelta(days=400)  # a message that nobody has waited for in a whole season is shown as unhandled


def post(
    session: Session,
    name: str,
    *,
    receiver_id: int,
    payload: Mapping[str, Any] | None = None,
    sender_id: int | None = None,
) -> Message:
    """Tell the instance `receiver_id` something; it waits until that instance subscribes to `name`."""
    return _add(session, Message(name=name, receiver_id=receiver_id, payload=dict(payload or {}), sender_id=sender_id))


def post_many(
    session: Session, name: str, payloads: Mapping[int, Mapping[str, Any]], *, sender_id: int | None = None
) -> int:
    """Tell many instances at once, each its own payload by receiver; one INSERT for all of them. Returns how many."""
    for receiver_id, payload in payloads.items():
        post(session, name, receiver_id=receiver_id, payload=payload, sender_id=sender_id)
    session.flush()
    return len(payloads)


def post_start(
    session: Session,
    process_key: str,
    *,
    notice_version_id: int,
    declaration_id: int | None = None,
    subject: Mapping[str, Any] | None = None,
    sender_id: int | None = None,
) -> Message:
    """Ask for a new instance of `process_key` under that notice version; `subject` holds its other ids."""
    payload = {"declaration_id": declaration_id, "subject": dict(subject or {})}
    message = Message(
        name="start", starts=process_key, notice_version_id=notice_version_id, payload=payload, sender_id=sender_id
    )
    return _add(session, message)


def _add(session: Session, message: Message) -> Message:
    message.sent_at = clock.now(session)
    message.expires_at = message.sent_at + KEPT_FOR
    session.add(message)
    return message
