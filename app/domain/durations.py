"""How long work took: working days used without the time that clocks stood still, and what many such figures say.

A day counts from the one after the work came in up to the day it was done, as "within N working days" counts: what is
done on the day it comes in used none (rule 002 §四(二)3(2): whoever holds a file answers for the days he uses).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.clock import local
from app.domain.calendar import Calendar
from app.domain.deadline_rules import Hold, held_days

LONGEST = 400  # working days from which figures count all as one


@dataclass(frozen=True)
class Used:
    """Working days used, and those during which the clock stood still."""

    days: int
    held: int


@dataclass(frozen=True)
class Spread:
    """What a histogram of durations in working days says; all empty for no work at all."""

    count: int = 0
    median: int = 0
    p90: int = 0
    worst: int = 0
    total: int = 0


def used(entered: datetime, left: datetime, holds: Iterable[Hold], calendar: Calendar) -> Used:
    """Between two instants; a hold that still lasts ends at `left`."""
    first, last = local(entered).date(), local(left).date()
    closed = [Hold(each.reason, each.since, min(each.until or left, left)) for each in holds if each.since < left]
    stood = sum(1 for day in held_days(closed) if first < day <= last and calendar.is_working(day)) if closed else 0
    return Used(calendar.working_days_between(first, last).count - stood, stood)


def spread(histogram: Mapping[int, int]) -> Spread:
    """`histogram`: working days → how many; the median and the ninetieth percentile are values that occur in it."""
    count = sum(histogram.values())
    if not count:
        return Spread()
    total = sum(days * number for days, number in histogram.items())
    return Spread(count, _reached(histogram, -(-count // 2)), _reached(histogram, -(-count * 9 // 10)), max(histogram),
                  total)  # fmt: skip


def _reached(histogram: Mapping[int, int], rank: int) -> int:
    """The value of the `rank`-th smallest."""
    seen = 0
    for days in sorted(histogram):
        seen += histogram[days]
        if seen >= rank:
            return days
    raise ValueError("the rank lies beyond the histogram")
