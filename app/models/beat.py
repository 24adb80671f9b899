"""When each job that runs without a person went round last, on the real time."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Instant


class JobBeat(Base):
    """One row a job; written at most once a minute while it goes well, and at each failure."""

    __tablename__ = "job_beat"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)  # tick, delivery, figures
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    failed_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str | None] = mapped_column(Text)
