"""Tables of the dictionaries that a deployment edits: what it added or changed of them, and every change."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.history import guard
from app.models.types import Id, Instant, Json


class DictionaryEntry(Base):
    """An entry of the deployment's own, or its word for a shipped one; a retired one is read and no longer offered."""

    __tablename__ = "dictionary_entry"
    dictionary: Mapped[str] = mapped_column(String(40), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[str] = mapped_column(String(40))
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # what it belongs to: series
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class DictionaryChange(Base):
    """Who added, renamed, retired or restored an entry, and why; append-only. The last id tells that something did."""

    __tablename__ = "dictionary_change"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    dictionary: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12))  # added, renamed, retired, restored
    before: Mapped[str | None] = mapped_column(String(40))
    after: Mapped[str | None] = mapped_column(String(40))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (Index("ix_dictionary_change_dictionary", "dictionary", "id"),)


guard(DictionaryChange)
