"""Tables of review sessions: seats, panels, the agenda, recusals, opinions, the result's publicity, what follows it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Digest, Id, Instant, Json


class ReviewSession(Base):
    """评审会议 of a committee in a year, run by `review_session`.

    `rules` are the fractions and the recusal rule as minuted before the first ballot; `minutes` the meeting's record
    as its clerk completes it.
    """

    __tablename__ = "review_session"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    review_committee_id: Mapped[int] = mapped_column(ForeignKey("review_committee.id"), index=True)
    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id"), index=True)
    notice_key: Mapped[str] = mapped_column(String(80))
    notice_version_id: Mapped[int] = mapped_column(Id)
    year: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    instance_id: Mapped[int | None] = mapped_column(Id, unique=True)
    status: Mapped[str] = mapped_column(String(20), default="preparing")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("review_session.id"))  # the session a re-review follows
    planned_from: Mapped[datetime | None] = mapped_column(Instant)
    planned_until: Mapped[datetime | None] = mapped_column(Instant)  # the experts' room closes then
    place: Mapped[str | None] = mapped_column(String(200))
    roster_size: Mapped[int | None]  # executing members, without unused reserves (§8-9)
    presiding_id: Mapped[int | None] = mapped_column(Id)  # seat
    rules: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    rules_minuted_at: Mapped[datetime | None] = mapped_column(Instant)
    recording: Mapped[str | None] = mapped_column(String(120))  # reference of the audio and video recording
    checks: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # closed management, phones, who and when
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    announced_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)  # the review's end, from which the report is due
    minutes: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    report: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    postponed: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # at, present, needed, reason


class Panel(Base):
    """专业组 of a session."""

    __tablename__ = "panel"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("review_session.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    specialties: Mapped[list[str]] = mapped_column(Json, default=list)


class Seat(Base):
    """An expert's place in a session. The seat code is printed; the table holds its digest."""

    __tablename__ = "seat"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("review_session.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"), index=True)
    number: Mapped[int]
    position: Mapped[str] = mapped_column(String(16), default="member")  # chair, deputy_chair, member, reserve
    panel_id: Mapped[int | None] = mapped_column(ForeignKey("panel.id"))
    code_digest: Mapped[str | None] = mapped_column(Digest, unique=True)
    signed_in_at: Mapped[datetime | None] = mapped_column(Instant)
    pledged_at: Mapped[datetime | None] = mapped_column(Instant)  # secrecy pledge
    phone_receipt: Mapped[str | None] = mapped_column(String(40))
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    replaces_id: Mapped[int | None] = mapped_column(Id)  # the seat whose place a reserve took
    __table_args__ = (UniqueConstraint("session_id", "expert_id"), UniqueConstraint("session_id", "number"))


class AgendaItem(Base):
    """One declaration before one session."""

    __tablename__ = "agenda_item"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("review_session.id"))
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)
    panel_id: Mapped[int | None] = mapped_column(ForeignKey("panel.id"))
    place: Mapped[int]  # in the order of the agenda, from 1
    main_reader_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    status: Mapped[str] = mapped_column(String(12), default="listed")  # listed, deferred, voted, dropped
    reason: Mapped[str | None] = mapped_column(Text)  # of a deferral or a drop
    panel_opinion: Mapped[str | None] = mapped_column(Text)
    passed: Mapped[bool | None]
    outcome: Mapped[str | None] = mapped_column(String(20))  # held, confirmed, not_confirmed, replied
    confirmation_id: Mapped[int | None] = mapped_column(ForeignKey("confirmation.id"))
    __table_args__ = (UniqueConstraint("session_id", "declaration_id"),)


class Recusal(Base):
    """回避 of one seat from one declaration: suggested by the records, declared by the expert, decided by the chair."""

    __tablename__ = "recusal"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    status: Mapped[str] = mapped_column(String(12))  # suggested, recused, dismissed
    basis: Mapped[list[str]] = mapped_column(Json, default=list)  # employer, recommender, co_author, kinship, other
    reason: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("seat_id", "item_id"),)


class ReviewOpinion(Base):
    """评议意见 of one seat on one declaration; `scores` by the keys of the notice's form."""

    __tablename__ = "review_opinion"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    text: Mapped[str] = mapped_column(Text, default="")
    scores: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    handed_in_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("item_id", "seat_id"),)


class ResultPublicity(Base):
    """The open publicity of a session's result: what was shown, from when, and the mirrored list (R-201)."""

    __tablename__ = "result_publicity"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("review_session.id"))
    round: Mapped[int] = mapped_column(default=1)
    snapshot_digest: Mapped[str] = mapped_column(ForeignKey("snapshot.digest"))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    last_day: Mapped[date]
    working_days: Mapped[int]
    provisional: Mapped[bool] = mapped_column(default=False)
    channels: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # kind office|approving, name, phone
    reporting_method: Mapped[str | None] = mapped_column(Text)
    started_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    mirrored_by: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))  # 同步公示
    mirrored_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("session_id", "round"),)


class Confirmation(Base):
    """职称资格确认通知 (or the reply to an entrusting unit): its number, date and issuing body; items name it.

    `documents` are uploads: the notice as issued, for a self-review unit also its record of certificate numbers.
    """

    __tablename__ = "confirmation"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("review_session.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))  # confirmation, reply, filing
    number: Mapped[str | None] = mapped_column(String(80), unique=True)
    dated: Mapped[date | None]
    passed_on: Mapped[date]  # the day the committee passed them: 取得时间
    body_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    drafted_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    issued_at: Mapped[datetime | None] = mapped_column(Instant)
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    filed_at: Mapped[datetime | None] = mapped_column(Instant)  # 备案 of a self-review unit's own confirmation
    filed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    documents: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # notice, number_record → upload ids


class ArchiveRecord(Base):
    """What became of a confirmed declaration's paper: forwarded, printed, stamped, filed in two copies (R-210, R-211).

    Each step has its moment; `sealed` and `result_page` are two notices' ways of stamping.
    """

    __tablename__ = "archive_record"
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True, autoincrement=False)
    forwarded_at: Mapped[datetime | None] = mapped_column(Instant)
    printed_at: Mapped[datetime | None] = mapped_column(Instant)
    sealed_at: Mapped[datetime | None] = mapped_column(Instant)
    result_page_at: Mapped[datetime | None] = mapped_column(Instant)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    archived_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    personal_copies: Mapped[int | None]
    unit_copies: Mapped[int | None]
    place: Mapped[str | None] = mapped_column(String(200))  # the archive that keeps the personal copy
