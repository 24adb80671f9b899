"""Delivering messages: each in its receiver's own transaction, once (D15)."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain.deadline_rows import WAKES
from app.domain.suspended import STATUS, is_suspended
from app.models.process import Deadline, Message, ProcessInstance
from app.processes import incidents, instances, waits, work

BATCH = 50
MAX_ATTEMPTS = 5
RETRY_AFTER = timedelta(minutes=1)


def deliverable(session: Session, limit: int = BATCH) -> list[int]:
    """Ids of pending messages that somebody waits for, that start a process, or that will never be taken.

    A suspended instance takes none. One that was held up takes its time in order: what fell due before a message was
    sent comes before it.
    """
    now = clock.now(session)
    takes = select(ProcessInstance.id).where(
        ProcessInstance.id == Message.receiver_id,
        or_(ProcessInstance.status == "ended", waits.awaits(Message.name)),
    )
    ready = or_(Message.starts.is_not(None), takes.exists(), Message.expires_at <= now)
    free = or_(Message.lease_until.is_(None), Message.lease_until <= now)
    first = WAKES & (Deadline.due_at < Message.sent_at) & Deadline.dead.is_(False)
    earlier = select(Deadline.id).where(Deadline.instance_id == Message.receiver_id, first)
    held_up = or_(is_suspended(Message.receiver_id), earlier.exists())
    pending = select(Message.id).where(Message.status == "pending", Message.attempts < MAX_ATTEMPTS, ready, free)
    pending = pending.where(or_(Message.receiver_id.is_(None), ~held_up))
    return list(session.scalars(pending.order_by(Message.id).limit(limit)))


def deliver(database: Database, message_id: int, also: Callable[[Session], None] | None = None) -> bool:
    """Deliver one message; what goes wrong becomes an incident, the message waits and gives up after MAX_ATTEMPTS.

    `also` is written in the transaction in which it is delivered.
    """
    return incidents.unattended(
        database,
        lambda session: _deliver(session, message_id),
        lambda session, said: _postpone(session, message_id, said),
        also,
        message_id=message_id,
    )


def revive_one(session: Session, message_id: int) -> None:
    """Let one pending message try again at once."""
    session.execute(
        update(Message)
        .where(Message.id == message_id, Message.status == "pending")
        .values(lease_until=None, attempts=0)
        .execution_options(synchronize_session=False)
    )


def put_off(session: Session, receiver_id: int, by: timedelta) -> None:
    """The time in which an instance could take nothing does not count against what waits for it."""
    waiting = select(Message).where(Message.receiver_id == receiver_id, Message.status == "pending")
    for message in session.scalars(waiting.where(Message.expires_at.is_not(None))):
        assert message.expires_at is not None
        message.expires_at += by


def _deliver(session: Session, message_id: int) -> bool:
    found = session.get(Message, message_id)
    if found is None or found.status != "pending":
        return False
    if found.starts is not None:
        return _taken(session, found) and _start(session, found)
    assert found.receiver_id is not None
    instance = work.locked(session, found.receiver_id)  # the instance first, then the message: one order everywhere
    waiting = waits.taker(instance, found.name)
    if instance.status == STATUS:
        return False  # it waits for as long as its receiver does
    if instance.status != "running" or waiting is None:
        ended = instance.status == "ended" or (found.expires_at or clock.now(session)) <= clock.now(session)
        return ended and _taken(session, found, "unhandled")
    if not _taken(session, found):
        return False
    engine_task_id, element_id = waiting
    begun = work.opened(session, instance)
    begun.run.catch(found.name, found.payload, engine_task_id)
    work.note(begun, "message", element_id=element_id, payload={"name": found.name, "data": found.payload})
    work.save(begun)
    return True


def _start(session: Session, message: Message) -> bool:
    payload: Mapping[str, Any] = message.payload
    assert message.starts is not None
    assert message.notice_version_id is not None
    instances.start(
        session,
        message.starts,
        notice_version_id=message.notice_version_id,
        declaration_id=payload["declaration_id"],
        subject=payload["subject"],
    )
    return True


def _taken(session: Session, message: Message, status: str = "delivered") -> bool:
    """Mark it done if nobody else did: the fence that makes delivery happen once."""
    done = session.execute(
        update(Message)
        .where(Message.id == message.id, Message.status == "pending")
        .values(status=status, ended_at=clock.now(session))
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _postpone(session: Session, message_id: int, said: str) -> None:
    session.execute(
        update(Message)
        .where(Message.id == message_id, Message.status == "pending")
        .values(attempts=Message.attempts + 1, note=said, lease_until=clock.now(session) + RETRY_AFTER)
        .execution_options(synchronize_session=False)
    )
