"""Tables of a declaration: the record itself, the numbers it receives, and what other registers say about a person."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Digest, Id, Instant, Json, Sealed

SEALED_COLUMN = "declaration.sealed"


class Declaration(Base):
    """One person's declaration under one notice, from the draft to its end.

    `data` is the record as last saved, without its identity number and mobile: those stand in `sealed` (a JSON text).
    `year_slot` is the year that this declaration uses up (R-011): held from submission while the declaration is live,
    for ever once accepted, given back when it ends before; empty for drafts and for channels that do not count.
    `route` is frozen at submission: `levels` → why, `bodies` → organisation id, `acceptance`, `entrusted`.
    """

    __tablename__ = "declaration"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    notice_key: Mapped[str] = mapped_column(String(80), index=True)
    notice_version_id: Mapped[int] = mapped_column(Id)
    year: Mapped[int]
    committee_id: Mapped[int] = mapped_column(Id, index=True)
    instance_id: Mapped[int | None] = mapped_column(Id, unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("declaration.id"))
    series: Mapped[str | None] = mapped_column(String(40))
    specialty: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str | None] = mapped_column(String(40))  # code of the title declared
    level: Mapped[str | None] = mapped_column(String(20))  # junior, intermediate, associate_senior, full_senior
    category: Mapped[str | None] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(20), default="normal")  # normal, green, special_programme
    status: Mapped[str] = mapped_column(String(40), default="DRAFT")
    ended_as: Mapped[str | None] = mapped_column(String(40))
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    sealed: Mapped[str | None] = mapped_column(Sealed(SEALED_COLUMN))
    revision: Mapped[int] = mapped_column(default=0)  # of `data`; grows by one at each save
    verification: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # item → {result, fields, note}
    route: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    holds: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # open holds: reason, since, shown, status
    number: Mapped[str | None] = mapped_column(String(60), unique=True)
    acceptance_no: Mapped[str | None] = mapped_column(String(60), unique=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("unit_batch.id"), index=True)
    year_slot: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        UniqueConstraint("person_id", "year_slot"),
        Index("ix_declaration_committee_status", "committee_id", "status"),
        Index("ix_declaration_status", "status"),
    )


class NumberSeries(Base):
    """The last number given out in a series (`declaration:2023`); its row is the lock that keeps numbers unique."""

    __tablename__ = "number_series"
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    last: Mapped[int]


class SharedRecord(Base):
    """What another authority's register says of a person, per item of R-144; stands for the data-sharing platform."""

    __tablename__ = "shared_record"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    identity_blind: Mapped[str] = mapped_column(Digest)
    item: Mapped[str] = mapped_column(String(40))
    result: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    __table_args__ = (UniqueConstraint("identity_blind", "item"),)
