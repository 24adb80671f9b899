"""Tables of a unit's recommendation: batches, form 7, their publicity, frozen snapshots and objections."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Digest, Id, Instant, Json, Sealed

CONTACT_COLUMN = "objection.contact"
COLLECTING = text("phase = 'collecting'")


class UnitBatch(Base):
    """The names that one body recommends together under one notice; at most one batch of them is still collecting."""

    __tablename__ = "unit_batch"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    notice_key: Mapped[str] = mapped_column(String(80))
    notice_version_id: Mapped[int] = mapped_column(Id)
    role: Mapped[str] = mapped_column(String(40))  # unit_clerk, or agency in a freelancer's unit's place
    instance_id: Mapped[int | None] = mapped_column(Id, unique=True)
    phase: Mapped[str] = mapped_column(String(20), default="collecting")  # collecting, decided, submitted or closed
    ranking: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # as decided: declaration_id, reason
    granted: Mapped[list[str]] = mapped_column(Json, default=list)  # levels that may exceed form 7
    names: Mapped[int] = mapped_column(default=1)  # that joined, whoever left again included
    number: Mapped[str | None] = mapped_column(String(60), unique=True)  # of the list that goes up (推荐名册)
    created_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        Index(
            "uq_unit_batch_collecting",
            "organisation_id",
            "notice_key",
            "role",
            unique=True,
            sqlite_where=COLLECTING,
            postgresql_where=COLLECTING,
        ),
    )


class QuotaFiling(Base):
    """Form 7 of a unit for a year; each correction is a version, and the highest is in force (R-017).

    `values` are the form's: its head, and `levels` with level, quota, declared, exempt_count and the posts.
    """

    __tablename__ = "quota_filing"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    version: Mapped[int]
    values: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    filed_at: Mapped[datetime] = mapped_column(Instant)
    filed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (UniqueConstraint("organisation_id", "year", "version"),)


class BatchEntry(Base):
    """One name in a batch; `left_at` when the declaration ended or went down again before going up."""

    __tablename__ = "batch_entry"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("unit_batch.id"))
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)
    recommended: Mapped[bool | None]  # empty until decided on merit
    reason: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int | None]  # 1 = first in the unit's ranking
    held: Mapped[bool] = mapped_column(default=False)  # an objection to this name is open
    correcting: Mapped[bool] = mapped_column(default=False)  # being checked again before the next round is shown
    joined_at: Mapped[datetime] = mapped_column(Instant)
    gone_up_at: Mapped[datetime | None] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("batch_id", "declaration_id"),)


class Snapshot(Base):
    """Content frozen under its own SHA-256; never updated."""

    __tablename__ = "snapshot"
    digest: Mapped[str] = mapped_column(Digest, primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    frozen_at: Mapped[datetime] = mapped_column(Instant)


class Publicity(Base):
    """A round of a batch's collective publicity: internal, seen by the unit's own people or with the access code.

    The highest round is the present one, unless it was superseded because what it showed changed. The rounds of a batch
    share the access code, which hangs on the board.
    """

    __tablename__ = "publicity"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("unit_batch.id"))
    round: Mapped[int] = mapped_column(default=1)
    snapshot_digest: Mapped[str] = mapped_column(ForeignKey("snapshot.digest"))
    access_code: Mapped[str] = mapped_column(String(20))
    starts_at: Mapped[datetime] = mapped_column(Instant)  # where counting begins
    ends_at: Mapped[datetime] = mapped_column(Instant)  # first instant after the last day, as computed at the start
    last_day: Mapped[date]
    working_days: Mapped[int]
    provisional: Mapped[bool] = mapped_column(default=False)
    channels: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # kind unit|superior, name, phone
    reporting_method: Mapped[str | None] = mapped_column(String(300))  # 反映方式
    place: Mapped[str] = mapped_column(String(400))
    platform: Mapped[str | None] = mapped_column(String(400))  # the unit's office platform, where it has one
    proof: Mapped[list[int]] = mapped_column(Json, default=list)  # attachments: proof of the platform's page
    photo: Mapped[list[int]] = mapped_column(Json, default=list)  # attachments: photograph of the board
    held_off_line: Mapped[bool] = mapped_column(default=False)  # recorded afterwards, from its dates and a photograph
    confirmed_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str | None] = mapped_column(Text)  # 公示情况
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)  # ended early, to be shown anew
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    superseded_reason: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (UniqueConstraint("batch_id", "round"), UniqueConstraint("access_code", "round"))


class PublicitySample(Base):
    """That a publicity was on show on a working day, and the hash of what it showed; one a day."""

    __tablename__ = "publicity_sample"
    publicity_id: Mapped[int] = mapped_column(ForeignKey("publicity.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    shown_digest: Mapped[str] = mapped_column(Digest)


class Objection(Base):
    """Somebody objects to one name of a publicity; held under a receipt code, so its writer may stay unnamed."""

    __tablename__ = "objection"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    publicity_id: Mapped[int] = mapped_column(ForeignKey("publicity.id"), index=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)
    receipt_code: Mapped[str] = mapped_column(String(20), unique=True)
    text: Mapped[str] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(Sealed(CONTACT_COLUMN))
    evidence: Mapped[list[int]] = mapped_column(Json, default=list)
    status: Mapped[str] = mapped_column(String(12), default="open")  # open, closed
    finding: Mapped[str | None] = mapped_column(String(20))  # founded, unfounded
    explanation: Mapped[str | None] = mapped_column(Text)
    instance_id: Mapped[int | None] = mapped_column(Id, unique=True)
    raised_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
