"""Tables of what offices do to a declaration: checks, requests, notices, registers, payments, opinions, decisions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant, Json


class CheckRecord(Base):
    """Who examined a declaration at a level, what was ticked, with which opinion (R-129: 谁审查、谁签字、谁负责)."""

    __tablename__ = "check_record"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)
    level: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str] = mapped_column(String(40))
    opinion: Mapped[str | None] = mapped_column(Text)
    signed_by: Mapped[str | None] = mapped_column(String(80))  # the signature typed on the form
    checks: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # key, ok, note, person_id, at
    originals: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # rows whose original was seen
    at: Mapped[datetime] = mapped_column(Instant)


class Sent:
    """What is sent to an applicant: delivered when first shown to him (by list or notification), then read."""

    sent_at: Mapped[datetime] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    delivered_by: Mapped[str | None] = mapped_column(String(20))
    read_at: Mapped[datetime | None] = mapped_column(Instant)


class CompletionRequest(Sent, Base):
    """A level asks the applicant to complete the materials before a day (R-121); any number of rounds."""

    __tablename__ = "completion_request"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)
    level: Mapped[str] = mapped_column(String(40))
    round: Mapped[int]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    items: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    days: Mapped[int | None]  # working days to complete; empty: as the notice's parameter says
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("declaration_id", "level", "round"),)


class CorrectionNotice(Sent, Base):
    """The one-time notice of everything to correct (R-138): one per accepting body and level of a declaration."""

    __tablename__ = "correction_notice"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"))
    level: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    number: Mapped[str] = mapped_column(String(60), unique=True)
    items: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # _id, target, text; sealed once sent
    returns: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # same items returned: ids, at, person_id
    replies: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # the applicant's: _id, reply, evidence
    days: Mapped[int | None]  # working days that the office set; empty: as the notice's parameter says
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("declaration_id", "level", "organisation_id"),)


class RegisterEntry(Base):
    """One line of an organisation's 受理登记簿."""

    __tablename__ = "acceptance_register"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    number: Mapped[int]
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)
    committee_id: Mapped[int] = mapped_column(Id)
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str] = mapped_column(String(20))  # accepted, correction, refused, returned, redirected
    document: Mapped[str | None] = mapped_column(String(60))  # number of the acceptance or of the notice sent
    note: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("organisation_id", "year", "number"),)


class RefusalNotice(Sent, Base):
    """A numbered 不予受理 notice of an accepting body (R-137)."""

    __tablename__ = "refusal_notice"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    number: Mapped[str] = mapped_column(String(60), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    clause: Mapped[str | None] = mapped_column(String(200))


class Payment(Base):
    """The review fee of a declaration in whole yuan; `skipped` where the committee has no payment window."""

    __tablename__ = "payment"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), unique=True)
    status: Mapped[str] = mapped_column(String(12), default="due")  # due, paid, skipped
    amount: Mapped[int | None]
    receipt_no: Mapped[str | None] = mapped_column(String(80))
    receipt: Mapped[list[int]] = mapped_column(Json, default=list)  # attachments
    method: Mapped[str | None] = mapped_column(String(40))
    paid_on: Mapped[date | None]
    extended_to: Mapped[date | None]  # the office let this one pay later, last day
    note: Mapped[str | None] = mapped_column(Text)
    number: Mapped[str | None] = mapped_column(String(60), unique=True)  # of the receipt that this office gives
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class Opinion(Base):
    """One body's signed opinion on an exceptional declaration (form 4)."""

    __tablename__ = "opinion"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)
    element_id: Mapped[str] = mapped_column(String(120))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str] = mapped_column(String(40))
    text: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class OverrideRecord(Base):
    """A rule that holds in principle is set aside for a stated reason (domain 3.14): asked for, then granted or not."""

    __tablename__ = "override_record"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    rule: Mapped[str] = mapped_column(String(40))
    declaration_id: Mapped[int | None] = mapped_column(ForeignKey("declaration.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("unit_batch.id"), index=True)
    value: Mapped[str | None] = mapped_column(String(200))
    limit: Mapped[str | None] = mapped_column(String(200))
    explanation: Mapped[str] = mapped_column(Text)
    evidence: Mapped[list[int]] = mapped_column(Json, default=list)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    granted: Mapped[bool | None]
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[str | None] = mapped_column(Text)


class DecisionRecord(Base):
    """Any other decision of an office, word for word as the form gave it."""

    __tablename__ = "decision_record"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    instance_id: Mapped[int | None] = mapped_column(Id, index=True)
    declaration_id: Mapped[int | None] = mapped_column(ForeignKey("declaration.id"))
    element_id: Mapped[str] = mapped_column(String(120))
    decision: Mapped[str | None] = mapped_column(String(40))
    values: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (Index("ix_decision_record_declaration", "declaration_id", "element_id"),)


class RouteExtension(Base):
    """The convening organisation lets an overdue declaration go on climbing until a later day (延期受理)."""

    __tablename__ = "route_extension"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    approver: Mapped[str | None] = mapped_column(String(80))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
