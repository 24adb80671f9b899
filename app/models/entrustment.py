"""Tables of entrustment letters (form 3): one letter asks for the review of all the people on its list."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant, Json


class EntrustmentLetter(Base):
    """A letter of one entrusting unit under one notice; `level` is junior, intermediate or senior, as printed.

    `sealed_letter` are attachments: the letter as it was sealed.
    """

    __tablename__ = "entrustment_letter"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    notice_key: Mapped[str] = mapped_column(String(80), index=True)
    entrusting_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    series: Mapped[str] = mapped_column(String(40))
    specialty: Mapped[str] = mapped_column(String(120))
    level: Mapped[str] = mapped_column(String(20))
    contact_name: Mapped[str] = mapped_column(String(40))
    contact_phone: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(200))
    issued_on: Mapped[date]
    sealed_letter: Mapped[list[Any]] = mapped_column(Json, default=list)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (UniqueConstraint("entrusting_id", "number"),)


class EntrustedName(Base):
    """One line of a letter's list; a declaration stands on one letter only."""

    __tablename__ = "entrusted_name"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("entrustment_letter.id"), index=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), unique=True)
    note: Mapped[str | None] = mapped_column(String(120))
