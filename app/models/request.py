"""What the holder of a task asks of other people: 转办, 委派, 加签; and 抄送, which asks for nothing."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant

_LIVE = text("status IN ('open', 'planned')")


class TaskRequest(Base):
    """Who asked whom for what about a task, and what came of it.

    `kind` is transfer, delegation, before or after (a signature before or after the decision). `status`: planned (its
    turn comes), open (`Task.request_id` names it, its person holds the task), done, withdrawn (by whoever asked),
    closed (the task went elsewhere). `home_id` is whose the task is again afterwards.
    """

    __tablename__ = "task_request"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    declaration_id: Mapped[int | None] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(12))
    position: Mapped[int] = mapped_column(default=1)  # signers are asked one after the other
    status: Mapped[str] = mapped_column(String(12))
    from_person_id: Mapped[int] = mapped_column(Id)
    on_behalf_of: Mapped[int | None] = mapped_column(Id)
    home_id: Mapped[int] = mapped_column(Id)
    to_person_id: Mapped[int] = mapped_column(Id, index=True)
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    agreed: Mapped[bool | None] = mapped_column()  # a signer's word; a delegation has only an opinion
    opinion: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[int | None] = mapped_column(Id)  # the person asked, or his substitute
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (Index("ix_task_request_live", "from_person_id", postgresql_where=_LIVE, sqlite_where=_LIVE),)


class TaskCopy(Base):
    """抄送: somebody who was shown a task, and when he first read it."""

    __tablename__ = "task_copy"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    declaration_id: Mapped[int | None] = mapped_column(Id)
    from_person_id: Mapped[int] = mapped_column(Id)
    to_person_id: Mapped[int] = mapped_column(Id)
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        Index("uq_task_copy", "task_id", "to_person_id", unique=True),
        Index("ix_task_copy_to", "to_person_id", "id"),
    )
