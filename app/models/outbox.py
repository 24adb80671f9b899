"""What goes out to people by other channels than the inbox: one row a notification and channel (D16)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant

_WAITING = text("status IN ('waiting', 'sending')")


class Delivery(Base):
    """One notification by one channel: `waiting` for `due_at`, `sending` under a lease, `sent`, `failed` or `unknown`.

    `unknown`: the sender died or lost the line while the message was on its way; it is never sent again by itself.
    `given_up`: not sent, by an administrator's word or because its receiver wants none any more; `error` says why.
    Rows of one digest stay rows of their own: they are leased together, by one token, and share their fate.
    """

    __tablename__ = "delivery"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    notification_id: Mapped[int] = mapped_column(ForeignKey("notification.id"))
    channel: Mapped[str] = mapped_column(String(8))  # email, sms
    status: Mapped[str] = mapped_column(String(8), default="waiting")
    due_at: Mapped[datetime] = mapped_column(Instant)  # while sending: the end of the lease
    lease_by: Mapped[str | None] = mapped_column(String(36))
    postponed: Mapped[str | None] = mapped_column(String(10))  # what `due_at` waits for: quiet, rest_day, digest
    urgent: Mapped[bool] = mapped_column(default=False)  # waits for none of them
    digest_for: Mapped[int | None] = mapped_column(Id)  # the person in whose next digest it goes
    lead_id: Mapped[int | None] = mapped_column(Id)  # the first row of the digest that it was last sent in
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    cause: Mapped[str | None] = mapped_column(String(120))  # the error without what is one letter's own
    handled_by: Mapped[int | None] = mapped_column(Id)  # who had it sent again or gave it up, when and why
    handled_at: Mapped[datetime | None] = mapped_column(Instant)
    handled_note: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        UniqueConstraint("notification_id", "channel"),
        Index("ix_delivery_due", "due_at", "id", postgresql_where=_WAITING, sqlite_where=_WAITING),
        Index("ix_delivery_status", "status", "id"),
        Index("ix_delivery_digest", "digest_for", "id", postgresql_where=_WAITING, sqlite_where=_WAITING),
    )
