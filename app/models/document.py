"""The table of papers set in type once and for all."""

from datetime import datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Digest, Id, Instant


class IssuedDocument(Base):
    """The PDF of a paper that was sent: whoever opens it later gets the same bytes.

    `kind` names the template, `subject_id` the row of the paper's own table (correction_notice, refusal_notice).
    """

    __tablename__ = "issued_document"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int] = mapped_column(Id)
    number: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(Digest)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    set_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)
