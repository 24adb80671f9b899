"""Tables of the unit's desk: acting on many tasks at once, and the phrases that its people write again and again."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant, Json


class BulkRun(Base):
    """Many tasks that one person completes or returns together: planned, then started, then ended."""

    __tablename__ = "bulk_run"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    notice_key: Mapped[str] = mapped_column(String(80))
    level: Mapped[str] = mapped_column(String(20))  # of the desk it was planned at; empty where it was at 待办
    verb: Mapped[str] = mapped_column(String(12), default="complete")  # complete, or return
    planned_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class BulkItem(Base):
    """One task of a run with what it is completed with; `reason` why it was refused or skipped."""

    __tablename__ = "bulk_item"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("bulk_run.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    values: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    outcome: Mapped[str] = mapped_column(String(12), default="pending")  # pending, done, refused, skipped
    reason: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (Index("ix_bulk_item_run", "run_id", "id"),)


class Phrase(Base):
    """A saved phrase (常用语) of one person, or of all who work at one body's desk; one of the two owns it."""

    __tablename__ = "phrase"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))  # return, opinion, reason
    target: Mapped[str] = mapped_column(String(120), default="")  # of a return: which part of the declaration
    text: Mapped[str] = mapped_column(String(500))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class ClosingDay(Base):
    """The day by which a unit wants its people's declarations under a notice; never later than the notice's own.

    `remind_at` when whoever still fills in is reminded of it; None where being told of the day was reminder enough.
    """

    __tablename__ = "closing_day"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    notice_key: Mapped[str] = mapped_column(String(80))
    closes_on: Mapped[date]
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(Instant)
    remind_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("organisation_id", "notice_key"),)
