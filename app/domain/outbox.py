"""The outbox: which notifications also go out by mail or SMS, and how far each delivery has come (D16).

A delivery leaves `waiting` before it is handed to its carrier, in a transaction of its own. Whoever dies in between
leaves it `unknown`: told to the administrator, never sent a second time by itself.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from app import clock
from app.domain import letters, people
from app.domain.letters import Letter
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.notification import Notification
from app.models.outbox import Delivery
from app.models.people import Person

CHANNELS = {"email": "电子邮件", "sms": "短信"}
STATUSES = {
    "waiting": "等待发送",
    "sending": "正在发送",
    "sent": "已发送",
    "failed": "发送失败",
    "unknown": "是否送达不明",
}
TROUBLED = ("failed", "unknown")
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))  # then it gives up
LEASE = timedelta(minutes=10)
BATCH = 200
PAGE = 30
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
INTERRUPTED = "发送途中中断，不能确定对方是否收到。为免重复，未自动重发。"


@dataclass(frozen=True)
class Parcel:
    """One delivery under this sender's lease; `address` is the e-mail address or the mobile number."""

    delivery_id: int
    token: str
    channel: str
    address: str
    letter: Letter


@dataclass(frozen=True)
class Line:
    """One delivery as the administrator reads it."""

    delivery: Delivery
    receiver: str
    title: str


def anything(session: Session) -> bool:
    """Whether there is work: an idle round must not take the writer's turn."""
    unrouted = select(Notification.id).where(Notification.routed_at.is_(None)).limit(1)
    due = select(Delivery.id).where(_due(clock.now(session))).limit(1)
    return session.scalar(unrouted) is not None or session.scalar(due) is not None


def route(session: Session) -> int:
    """Make out the deliveries of new notifications by what their receivers chose; returns how many were looked at."""
    rows = session.execute(
        select(Notification.id, Person.email, Person.mobile, Person.notify_by)
        .join(Person, Person.id == Notification.person_id)
        .where(Notification.routed_at.is_(None))
        .order_by(Notification.id)
        .limit(BATCH)
        .with_for_update(of=Notification, skip_locked=True)
    ).all()
    now = clock.now(session)
    for told, email, mobile, chosen in rows:
        reachable = {"email": email, "sms": mobile}
        session.add_all(
            Delivery(notification_id=told, channel=channel, due_at=now) for channel in chosen if reachable.get(channel)
        )
    done = update(Notification).where(Notification.id.in_([row[0] for row in rows])).values(routed_at=now)
    session.execute(done.execution_options(synchronize_session=False))
    return len(rows)


def take(session: Session, site: str = "") -> Parcel | None:
    """The next due delivery, now under lease; one whose lease ran out becomes `unknown` on the way."""
    now = clock.now(session)
    _note_interrupted(session, now)
    found = session.execute(
        select(Delivery, Notification, Person)
        .join(Notification, Notification.id == Delivery.notification_id)
        .join(Person, Person.id == Notification.person_id)
        .where(_due(now), Delivery.status == "waiting")
        .order_by(Delivery.due_at, Delivery.id)
        .limit(1)
        .with_for_update(of=Delivery, skip_locked=True)
    ).first()
    if found is None:
        return None
    delivery, told, person = found
    delivery.status, delivery.lease_by, delivery.due_at = "sending", str(uuid.uuid4()), now + LEASE
    delivery.attempts += 1
    address = person.email if delivery.channel == "email" else person.mobile
    return Parcel(
        delivery.id,
        delivery.lease_by,
        delivery.channel,
        address or "",
        letters.letter(session, told, delivery.channel, site),
    )


def sent(session: Session, parcel: Parcel) -> None:
    _finish(session, parcel, "sent", None)


def lost(session: Session, parcel: Parcel, said: str) -> None:
    """It cannot be known whether it arrived."""
    _finish(session, parcel, "unknown", said)


def refused(session: Session, parcel: Parcel, said: str, *, for_good: bool) -> None:
    """Not taken: tried again after a pause that grows, until it is given up."""
    delivery = _leased(session, parcel)
    if delivery is None:
        return
    tried = delivery.attempts
    if for_good or tried > len(PAUSES):
        _finish(session, parcel, "failed", said)
        return
    delivery.status, delivery.error, delivery.lease_by = "waiting", said, None
    delivery.due_at = clock.now(session) + PAUSES[tried - 1]


def again(session: Session, delivery_id: int) -> None:
    """The administrator has it sent once more; Conflict where it is no longer in trouble."""
    found = session.scalars(select(Delivery).where(Delivery.id == delivery_id).with_for_update()).first()
    if found is None:
        raise NotFound
    if found.status not in TROUBLED:
        raise Conflict("这条消息已在发送或者已经发出，无需重发。")
    found.status, found.attempts, found.due_at, found.lease_by = "waiting", 0, clock.now(session), None


def lines(session: Session, statuses: tuple[str, ...], page: int) -> tuple[list[Line], int]:
    """Deliveries in these states (all where none is named), the newest first, and how many there are."""
    wanted = Delivery.status.in_(statuses or tuple(STATUSES))
    rows = session.execute(
        select(Delivery, Person.name, Notification.title)
        .join(Notification, Notification.id == Delivery.notification_id)
        .join(Person, Person.id == Notification.person_id)
        .where(wanted)
        .order_by(Delivery.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    total = session.scalar(select(func.count(Delivery.id)).where(wanted)) or 0
    return [Line(*row) for row in rows], total


def choose(session: Session, person_id: int, email: str, notify_by: Iterable[str]) -> None:
    """Where a person is told besides the inbox; Refused where a chosen channel has no address."""
    person, chosen = people.get(session, person_id), sorted(set(notify_by))
    if email and not _EMAIL.fullmatch(email):
        raise Refused(Problem("email", f"“{email}”不是有效的电子邮箱地址，请核对。", "email"))
    if "email" in chosen and not email:
        raise Refused(Problem("email", "选择用电子邮件接收的，请填写电子邮箱。", "email"))
    if "sms" in chosen and not person.mobile:
        raise Refused(Problem("sms", "您还没有登记手机号码，不能选择短信。", "sms"))
    person.email, person.notify_by = email or None, chosen


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(or_(Delivery.status == "waiting", Delivery.status == "sending"), Delivery.due_at <= now)


def _note_interrupted(session: Session, now: datetime) -> None:
    session.execute(
        update(Delivery)
        .where(Delivery.status == "sending", Delivery.due_at <= now)
        .values(status="unknown", error=INTERRUPTED)
        .execution_options(synchronize_session=False)
    )


def _leased(session: Session, parcel: Parcel) -> Delivery | None:
    """The delivery, if it is still this sender's: the fence."""
    mine = (Delivery.id == parcel.delivery_id, Delivery.lease_by == parcel.token)
    return session.scalars(select(Delivery).where(*mine).with_for_update()).first()


def _finish(session: Session, parcel: Parcel, status: str, said: str | None) -> None:
    delivery = _leased(session, parcel)
    if delivery is None:
        return
    delivery.status, delivery.error, delivery.lease_by = status, said, None
    delivery.sent_at = clock.now(session) if status == "sent" else None
