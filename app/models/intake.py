"""The table of registers handed in as files: bodies, accounts with posts."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant, Json, Sealed

CONTENT_COLUMN = "intake_file.content"


class IntakeFile(Base):
    """A file as it was read; nothing of it counts before `applied_at`. `counts` say what it then came to.

    `made` are the accounts that it made, whose first passwords it may hand out.
    """

    __tablename__ = "intake_file"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))  # organisations, accounts
    name: Mapped[str] = mapped_column(String(255))
    content: Mapped[str | None] = mapped_column(Sealed(CONTENT_COLUMN))  # emptied once it is applied
    total: Mapped[int]
    taken_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime] = mapped_column(Instant)
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Text)
    counts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # outcome → rows
    made: Mapped[list[int]] = mapped_column(Json, default=list)
    __table_args__ = (Index("ix_intake_file_kind", "kind", "id"),)
