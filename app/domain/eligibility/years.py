"""Time held, counted by day: N years are complete when their anniversary is on or before the cut-off."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.errors import Problem, Refused


@dataclass(frozen=True)
class Span:
    """A length of time as people say it: 4年11个月30天."""

    years: int
    months: int
    days: int

    def __str__(self) -> str:
        parts = [(self.years, "年"), (self.months, "个月"), (self.days, "天")]
        return "".join(f"{n}{unit}" for n, unit in parts if n) or "0年"


def add_months(start: date, months: int) -> date:
    """The corresponding day, or the month's last day if there is none."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def full_months(start: date, end: date) -> int:
    """Months whose corresponding day lies on or before `end`; 0 where `end` is earlier."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and add_months(start, months) > end:
        months -= 1
    return max(months, 0)


def between(start: date, end: date) -> Span:
    """From `start` to `end` in years, months and days; nothing where `end` is not later."""
    if end <= start:
        return Span(0, 0, 0)
    months = full_months(start, end)
    return Span(months // 12, months % 12, (end - add_months(start, months)).days)


def missing(start: date, months: int, cutoff: date) -> Span | None:
    """What is still missing of `months` at the cut-off; None when they are complete."""
    anniversary = add_months(start, months)
    return None if anniversary <= cutoff else between(cutoff, anniversary)


def served_months(start: date, end: date) -> int:
    """Full months of a period that includes its first and its last day."""
    return full_months(start, end + timedelta(days=1))


def day(value: Any, field: str, *, last: bool = False) -> date | None:
    """A form's date: `2023-12-31`, or `2023-12` for the month's first (`last`: last) day; None where not given.

    Raises Refused naming `field` for anything else.
    """
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value)
    try:
        if len(text) == len("2023-12"):
            first = date.fromisoformat(f"{text}-01")
            return first.replace(day=monthrange(first.year, first.month)[1]) if last else first
        return date.fromisoformat(text)
    except ValueError:
        message = f"“{text}”不是日期，请按“2023-12-31”的格式填写。"
        raise Refused(Problem("invalid_date", message, field)) from None
