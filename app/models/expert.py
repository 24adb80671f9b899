"""Tables of registered review committees, of solicitations, experts and their terms, and of the integrity archive."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Digest, Id, Instant, Json, Sealed

CANDIDATE_IDENTITY_COLUMN = "candidate.identity_number"
CANDIDATE_MOBILE_COLUMN = "candidate.mobile"
SHEET_COLUMN = "recommended_sheet.content"


class ReviewCommittee(Base):
    """A committee as approved and registered (核准备案), beyond one year's schedule, whose rows name it by `name`.

    `approved_to` is the last day it may review; a session after it is not recognised (R-163, R-236). `composition`:
    what the approving body agreed to (chairs, deputies, leaders, overrides with their explanations).
    """

    __tablename__ = "review_committee"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    convening_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    approving_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))  # series, specialty
    levels: Mapped[list[str]] = mapped_column(Json, default=list)
    series: Mapped[list[str]] = mapped_column(Json, default=list)
    specialties: Mapped[list[str]] = mapped_column(Json, default=list)
    district: Mapped[str | None] = mapped_column(String(40))  # a district committee's
    non_public_facing: Mapped[bool] = mapped_column(default=False)
    executing_size: Mapped[int]
    draw_method: Mapped[str | None] = mapped_column(Text)  # as approved and registered
    composition: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    approval_number: Mapped[str | None] = mapped_column(String(80))
    approved_from: Mapped[date | None]
    approved_to: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(16), default="approved")  # approved, suspended, cancelled
    status_reason: Mapped[str | None] = mapped_column(Text)


class Expert(Base):
    """A review expert; what he is allowed to sit in stands in his pool entries."""

    __tablename__ = "expert"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    employer_name: Mapped[str] = mapped_column(String(200))
    district: Mapped[str | None] = mapped_column(String(40))  # where the employer is; empty: the city's own
    series: Mapped[str] = mapped_column(String(40))
    specialties: Mapped[list[str]] = mapped_column(Json, default=list)
    title: Mapped[str] = mapped_column(String(40))  # code of the title held
    title_since: Mapped[date]
    leader: Mapped[bool] = mapped_column(default=False)  # 党政领导干部
    civil_servant: Mapped[bool] = mapped_column(default=False)
    retired_on: Mapped[date | None]
    retirement_exception: Mapped[str | None] = mapped_column(String(40))  # extension, well_known, famous_tcm
    non_public: Mapped[bool] = mapped_column(default=False)
    front_line: Mapped[bool] = mapped_column(default=False)
    quality: Mapped[str | None] = mapped_column(String(12))  # of the last assessment: high, fair, poor
    profile: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    blacklisted_at: Mapped[datetime | None] = mapped_column(Instant)


class ExpertAssessment(Base):
    """评审质量考核 of an expert, on what it rests, by whom; append-only (R-168). `Expert.quality` is the last mark."""

    __tablename__ = "expert_assessment"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"), index=True)
    mark: Mapped[str] = mapped_column(String(12))  # high, fair, poor
    text: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class PoolEntry(Base):
    """One term of an expert in a committee's pool; `term_to` is its last day. Expiry follows from the date alone."""

    __tablename__ = "pool_entry"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"), index=True)
    review_committee_id: Mapped[int] = mapped_column(ForeignKey("review_committee.id"), index=True)
    source: Mapped[str] = mapped_column(String(12))  # recommended, social, designated
    position: Mapped[str] = mapped_column(String(16), default="member")  # chair, deputy_chair, member
    status: Mapped[str] = mapped_column(String(12), default="in_pool")  # in_pool, suspended, out
    term_from: Mapped[date]
    term_to: Mapped[date]
    candidate_id: Mapped[int | None] = mapped_column(Id)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    left_reason: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (UniqueConstraint("expert_id", "review_committee_id", "term_from"),)


class Campaign(Base):
    """One solicitation (征选) of experts for a committee's next term, run by `expert_selection`."""

    __tablename__ = "campaign"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    review_committee_id: Mapped[int] = mapped_column(ForeignKey("review_committee.id"), index=True)
    notice_key: Mapped[str] = mapped_column(String(80))
    notice_version_id: Mapped[int] = mapped_column(Id)
    instance_id: Mapped[int | None] = mapped_column(Id, unique=True)
    plan: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # executing size, pool multiple, term_from
    decision: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # deliberation, overrides, approval
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class Candidate(Base):
    """拟入库专家: one person in a campaign, by one of the three sources; accepted is not admitted (R-166)."""

    __tablename__ = "candidate"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    source: Mapped[str] = mapped_column(String(12))  # recommended, social, designated
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    identity_number: Mapped[str] = mapped_column(Sealed(CANDIDATE_IDENTITY_COLUMN))
    identity_blind: Mapped[str] = mapped_column(Digest)
    mobile: Mapped[str] = mapped_column(Sealed(CANDIDATE_MOBILE_COLUMN))
    sheet_row: Mapped[int | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    instance_id: Mapped[int | None] = mapped_column(Id, unique=True)
    status: Mapped[str] = mapped_column(String(20), default="invited")
    profile: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    flags: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # rule, text, override
    department_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    district_tro_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))  # none for a municipal unit's
    decision: Mapped[str | None] = mapped_column(String(12))  # of the deliberation: admit, decline
    position: Mapped[str] = mapped_column(String(16), default="member")
    decision_reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("campaign_id", "identity_blind"),)


class RecommendedSheet(Base):
    """推荐专家基本信息表 as handed in: its rows sealed, how many are checked, and what is wrong with them.

    `content` is JSON: for each row the line of the file and its cells. A sheet without a problem makes candidates.
    """

    __tablename__ = "recommended_sheet"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    content: Mapped[str | None] = mapped_column(Sealed(SHEET_COLUMN))  # emptied once it is taken or refused
    total: Mapped[int]
    checked: Mapped[int] = mapped_column(default=0)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # line, field, text
    status: Mapped[str] = mapped_column(String(12), default="checking")  # checking, refused, taken
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime] = mapped_column(Instant)


class IntegrityEntry(Base):
    """职称评审诚信档案: what was found against a person, a body or a committee, on what basis; append-only (R-239)."""

    __tablename__ = "integrity_entry"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(20))  # person, organisation, review_committee
    subject_id: Mapped[int] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(200))
    source: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # ids of the case it comes from
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    until: Mapped[date | None]
    __table_args__ = (Index("ix_integrity_entry_subject", "subject_kind", "subject_id"),)
