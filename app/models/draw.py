"""Tables of expert draws: the frozen record, the shares of chance, every attempt, and who was invited (D24)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Digest, Id, Instant, Json, Sealed

DRAW_SHARE_COLUMN = "draw.system_share"


class Draw(Base):
    """One round of drawing for a session, begun by the instance `instance_id` (which invitations report to).

    A human redraw makes the next number and needs this one void with two signatures; a share not revealed in time voids
    it with the name of who owed it. `record` is what was frozen before anybody drew (pool, exclusions, rules), `digest`
    its hash. `commitments` and `reveals`: party (office, supervisor, system) → hexadecimal; the seed follows from both
    and the digest.
    """

    __tablename__ = "draw"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("review_session.id"))
    number: Mapped[int]
    instance_id: Mapped[int | None] = mapped_column(Id)
    status: Mapped[str] = mapped_column(String(12), default="frozen")  # rounds.STATUSES
    record: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(Digest)
    commitments: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    reveals: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    system_share: Mapped[str | None] = mapped_column(Sealed(DRAW_SHARE_COLUMN))  # until it is revealed, last of all
    seed: Mapped[str | None] = mapped_column(Digest)
    attempts: Mapped[int] = mapped_column(default=0)
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    frozen_at: Mapped[datetime] = mapped_column(Instant)
    witnessed_at: Mapped[datetime | None] = mapped_column(Instant)
    drawn_at: Mapped[datetime | None] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)  # 启封: until then nobody reads a name
    fixed_at: Mapped[datetime | None] = mapped_column(Instant)  # 名单已确定（保密）
    void: Mapped[dict[str, Any] | None] = mapped_column(Json)  # reason, and who signed when, twice
    __table_args__ = (UniqueConstraint("session_id", "number"),)


class DrawAttempt(Base):
    """One sample of the stream; only the last one of a draw broke no rule."""

    __tablename__ = "draw_attempt"
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sample: Mapped[list[int]] = mapped_column(Json)  # expert ids in drawn order
    broken: Mapped[list[str]] = mapped_column(Json, default=list)


class Invitation(Base):
    """A drawn expert and his answer; reserves stand behind the members in drawn order."""

    __tablename__ = "invitation"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"), index=True)
    place: Mapped[int]  # in drawn order, from 1
    kind: Mapped[str] = mapped_column(String(8))  # member, reserve
    position: Mapped[str] = mapped_column(String(16), default="member")  # chair, deputy_chair: designated, not drawn
    group: Mapped[str | None] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(12), default="drawn")  # drawn, invited, accepted, declined, lapsed
    invited_at: Mapped[datetime | None] = mapped_column(Instant)
    reply_by: Mapped[datetime | None] = mapped_column(Instant)
    replied_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Text)
    instance_id: Mapped[int | None] = mapped_column(Id, unique=True)
    replaces_id: Mapped[int | None] = mapped_column(Id)  # the invitation whose place a reserve took
    __table_args__ = (UniqueConstraint("draw_id", "expert_id"),)
