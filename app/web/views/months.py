"""Months as weeks of days, working or resting: the year's view, and what stands beside a date that is being chosen."""

import calendar as months
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.calendar import Calendar

MOST = 4  # months beside a date: longer windows show their first and last


@dataclass(frozen=True)
class Cell:
    """One day of a month; `own` where the administrator has entered it, or it is one of those looked at."""

    day: date
    working: bool
    why: str
    own: bool


Month = tuple[str, list[list[Cell | None]]]


def weeks(days: Calendar, year: int, month: int, own: Collection[date]) -> list[list[Cell | None]]:
    """The month by weeks from Monday; None before its first and after its last day."""
    return [
        [_cell(days, day, day in own) if day.month == month else None for day in week]
        for week in months.Calendar().monthdatescalendar(year, month)
    ]


def around(days: Calendar, dates: Collection[date]) -> list[Month]:
    """The months of the first date to the last, and one after a lonely one; the dates themselves marked."""
    if not dates:
        return []
    first, last = min(dates).replace(day=1), max(dates).replace(day=1)
    shown = [first]
    while shown[-1] < last or len(shown) < 2:
        shown.append((shown[-1] + timedelta(days=31)).replace(day=1))
    if len(shown) > MOST:
        shown = [*shown[: MOST // 2], *shown[-MOST // 2 :]]
    return [(f"{day.year}年{day.month}月", weeks(days, day.year, day.month, dates)) for day in shown]


def _cell(days: Calendar, day: date, own: bool) -> Cell:
    working = days.is_working(day)
    return Cell(day, working, "" if working else days.why_resting(day), own)
