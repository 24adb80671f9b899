"""Tables of migrations: many running instances put on another version of their notice, each with its own outcome."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant, Json


class Migration(Base):
    """Instances to be put on one version: planned, started, ended; or undone as far as nobody has worked on them."""

    __tablename__ = "migration"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    notice_version_id: Mapped[int] = mapped_column(ForeignKey("notice_version.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(Id)
    reason: Mapped[str] = mapped_column(Text)
    planned_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)


class MigrationItem(Base):
    """One instance; `place` is where it stood, `reason` why it stays.

    What it was before, for undoing: `state`, and in `before` its version, waits and tasks; good while the instance's
    row still has the version `after`.
    """

    __tablename__ = "migration_item"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    migration_id: Mapped[int] = mapped_column(ForeignKey("migration.id"))
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    place: Mapped[str] = mapped_column(String(300), default="")
    outcome: Mapped[str] = mapped_column(String(12), default="pending")  # pending, moved, refused, skipped, undone
    reason: Mapped[str | None] = mapped_column(Text)
    state: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(Json, deferred=True)
    after: Mapped[int | None]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (Index("ix_migration_item_migration", "migration_id", "id"),)
