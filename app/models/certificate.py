"""Tables of electronic certificates and of what their holders registered for them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant, Json

_IN_FORCE = text("status = 'issued'")


class Certificate(Base):
    """One electronic certificate as issued; `facts` are what it says, `payload` the signed text in its QR code.

    A title has at most one certificate in force: a reissue replaces, a revocation voids. Nothing is ever taken away.
    """

    __tablename__ = "certificate"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    status: Mapped[str] = mapped_column(String(12), default="issued")  # issued, replaced, void
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    payload: Mapped[str] = mapped_column(Text)
    photo_id: Mapped[int | None] = mapped_column(Id)  # attachment
    acquired_on: Mapped[date]  # the day the committee passed him
    issued_on: Mapped[date]  # the day the confirming document was printed
    issued_at: Mapped[datetime] = mapped_column(Instant)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Text)  # why it was replaced or voided
    __table_args__ = (
        Index(
            "uq_certificate_in_force",
            "declaration_id",
            unique=True,
            postgresql_where=_IN_FORCE,
            sqlite_where=_IN_FORCE,
        ),
    )


class CertificateRegistration(Base):
    """登记证书信息: what the holder added and confirmed, as the form gives it."""

    __tablename__ = "certificate_registration"
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True, autoincrement=False)
    values: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    registered_at: Mapped[datetime] = mapped_column(Instant)
