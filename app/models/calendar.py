"""Tables of the working calendar: published years, single days, and the revision that every change bumps (D12)."""

from datetime import date

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class CalendarYear(Base):
    """Whether the arrangement of a year is known; a row here wins over the library's own years."""

    __tablename__ = "cal_year"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published: Mapped[bool]
    source: Mapped[str] = mapped_column(Text)  # the document that announces the arrangement


class CalendarDay(Base):
    """One day entered by the administrator; wins over the library."""

    __tablename__ = "cal_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    note: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)


class CalendarRevision(Base):
    """One row: how often the two tables above were changed."""

    __tablename__ = "cal_revision"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]
