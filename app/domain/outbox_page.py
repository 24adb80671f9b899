"""消息发送 as the administrator works with it: what went out, what did not, and sending it once more."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain.outbox import STATUSES, TROUBLED
from app.errors import Conflict, NotFound
from app.models.notification import Notification
from app.models.outbox import Delivery
from app.models.people import Person

PAGE = 30


@dataclass(frozen=True)
class Line:
    """One delivery as the administrator reads it."""

    delivery: Delivery
    receiver: str
    title: str


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
