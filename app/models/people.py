"""Tables of who people are, where they belong and what they may do there."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Digest, Id, Instant, Json, Sealed

IDENTITY_COLUMN = "person.identity_number"
MOBILE_COLUMN = "person.mobile"
EMAIL_COLUMN = "person.email"


class Organisation(Base):
    """A body of the hierarchy. `path` lists the ids from the root down to its own (`/1/5/`), so a prefix is a subtree.

    A merged body keeps its row: `merged_into_id` says who answers for it now.
    """

    __tablename__ = "organisation"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    former_names: Mapped[list[str]] = mapped_column(Json, default=list)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    path: Mapped[str] = mapped_column(String(400), index=True)
    district: Mapped[str | None] = mapped_column(String(40))
    contact_name: Mapped[str | None] = mapped_column(String(80))
    contact_phone: Mapped[str | None] = mapped_column(String(40))
    document_code: Mapped[str | None] = mapped_column(String(20), unique=True)  # 机关代字 of its documents' numbers
    contacts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # step key → {name, phone}
    registered: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    __table_args__ = ({"info": {"kept": True}},)


class Person(Base):
    """One individual account (R-105: bodies have none of their own)."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_given_at: Mapped[datetime | None] = mapped_column(Instant)  # by an administrator: to be changed at once
    identity_number: Mapped[str | None] = mapped_column(Sealed(IDENTITY_COLUMN))
    identity_blind: Mapped[str | None] = mapped_column(Digest, unique=True)
    mobile: Mapped[str | None] = mapped_column(Sealed(MOBILE_COLUMN))
    mobile_blind: Mapped[str | None] = mapped_column(Digest, index=True)
    email: Mapped[str | None] = mapped_column(Sealed(EMAIL_COLUMN))
    notify_by: Mapped[list[str]] = mapped_column(Json, default=list)  # email, sms; the inbox always
    digest_hour: Mapped[int | None]  # mails gathered once a working day at this hour; empty: each at once
    sex: Mapped[str | None] = mapped_column(String(8))  # male, female
    birth: Mapped[date | None]
    failures: Mapped[int] = mapped_column(default=0)  # wrong passwords in a row
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (Index("ix_person_name", "name", postgresql_ops={"name": "text_pattern_ops"}),)


class RoleGrant(Base):
    """A role that a person holds in a body (or in none: product roles), from `from_at` until before `to_at`."""

    __tablename__ = "role_grant"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    specialties: Mapped[list[str]] = mapped_column(Json, default=list)  # empty: all
    from_at: Mapped[datetime] = mapped_column(Instant)
    to_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (Index("ix_role_grant_holders", "role", "organisation_id"),)


class Substitute(Base):
    """Who acts in `person_id`'s place in one role of one body, and why."""

    __tablename__ = "substitute"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    substitute_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    from_at: Mapped[datetime] = mapped_column(Instant)
    to_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index("ix_substitute_absent", "person_id", "role", "organisation_id"),)


class LoginSession(Base):
    """A login the server may revoke; the browser holds the token, the table only its digest."""

    __tablename__ = "login_session"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token: Mapped[str] = mapped_column(Digest, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    acting_grant_id: Mapped[int | None] = mapped_column(ForeignKey("role_grant.id"))  # empty: 个人
    address: Mapped[str | None] = mapped_column(String(60))  # the network it was opened from
    device: Mapped[str | None] = mapped_column(String(60))
    ended: Mapped[str | None] = mapped_column(String(16))  # why it was revoked: domain.logins.ENDED
    __table_args__ = (Index("ix_login_session_expires", "expires_at"),)


class RevealLog(Base):
    """Who was shown which sealed field of whom, when and why; append-only."""

    __tablename__ = "reveal_log"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    field: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class Sanction(Base):
    """The register of sanctions and impact periods (影响期); `to_on` is the last day, empty while open."""

    __tablename__ = "sanction"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200))


class BindingRequest(Base):
    """A person asks to register a body by credit code and certificate and to hold a role there (R-105)."""

    __tablename__ = "binding_request"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    credit_code: Mapped[str] = mapped_column(String(18))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)  # who approves
    certificate_id: Mapped[int] = mapped_column(Id)  # attachment: the organisation's certificate
    contact_name: Mapped[str] = mapped_column(String(80))
    contact_phone: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(12), default="pending")  # pending, approved, refused
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))  # once approved
    requested_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str | None] = mapped_column(Text)
