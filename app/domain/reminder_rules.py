"""How many working days before a task's deadline, and after it was missed, its people are reminded of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, exists, false, or_
from sqlalchemy.orm import Session

from app.clock import SHANGHAI, local
from app.domain import house_settings
from app.domain.calendar import Calendar
from app.domain.deadline_rules import midnight_after, opening
from app.errors import Problem, Refused
from app.models.process import Deadline, Task
from app.models.reminder import TaskReminder

NAME = "reminders"  # of the house setting
TEMPLATES = {"before": "due_near", "after": "fell_due"}
MORNING = time(9)
MOST_DAYS, MOST = 30, 5  # working days; reminders of a kind
LATE = 5  # working days after which a reminder that was missed is not sent any more
_ONE = timedelta(days=1)


@dataclass(frozen=True)
class Rules:
    """Working days; an empty tuple reminds of nothing. `number` is the setting's version."""

    before: tuple[int, ...] = (3, 1)
    after: tuple[int, ...] = (1,)
    number: int = field(default=0, compare=False)


def rules(session: Session) -> Rules:
    """What holds now; mostly without a statement."""
    standing = house_settings.standing(session).get(NAME)
    if standing is None or standing.value is None:
        return Rules(number=standing.number if standing else 0)
    return Rules(tuple(standing.value["before"]), tuple(standing.value["after"]), standing.number)


def save(session: Session, before: Sequence[int], after: Sequence[int], *, seen: int, by: int) -> None:
    """Refused for numbers that are none, Conflict (see `house_settings`)."""
    problems = [
        Problem("days", f"{label}请填写1至{MOST_DAYS}之间的工作日数，不超过{MOST}个，用顿号分开；不提醒的空着。", name)
        for name, label, days in (("before", "截止前的提醒", before), ("after", "逾期后的提醒", after))
        if len(days) > MOST or not all(1 <= each <= MOST_DAYS for each in days)
    ]
    if problems:
        raise Refused(*problems)
    made = Rules(tuple(sorted(set(before), reverse=True)), tuple(sorted(set(after))))
    value = {name: list(days) for name, days in asdict(made).items() if name != "number"}
    house_settings.write(session, NAME, value, seen=seen, by=by)


def due_now(kind: str, days: int, now: datetime, calendar: Calendar) -> ColumnElement[bool]:
    """SQL predicate on Task joined to Deadline: this reminder's morning has come, and it was not sent.

    The task was there before that morning; a nearer reminder that was sent stands for the farther ones.
    """
    today = local(now).date()
    if not calendar.is_working(today) or local(now).time() < MORNING:
        return false()
    mornings = _before(days, today, calendar) if kind == "before" else _after(days, today, calendar)
    within = [
        and_(
            Deadline.due_at > opening(last),
            Deadline.due_at <= midnight_after(last),
            Task.created_at < datetime.combine(morning, MORNING, SHANGHAI),
        )
        for last, morning in mornings
    ]
    nearer = TaskReminder.days <= days if kind == "before" else TaskReminder.days >= days
    sent = exists().where(
        TaskReminder.task_id == Task.id, TaskReminder.kind == kind, TaskReminder.due_at == Deadline.due_at, nearer
    )
    missed = Deadline.due_at > now if kind == "before" else Deadline.due_at <= now
    return and_(or_(false(), *within), missed, ~sent)


def _before(days: int, today: date, calendar: Calendar) -> list[tuple[date, date]]:
    """(last day in time, day of the reminder) of the deadlines that are near enough today."""
    last = calendar.nth_working_day(today, days + 1, inclusive=False).day - _ONE
    span = [today + timedelta(days=each) for each in range((last - today).days + 1)]
    return [(day, calendar.previous_working_day(day, days).day) for day in span]


def _after(days: int, today: date, calendar: Calendar) -> list[tuple[date, date]]:
    """The same of deadlines that were missed."""
    first = calendar.previous_working_day(today, days + LATE).day
    span = [first + timedelta(days=each) for each in range((today - first).days)]
    found = [(day, calendar.nth_working_day(day, days, inclusive=False).day) for day in span]
    return [(day, morning) for day, morning in found if morning <= today]
