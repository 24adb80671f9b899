"""Tables of notices as data: versions, their content-addressed resources, committees and changes of parameters."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Digest, Id, Instant, Json


class Notice(Base):
    """A yearly document (通知); what it says stands in its versions."""

    __tablename__ = "notice"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    number: Mapped[str] = mapped_column(String(80))  # 文号
    issuer: Mapped[str] = mapped_column(String(120))
    year: Mapped[int]
    parent_key: Mapped[str | None] = mapped_column(String(80))


class NoticeVersion(Base):
    """One published state of a notice; never updated (D18). Instances are pinned to it.

    `body`: `parameters` {key: entry}, `vocabulary` {key: declaration}, `texts`, `committees` {no: committee id},
    `manifest` {diagrams|decisions|forms: {key: digest}}, `own` (the same three: keys this notice overrides itself),
    `package` (digest of the files it was published from).
    """

    __tablename__ = "notice_version"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    ordinal: Mapped[int]
    number: Mapped[str] = mapped_column(String(80))  # 文号 of the notice, or of the supplementary notice
    parent_version_id: Mapped[int | None] = mapped_column(ForeignKey("notice_version.id"))
    published_at: Mapped[datetime] = mapped_column(Instant)
    published_by: Mapped[int | None] = mapped_column(Id)
    effective_at: Mapped[datetime] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Digest)  # of the body and the parent's digest
    bundle_digest: Mapped[str] = mapped_column(Digest)  # of the manifest
    body: Mapped[dict[str, Any]] = mapped_column(Json, deferred=True)
    amends: Mapped[int | None] = mapped_column(ForeignKey("notice_version.id"))
    legal_basis: Mapped[str | None] = mapped_column(Text)
    keeps_old: Mapped[str | None] = mapped_column(String(40))  # who stays on the version that is amended
    took_effect_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("notice_id", "ordinal"),)


class Resource(Base):
    """A diagram, decision table or form by its content; `kind` and `key` say what it was first stored as."""

    __tablename__ = "resource"
    digest: Mapped[str] = mapped_column(Digest, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Committee(Base):
    """One revision of a committee's row in a schedule; a change makes a new row and closes this one (D18a).

    Every window is optional: `…_from` its first instant, `…_until` the first instant too late. No order among windows.
    `flags`: offline, special_online, declare_month_only, check_end_only. `parameters`: entries that hold for it alone.
    """

    __tablename__ = "committee"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    no: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(200))
    levels: Mapped[list[str]] = mapped_column(Json)
    series: Mapped[list[str]] = mapped_column(Json)
    specialties: Mapped[list[str]] = mapped_column(Json)  # empty: every specialty of the series
    convening_key: Mapped[str] = mapped_column(String(80), index=True)
    convening_name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200), default="")
    declare_from: Mapped[datetime | None] = mapped_column(Instant)
    declare_until: Mapped[datetime | None] = mapped_column(Instant)
    check_from: Mapped[datetime | None] = mapped_column(Instant)
    check_until: Mapped[datetime | None] = mapped_column(Instant)
    corrections_from: Mapped[datetime | None] = mapped_column(Instant)
    corrections_until: Mapped[datetime | None] = mapped_column(Instant)
    pay_from: Mapped[datetime | None] = mapped_column(Instant)
    pay_until: Mapped[datetime | None] = mapped_column(Instant)
    paper_from: Mapped[datetime | None] = mapped_column(Instant)
    paper_until: Mapped[datetime | None] = mapped_column(Instant)
    session: Mapped[str] = mapped_column(String(80), default="")
    flags: Mapped[list[str]] = mapped_column(Json, default=list)
    parameters: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    clause: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("committee.id"))
    __table_args__ = (
        UniqueConstraint("notice_id", "no", "revision"),
        Index(
            "uq_committee_current",
            "notice_id",
            "no",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
            sqlite_where=text("superseded_at IS NULL"),
        ),
        {"info": {"kept": True}},
    )


class ParameterChange(Base):
    """Who changed which parameter, when, why, from what to what (D19); `committee_no` for a committee's own value."""

    __tablename__ = "parameter_change"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    notice_version_id: Mapped[int] = mapped_column(ForeignKey("notice_version.id"), index=True)
    key: Mapped[str] = mapped_column(String(80))
    committee_no: Mapped[int | None]
    old: Mapped[dict[str, Any] | None] = mapped_column(Json)
    new: Mapped[dict[str, Any] | None] = mapped_column(Json)
    changed_by: Mapped[int | None] = mapped_column(Id)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
