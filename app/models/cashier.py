"""Tables of the cashier's lists: what was handed in, row by row, and what became of each row."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Digest, Id, Instant


class CashierList(Base):
    """A list of payments that an office handed in; the same rows are taken once per office."""

    __tablename__ = "cashier_list"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    digest: Mapped[str] = mapped_column(Digest)  # of the rows as read
    name: Mapped[str] = mapped_column(String(255))  # of the file
    taken_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("organisation_id", "digest"),)


class CashierRow(Base):
    """One row as it was read; `status` read, ready (confirmed, to be booked), mismatch, booked, refused.

    The identity number is kept as its blind index alone.
    """

    __tablename__ = "cashier_row"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("cashier_list.id"))
    line: Mapped[int]  # in the file, counted from 1
    number: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    identity: Mapped[str | None] = mapped_column(Digest)
    amount: Mapped[str] = mapped_column(String(40))  # as written
    paid_on: Mapped[date | None]
    receipt_no: Mapped[str] = mapped_column(String(80))
    method: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(12), default="read")
    reason: Mapped[str | None] = mapped_column(Text)
    task_id: Mapped[int | None] = mapped_column(Id)  # what its booking completes
    __table_args__ = (Index("ix_cashier_row_list", "list_id", "status"),)
