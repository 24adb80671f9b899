"""Complaints about a declaration, a session, an expert or a unit; who reported stands apart and sealed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant, Sealed

REPORTER_NAME = "complaint_reporter.name"
REPORTER_CONTACT = "complaint.contact"  # the seal's name is older than the table


class Complaint(Base):
    """What somebody reported, held under a receipt code; `finding` says what the investigation found.

    `kind` says what it is about; a session, an expert or a unit is named in `about` until the office has found it.
    """

    __tablename__ = "complaint"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), default="declaration")  # declaration, session, expert, unit
    declaration_id: Mapped[int | None] = mapped_column(ForeignKey("declaration.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("review_session.id"))
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("expert.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    about: Mapped[str | None] = mapped_column(String(200))  # in the reporter's words
    office_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)  # who investigates
    stage: Mapped[str | None] = mapped_column(String(24))  # when it came in: see domain.complaints.STAGES
    receipt_code: Mapped[str] = mapped_column(String(20), unique=True)
    text: Mapped[str] = mapped_column(Text)
    instance_id: Mapped[int | None] = mapped_column(Id, unique=True)
    finding: Mapped[str | None] = mapped_column(String(20))  # founded, unfounded, elsewhere
    reply: Mapped[str | None] = mapped_column(Text)  # what its reporter reads beside the finding
    raised_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class ComplaintReporter(Base):
    """Who reported, as far as he said; opened only on record (`ReporterReading`)."""

    __tablename__ = "complaint_reporter"
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), primary_key=True, autoincrement=False)
    name: Mapped[str | None] = mapped_column(Sealed(REPORTER_NAME))
    contact: Mapped[str | None] = mapped_column(Sealed(REPORTER_CONTACT))


class ReporterReading(Base):
    """Who opened a reporter's identity, when and why; append-only."""

    __tablename__ = "reporter_reading"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class ComplaintNote(Base):
    """A word between the office and the reporter, who stays unnamed; `by` is the officer, empty for the reporter."""

    __tablename__ = "complaint_note"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    complaint_id: Mapped[int] = mapped_column(Id)
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (Index("ix_complaint_note_complaint", "complaint_id", "id"),)
