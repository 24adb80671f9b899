"""The days of a publicity, of a unit or of a result: which of them is now, how many there are, which do not count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app import clock
from app.domain.calendar import Calendar, Skipped
from app.domain.deadline_rules import Due
from app.models.process import Deadline
from app.rows import objects

Begun = tuple[int | None, datetime | None]  # instance, begin of a round
_INSTANT = timedelta(microseconds=1)
_ANNOUNCED = (
    select(Deadline)
    .where(Deadline.instance_id.in_(bindparam("instances", expanding=True)), Deadline.rule == bindparam("rule"))
    .order_by(Deadline.id)
)


@dataclass(frozen=True)
class Period:
    """Where a publicity stands: day `number` of `total` working days, the days not counted and why."""

    first_day: date
    last_day: date
    ends_at: datetime
    number: int
    total: int
    provisional: bool
    skipped: tuple[Skipped, ...]


def period(counted: Due, ends_at: datetime | None, at: datetime, calendar: Calendar) -> Period:
    """The publicity as it stands `at`; `ends_at` is what was announced, empty for what the rule counts."""
    ends_at = ends_at or counted.due_at
    last_day = clock.local(ends_at - _INSTANT).date()
    today = min(clock.local(at).date(), last_day)
    number = _working_days(calendar, counted.first_day, today)
    total = _working_days(calendar, counted.first_day, last_day)
    skipped = tuple(skip for skip in counted.skipped if counted.first_day <= skip[0] <= last_day)
    return Period(counted.first_day, last_day, ends_at, number, total, counted.provisional, skipped)


def of(counted: Due) -> Period:
    """A publicity that is still to begin."""
    skipped = tuple(skip for skip in counted.skipped if counted.first_day <= skip[0] <= counted.last_day)
    provisional, total = counted.provisional, counted.working_days
    return Period(counted.first_day, counted.last_day, counted.due_at, 0, total, provisional, skipped)


def announced(session: Session, rule: str, instance_ids: Sequence[int | None]) -> dict[Begun, Deadline]:
    """(instance, begin of the round) → the deadline row of its diagram.

    It is the truth, also after a change not passed on (D13).
    """
    about = {"instances": instance_ids, "rule": rule}
    rows = objects(session, _ANNOUNCED, about, Deadline) if instance_ids else ()
    return {(row.instance_id, row.starts_at): row for row in rows}


def _working_days(calendar: Calendar, first: date, until: date) -> int:
    if until < first:
        return 0
    between = calendar.working_days_between(first, until).count
    return between + (1 if calendar.is_working(first) else 0)
