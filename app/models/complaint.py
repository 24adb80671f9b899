"""Complaints about a declaration, held under a receipt code so that their writer may stay unnamed."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant, Sealed

COMPLAINT_CONTACT = "complaint.contact"


class Complaint(Base):
    """What somebody reported; `finding` says what the investigation found."""

    __tablename__ = "complaint"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)
    receipt_code: Mapped[str] = mapped_column(String(20), unique=True)
    text: Mapped[str] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(Sealed(COMPLAINT_CONTACT))
    instance_id: Mapped[int | None] = mapped_column(Id, unique=True)
    finding: Mapped[str | None] = mapped_column(String(20))  # founded, unfounded
    raised_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
