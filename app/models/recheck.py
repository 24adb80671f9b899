"""Rechecks of a result: who asked, when and why, what the office answered, which declaration is reviewed anew."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant, Json


class Recheck(Base):
    """复查 of one declaration's result; `due_at` is the first instant that was too late when it was asked for."""

    __tablename__ = "recheck"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)
    committee_id: Mapped[int | None] = mapped_column(ForeignKey("committee.id"))  # another one, named by the authority
    asked_by: Mapped[str] = mapped_column(String(12), default="applicant")  # applicant, authority
    reason: Mapped[str] = mapped_column(String(16))  # procedure, misread, other
    text: Mapped[str] = mapped_column(Text)
    evidence: Mapped[list[int]] = mapped_column(Json, default=list)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    filed_at: Mapped[datetime] = mapped_column(Instant)
    filed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    status: Mapped[str] = mapped_column(String(12), default="open")  # open, late, refused, kept, upheld
    reply: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    new_declaration_id: Mapped[int | None] = mapped_column(ForeignKey("declaration.id"))
    instance_id: Mapped[int | None] = mapped_column(Id, unique=True)
