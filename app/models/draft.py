"""Tables of the studio: a notice's folder while designers work on it, its trail, and who is at it now."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Digest, Id, Instant, Json


class NoticeDraft(Base):
    """A notice in the making (草稿). Title, issuer, year and parent repeat what its `notice.yaml` says, for lists."""

    __tablename__ = "notice_draft"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), index=True)
    title: Mapped[str] = mapped_column(String(300))
    issuer: Mapped[str] = mapped_column(String(120))
    year: Mapped[int]
    parent_key: Mapped[str | None] = mapped_column(String(80))
    based_on_version_id: Mapped[int | None] = mapped_column(ForeignKey("notice_version.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    published_version_id: Mapped[int | None] = mapped_column(ForeignKey("notice_version.id"))
    discarded_at: Mapped[datetime | None] = mapped_column(Instant)


class DraftFile(Base):
    """A file of the draft's own; what it has none of is inherited. The next save must bring its `revision`."""

    __tablename__ = "draft_file"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("notice_draft.id"))
    path: Mapped[str] = mapped_column(String(160))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    revision: Mapped[int]
    updated_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("draft_id", "path"),)


class DraftChange(Base):
    """One save, only ever added: `digest` of what was saved, None where the draft's own copy was given up.

    Of a parameter `key` says which, `old` and `new` what its entry was and is.
    """

    __tablename__ = "draft_change"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("notice_draft.id"), index=True)
    path: Mapped[str] = mapped_column(String(160))
    revision: Mapped[int]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text)
    digest: Mapped[str | None] = mapped_column(Digest)
    key: Mapped[str | None] = mapped_column(String(80))
    old: Mapped[dict[str, Any] | None] = mapped_column(Json)
    new: Mapped[dict[str, Any] | None] = mapped_column(Json)


class DraftPresence(Base):
    """Who has which file of a draft open, and when his page last said so."""

    __tablename__ = "draft_presence"
    draft_id: Mapped[int] = mapped_column(ForeignKey("notice_draft.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    path: Mapped[str] = mapped_column(String(160))
    seen_at: Mapped[datetime] = mapped_column(Instant)
