"""Tables of secret ballots (D25): nothing here, and nothing written with it, ties a voter to a vote."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant, Json


class Ballot(Base):
    """One vote of a session on some of its agenda items.

    While it is open every sheet is sealed to `public_key`; the private half is held as two shares, each sealed under
    what one officer types at close, and goes when the votes are counted.
    """

    __tablename__ = "ballot"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("review_session.id"), index=True)
    number: Mapped[int]
    mode: Mapped[str] = mapped_column(String(12))  # electronic, paper
    status: Mapped[str] = mapped_column(String(12), default="open")  # open, counted, void
    item_ids: Mapped[list[int]] = mapped_column(Json)
    rules: Mapped[dict[str, Any]] = mapped_column(Json)
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    shares: Mapped[dict[str, str] | None] = mapped_column(Json)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    officers: Mapped[dict[str, int]] = mapped_column(Json, default=dict)  # role → person: 监票人, 计票人
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    wiped_at: Mapped[datetime | None] = mapped_column(Instant)  # what was deleted at the close is out of the files too
    void_reason: Mapped[str | None] = mapped_column(Text)


class Participation(Base):
    """That a seat may vote, and that it has handed in a sheet; written before, never with the votes."""

    __tablename__ = "participation"
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    handed_in: Mapped[bool] = mapped_column(default=False)


class SealedSheet(Base):
    """One seat's sheet under the ballot's key, handed in once and deleted by the close."""

    __tablename__ = "sealed_sheet"
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Vote(Base):
    """One vote on one item under a random key; all votes of a ballot are written by one statement in random order."""

    __tablename__ = "vote"
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    ballot_id: Mapped[int] = mapped_column(Id)
    item_id: Mapped[int] = mapped_column(Id)
    choice: Mapped[str] = mapped_column(String(8))
    __table_args__ = (
        CheckConstraint("choice IN ('yes', 'no', 'abstain')", name="choice"),
        {"sqlite_with_rowid": False},
    )


class Tally(Base):
    """The count of one item: votes, who was present, who was recused, and both ways of counting the recused (R-185)."""

    __tablename__ = "tally"
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), primary_key=True)
    yes: Mapped[int]
    no: Mapped[int]
    abstain: Mapped[int]  # and sheets not handed in: present, and not for it
    present: Mapped[int]
    recused: Mapped[int]
    counted: Mapped[int]  # the number that the rule divides by
    passed: Mapped[bool]
    other_way: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # counted and passed under the other rule


class PaperCount(Base):
    """What one teller read from the paper sheets of an item; two equal entries make the tally."""

    __tablename__ = "paper_count"
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), primary_key=True)
    teller: Mapped[str] = mapped_column(String(20), primary_key=True)  # teller_supervise, teller_count
    yes: Mapped[int]
    no: Mapped[int]
    abstain: Mapped[int]
    spoiled: Mapped[int] = mapped_column(default=0)
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)
