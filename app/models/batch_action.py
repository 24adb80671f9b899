"""Tables of batch actions (批量操作): what a manager does with many running processes at once, item by item."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.planned import Outcome, Planned
from app.models.types import Id, Instant, Json


class BatchAction(Planned, Base):
    """One action on many processes; its items are frozen when it is planned, whatever `query` would find later."""

    __tablename__ = "batch_action"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    action: Mapped[str] = mapped_column(String(20))  # a code of processes.batch.register
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    arguments: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # what the action asks besides
    query: Mapped[str | None] = mapped_column(Text)  # the filter it was chosen by; none for ticked ones
    found: Mapped[int]  # how many items there would be, more than there are where they are too many for one action
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (Index("ix_batch_action_open", "ended_at", "started_at"),)


class BatchItem(Outcome, Base):
    """One process, one task of it or one incident; `outcome` pending, done, skipped, failed or cancelled.

    `place` says where it stood and `stood` the ids of its open tasks, so that what has moved since is left alone.
    """

    __tablename__ = "batch_item"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    batch_action_id: Mapped[int] = mapped_column(ForeignKey("batch_action.id"))
    instance_id: Mapped[int | None] = mapped_column(Id, index=True)
    task_id: Mapped[int | None] = mapped_column(Id)
    incident_id: Mapped[int | None] = mapped_column(Id)
    place: Mapped[str] = mapped_column(String(300), default="")
    stood: Mapped[list[int]] = mapped_column(Json, default=list)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    lease_by: Mapped[str | None] = mapped_column(String(36))
    __table_args__ = (Index("ix_batch_item_action", "batch_action_id", "outcome", "id"),)
