"""Tables of what was done to accounts, and of who came in: rows that are added and never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.history import guard
from app.models.types import Id, Instant, Json


class AccountChange(Base):
    """What somebody did to an account, or looked up about it: by whom, when and why; append-only."""

    __tablename__ = "account_change"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))  # domain.account_changes.KINDS
    grant_id: Mapped[int | None] = mapped_column(Id)
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # post, specialties, tasks, …
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (Index("ix_account_change_person", "person_id", "id"),)


guard(AccountChange)
