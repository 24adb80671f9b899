"""Messages to people: inbox and outbox in one (D16)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant, Json

_UNREAD = text("read_at IS NULL")
_UNROUTED = text("routed_at IS NULL")


class Notification(Base):
    """What one person was told, word for word; `routed_at` is empty until its deliveries were made out."""

    __tablename__ = "notification"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    template: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    instance_id: Mapped[int | None] = mapped_column(Id)
    declaration_id: Mapped[int | None] = mapped_column(Id, index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    routed_at: Mapped[datetime | None] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        Index("ix_notification_unread", "person_id", postgresql_where=_UNREAD, sqlite_where=_UNREAD),
        Index("ix_notification_unrouted", "id", postgresql_where=_UNROUTED, sqlite_where=_UNROUTED),
        Index("ix_notification_person", "person_id", "id"),
        Index("ix_notification_template", "template", "id"),
    )
