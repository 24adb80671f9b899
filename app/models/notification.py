"""Messages to people: inbox and outbox in one (D16)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant, Json

_UNREAD = text("read_at IS NULL")


class Notification(Base):
    """What one person was told, word for word; `sent_at` is empty until the channel took it."""

    __tablename__ = "notification"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    template: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    channel: Mapped[str] = mapped_column(String(12), default="inbox")  # inbox, email, sms
    instance_id: Mapped[int | None] = mapped_column(Id)
    declaration_id: Mapped[int | None] = mapped_column(Id, index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (Index("ix_notification_unread", "person_id", postgresql_where=_UNREAD, sqlite_where=_UNREAD),)
