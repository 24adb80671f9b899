"""The table of what a person has achieved, kept for the declarations of any year (我的业绩库)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Instant, Json


class AchievementLibrary(Base):
    """`rows`: key of a record table of form 8 → its rows, each with the `_id` that it keeps in every declaration."""

    __tablename__ = "achievement_library"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    rows: Mapped[dict[str, list[dict[str, Any]]]] = mapped_column(Json, default=dict)
    token: Mapped[str] = mapped_column(String(36))  # of the last save; the next one must bring it
    saved_at: Mapped[datetime] = mapped_column(Instant)
