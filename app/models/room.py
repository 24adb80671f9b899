"""Tables of the experts' room: issued devices, recusal statements, and which papers a seat has read."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Digest, Id, Instant, Json


class RoomDevice(Base):
    """A tablet or PC issued for one session; a seat sits at one device and a device serves one seat.

    `code` is printed and used once: it gives the browser its `token`. The table holds the digests of both.
    """

    __tablename__ = "room_device"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("review_session.id"), index=True)
    number: Mapped[int]
    code: Mapped[str | None] = mapped_column(Digest, unique=True)
    token: Mapped[str | None] = mapped_column(Digest, unique=True)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"), unique=True)
    issued_at: Mapped[datetime] = mapped_column(Instant)
    issued_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class RecusalStatement(Base):
    """An expert has gone through these applicants and said from whom he stands back; before it no file opens."""

    __tablename__ = "recusal_statement"
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    item_ids: Mapped[list[int]] = mapped_column(Json)
    stated_at: Mapped[datetime] = mapped_column(Instant)


class Reading(Base):
    """That a seat had a file (attachment 0: the declaration itself) open, how often and how long; no vote is near it.

    It answers whether something was overlooked when a recheck asks (B14).
    """

    __tablename__ = "reading"
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), primary_key=True)
    attachment_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    times: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime] = mapped_column(Instant)
