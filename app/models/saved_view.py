"""Table of the views of lists that people keep: 常用筛选."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.types import Id, Instant


class SavedView(Base):
    """The conditions and columns of one list under a name, as its address says them.

    Its owner's alone unless `role` says with whom it is shared: all who hold it, or those who hold it in one body.
    """

    __tablename__ = "saved_view"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    page: Mapped[str] = mapped_column(String(40))  # which list
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(1000))  # as in an address, the page's number left out
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str | None] = mapped_column(String(40))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (UniqueConstraint("person_id", "page", "name"), Index("ix_saved_view_shared", "page", "role"))


class UsualView(Base):
    """默认: the view with which a list opens for a person while its address says nothing."""

    __tablename__ = "usual_view"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    page: Mapped[str] = mapped_column(String(40), primary_key=True)
    saved_view_id: Mapped[int] = mapped_column(ForeignKey("saved_view.id"), index=True)
