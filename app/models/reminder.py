"""Which reminders of a task's deadline were sent."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant


class TaskReminder(Base):
    """One reminder of one due instant: so many working days `before` it, or `after` it was missed.

    The row is the fence: a second worker, or a second try after a crash, finds it and reminds nobody again. A deadline
    that is moved has another `due_at`, of which people are reminded anew.
    """

    __tablename__ = "task_reminder"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    kind: Mapped[str] = mapped_column(String(6))
    days: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(Instant)
    at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("task_id", "kind", "due_at", "days"),)
