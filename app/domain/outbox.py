"""The outbox: which notifications also go out by mail or SMS, when, and how far each delivery has come (D16).

A delivery leaves `waiting` before it is handed to its carrier, in a transaction of its own. Whoever dies in between
leaves it `unknown`: told to the administrator, never sent a second time by itself. Quiet hours move `due_at`, nothing
else, so that nothing waiting for them is lost. A digest is leased as a whole by one token: all of its rows are sent,
tried again or unknown together.
"""

import re
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from app import clock
from app.domain import letters, quiet
from app.domain.calendar import calendar_of
from app.domain.letters import Letter
from app.models.notification import Notification
from app.models.outbox import Delivery
from app.models.people import Person

CHANNELS = quiet.CHANNELS
STATUSES = {
    "waiting": "等待发送",
    "sending": "正在发送",
    "sent": "已发送",
    "failed": "发送失败",
    "unknown": "是否送达不明",
    "given_up": "不再发送",
}
TROUBLED = ("failed", "unknown")
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))  # then it gives up
LEASE = timedelta(minutes=10)
BATCH = 200
LONGEST_DIGEST = 50
INTERRUPTED = "发送途中中断，不能确定对方是否收到。为免重复，未自动重发。"
CAUSE = 120  # characters
_OWN = re.compile(r"<[^>]*>|[^\s<>@：]+@[^\s<>@]+|\d{5,}")
_ROWS_ONLY = {"synchronize_session": False}


@dataclass(frozen=True)
class Parcel:
    """What goes out at once under this sender's lease: one delivery, or the rows of a digest, named by the first.

    `address` is the e-mail address or the mobile number.
    """

    delivery_id: int
    token: str
    channel: str
    address: str
    letter: Letter


def anything(session: Session) -> bool:
    """Whether there is work: an idle round must not take the writer's turn."""
    unrouted = select(Notification.id).where(Notification.routed_at.is_(None)).limit(1)
    due = select(Delivery.id).where(_due(clock.now(session))).limit(1)
    return session.scalar(unrouted) is not None or session.scalar(due) is not None


def route(session: Session, by_sms: Collection[str] | None = None) -> int:
    """Make out the deliveries of new notifications by what their receivers chose; returns how many were looked at.

    `by_sms`: the templates that the provider of text messages has, where it takes no others.
    """
    rows = session.execute(
        select(Notification.id, Notification.template, Person)
        .join(Person, Person.id == Notification.person_id)
        .where(Notification.routed_at.is_(None))
        .order_by(Notification.id)
        .limit(BATCH)
        .with_for_update(of=Notification, skip_locked=True)
    ).all()
    now, urgent = clock.now(session), quiet.rules(session).urgent
    for told, template, person in rows:
        reachable = {"email": person.email, "sms": person.mobile}
        if by_sms is not None and template not in by_sms:
            reachable["sms"] = None
        for channel in (each for each in person.notify_by if reachable.get(each)):
            made = Delivery(notification_id=told, channel=channel, due_at=now, urgent=template in urgent)
            if channel == "email" and person.digest_hour is not None and not made.urgent:
                made.digest_for, made.postponed = person.id, "digest"
                made.due_at = quiet.next_digest(session, person.digest_hour)
            session.add(made)
    done = update(Notification).where(Notification.id.in_([row[0] for row in rows])).values(routed_at=now)
    session.execute(done.execution_options(**_ROWS_ONLY))
    return len(rows)


def take(session: Session, site: str = "") -> Parcel | None:
    """What is due next, now under lease; what may not go out at this hour is put off on the way.

    A delivery whose lease ran out becomes `unknown`.
    """
    now = clock.now(session)
    _note_interrupted(session, now)
    _put_off(session, now)
    found = session.execute(
        select(Delivery, Notification, Person)
        .join(Notification, Notification.id == Delivery.notification_id)
        .join(Person, Person.id == Notification.person_id)
        .where(_due(now), Delivery.status == "waiting", _leads(now))
        .order_by(Delivery.due_at, Delivery.id)
        .limit(1)
        .with_for_update(of=Delivery, skip_locked=True)
    ).first()
    if found is None:
        return None
    lead, told, person = found
    rows = [(lead, told)] if lead.digest_for is None else _gathered(session, lead, now)
    token = str(uuid.uuid4())
    for delivery, _ in rows:
        delivery.status, delivery.lease_by, delivery.due_at = "sending", token, now + LEASE
        delivery.postponed, delivery.lead_id = None, lead.id if len(rows) > 1 else None
        delivery.attempts += 1
    address = person.email if lead.channel == "email" else person.mobile
    if len(rows) > 1:
        letter = letters.digest(session, [each for _, each in rows], site)
    else:
        letter = letters.letter(session, told, lead.channel, site)
    return Parcel(lead.id, token, lead.channel, address or "", letter)


def sent(session: Session, parcel: Parcel) -> None:
    _finish(session, parcel, "sent", None)


def lost(session: Session, parcel: Parcel, said: str) -> None:
    """It cannot be known whether it arrived."""
    _finish(session, parcel, "unknown", said)


def refused(session: Session, parcel: Parcel, said: str, *, for_good: bool) -> None:
    """Not taken: tried again after a pause that grows, until it is given up."""
    for delivery in _leased(session, parcel):
        tried = delivery.attempts
        delivery.error, delivery.cause, delivery.lease_by = said, cause_of(said), None
        if for_good or tried > len(PAUSES):
            delivery.status = "failed"
        else:
            delivery.status, delivery.due_at = "waiting", clock.now(session) + PAUSES[tried - 1]


def cause_of(said: str) -> str:
    """An error without addresses and long numbers, so that letters which failed alike stand together."""
    return _OWN.sub("…", said)[:CAUSE]


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(or_(Delivery.status == "waiting", Delivery.status == "sending"), Delivery.due_at <= now)


def _leads(now: datetime) -> ColumnElement[bool]:
    """The delivery goes by itself, or is the first of its digest: two senders never make two digests of one."""
    other = aliased(Delivery)
    same = and_(other.digest_for == Delivery.digest_for, other.channel == Delivery.channel)
    earlier = exists().where(same, other.status == "waiting", other.due_at <= now, other.id < Delivery.id)
    return or_(Delivery.digest_for.is_(None), ~earlier)


def _gathered(session: Session, lead: Delivery, now: datetime) -> Sequence[tuple[Delivery, Notification]]:
    """The digest that `lead` is the first row of."""
    same = (Delivery.digest_for == lead.digest_for, Delivery.channel == lead.channel)
    rows = session.execute(
        select(Delivery, Notification)
        .join(Notification, Notification.id == Delivery.notification_id)
        .where(*same, Delivery.status == "waiting", Delivery.due_at <= now)
        .order_by(Delivery.id)
        .limit(LONGEST_DIGEST)
        .with_for_update(of=Delivery)
    )
    return [(delivery, told) for delivery, told in rows]


def _put_off(session: Session, now: datetime) -> None:
    """What is due in quiet hours or on a rest day waits for their end, unless it is urgent."""
    rules, calendar = quiet.rules(session), calendar_of(session)
    for channel in CHANNELS:
        opening = quiet.next_opening(rules.of(channel), now, calendar)
        if opening is not None:
            due = (Delivery.status == "waiting", Delivery.due_at <= now)
            later = update(Delivery).where(*due, Delivery.channel == channel, Delivery.urgent.is_(False))
            later = later.values(due_at=opening[0], postponed=opening[1])
            session.execute(later.execution_options(**_ROWS_ONLY))


def _note_interrupted(session: Session, now: datetime) -> None:
    session.execute(
        update(Delivery)
        .where(Delivery.status == "sending", Delivery.due_at <= now)
        .values(status="unknown", error=INTERRUPTED, cause=cause_of(INTERRUPTED))
        .execution_options(**_ROWS_ONLY)
    )


def _leased(session: Session, parcel: Parcel) -> Sequence[Delivery]:
    """The deliveries that are still this sender's: the fence."""
    return session.scalars(select(Delivery).where(Delivery.lease_by == parcel.token).with_for_update()).all()


def _finish(session: Session, parcel: Parcel, status: str, said: str | None) -> None:
    for delivery in _leased(session, parcel):
        delivery.status, delivery.error, delivery.lease_by = status, said, None
        delivery.cause = None if said is None else cause_of(said)
        delivery.sent_at = clock.now(session) if status == "sent" else None
