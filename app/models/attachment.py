"""The table of uploaded files; the bytes lie in storage under their SHA-256."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Digest, Id, Instant


class Attachment(Base):
    """One upload under the name its owner gave; equal bytes are stored once."""

    __tablename__ = "attachment"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    digest: Mapped[str] = mapped_column(Digest, index=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]  # bytes
    declaration_id: Mapped[int | None] = mapped_column(ForeignKey("declaration.id"), index=True)
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # empty: with an objection
    uploaded_at: Mapped[datetime] = mapped_column(Instant)


class EvidenceMark(Base):
    """已看 and 原件已核对: an office's look at one file while it handles one task."""

    __tablename__ = "evidence_mark"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"))
    seen_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seen_at: Mapped[datetime] = mapped_column(Instant)
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("task_id", "attachment_id"),)
