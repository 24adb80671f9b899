"""What work on many things at once keeps: that it was looked at, begun and ended, and what came of each thing."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.types import Instant


class Planned:
    """Planned, then started, then ended."""

    planned_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def state(self) -> str:
        return "ended" if self.ended_at else "running" if self.started_at else "planned"


class Outcome:
    """Of one thing: `outcome` is pending until it was its turn; `reason` why it came to nothing."""

    outcome: Mapped[str] = mapped_column(String(12), default="pending")
    reason: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
