"""When something falls due: pure arithmetic on a rule, a start and the calendar (D12, D13).

Instants are aware and UTC; days are days of the notices' wall clock. *Due* is the first instant that is too late.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from app.clock import SHANGHAI, local
from app.domain.calendar import Calendar, Counted, Skipped
from app.domain.wording import day_words

UNITS = ("working_day", "calendar_day", "month")
CONVENTIONS = ("inclusive", "after")
HELD = "期限中止"
SUSPENDED, BY_HAND = "suspended", "by_hand"  # holds that a manager gives, whatever the notice says of the clock
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_JUST_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True)
class DeadlineRule:
    """How a deadline is computed; `key` is the parameter it comes from.

    Relative: `count` of `unit` after the start, or `inclusive` of it (publicity). Absolute: `at`, shared by all.
    `ahead` moves an absolute one so many working days earlier (reminders). `cap` is the instant it never passes.
    `stopped_by` are the reasons of holds that stop this clock; a hold never stops a window.
    """

    key: str
    count: int | None = None
    unit: str | None = None
    convention: str = "after"
    start_latest_time: time | None = None
    roll: bool = True
    cap: datetime | None = None
    at: datetime | None = None
    ahead: int = 0
    stopped_by: frozenset[str] = frozenset()
    clause: str | None = None

    @property
    def kind(self) -> str:
        return "relative" if self.at is None else "absolute"

    def is_stopped_by(self, reason: str) -> bool:
        """Whether a hold for `reason` stops the clock; `complaint:7` is one of the kind `complaint`."""
        kind = reason.partition(":")[0]
        given = kind in (SUSPENDED, BY_HAND) and self.kind == "relative"
        return given or kind in self.stopped_by

    def lasting(self, count: int) -> "DeadlineRule":
        """The same rule with the length that an office set for one case."""
        return replace(self, count=count)


@dataclass(frozen=True)
class Due:
    """`due_at` is the first instant too late, `last_day` the last day that is in time.

    `first_day` is the day that counts as day one, `working_days` how many working days the person really has,
    `skipped` the days that did not count and why.
    """

    due_at: datetime
    last_day: date
    provisional: bool
    first_day: date
    working_days: int
    skipped: tuple[Skipped, ...] = ()
    capped: bool = False


@dataclass(frozen=True)
class Hold:
    """A time during which a clock stood still; `until` is empty while it still does."""

    reason: str
    since: datetime
    until: datetime | None = None


def due(rule: DeadlineRule, start: datetime, calendar: Calendar) -> Due:
    """When `rule` falls due if its clock starts at `start` and is never held."""
    found = due_with_holds(rule, start, (), calendar)
    assert found is not None
    return found


def due_with_holds(rule: DeadlineRule, start: datetime, holds: Sequence[Hold], calendar: Calendar) -> Due | None:
    """As `due`, with the days on which a hold stopped this clock not counted; None while one still does.

    A day counts unless the clock stood still at its end: a hold that begins and ends on one day costs nothing.
    """
    if start.tzinfo is None:
        raise ValueError("a deadline starts at an instant with its time zone")
    if rule.at is not None:
        return _absolute(rule, rule.at, start, calendar)
    stopping = [hold for hold in holds if rule.is_stopped_by(hold.reason)]
    if any(hold.until is None for hold in stopping):
        return None
    first = first_day(rule, start, calendar)
    counted = _count(rule, first, held_days(stopping), calendar)
    before = first - _DAY if rule.convention == "inclusive" else first
    end = midnight_after(counted.day)
    if rule.cap is None or end <= rule.cap:
        return replace(_due(end, before, counted, calendar), first_day=first)
    last = _last_day(rule.cap)
    shortened = Counted(last, counted.provisional, tuple(skip for skip in counted.skipped if skip[0] <= last))
    return replace(_due(rule.cap, before, shortened, calendar), first_day=first, capped=True)


def first_day(rule: DeadlineRule, start: datetime, calendar: Calendar) -> date:
    """The day that counts as the start: for publicity, the next working day if it is a rest day or too late in it."""
    wall = local(start)
    if rule.convention != "inclusive":
        return wall.date()
    latest = rule.start_latest_time
    late = latest is not None and start >= closing(wall.date(), latest)
    day = wall.date() + _DAY if late else wall.date()
    return calendar.next_working_day(day).day if rule.unit == "working_day" else day


def latest_start(rule: DeadlineRule, before: datetime, calendar: Calendar, reserve: int = 0) -> date:
    """The last day on which a publicity may start, end, and leave a working day to send up before `before` (A10).

    `reserve` are the working days kept free besides for whoever examines after that.
    """
    assert rule.count is not None
    sending = _last_day(before)
    if not calendar.is_working(sending):
        sending = calendar.previous_working_day(sending, 1).day
    return calendar.previous_working_day(sending, rule.count + reserve).day


def opening(day: date, at: time | None = None) -> datetime:
    """The first instant of a printed beginning: the clock time itself, or the day's first instant."""
    return datetime.combine(day, at or time(), SHANGHAI).astimezone(UTC)


def closing(day: date, at: time | None = None) -> datetime:
    """The first instant too late after a printed end: a clock time includes its own second, a day ends at 24:00."""
    return midnight_after(day) if at is None else opening(day, at) + _SECOND


def midnight_after(day: date) -> datetime:
    return opening(day + _DAY)


def spoken(due_at: datetime) -> str:
    """A due instant as official papers write the last moment in time: 2023年10月31日24时, 2022年11月29日17:30."""
    wall = local(due_at)
    if wall.time() == time():
        return f"{day_words(wall - _DAY)}24时"
    last = wall - _SECOND
    return f"{day_words(last)}{last:%H:%M}" + (f":{last:%S}" if last.second else "")


def _absolute(rule: DeadlineRule, at: datetime, start: datetime, calendar: Calendar) -> Due:
    first = local(start).date()
    if not rule.ahead:
        return _due(at, first, Counted(_last_day(at), False), calendar)
    counted = calendar.previous_working_day(_last_day(at), rule.ahead)
    return _due(opening(counted.day), first, counted, calendar)


def _count(rule: DeadlineRule, first: date, held: dict[date, str], calendar: Calendar) -> Counted:
    assert rule.count is not None
    inclusive = rule.convention == "inclusive"
    if rule.unit == "working_day":
        return calendar.nth_working_day(first, rule.count, inclusive=inclusive, without=held)
    day_before = first - _DAY if inclusive else first
    if rule.unit == "month":
        reached = calendar.add_months(day_before, rule.count, roll=False).day
    else:
        reached = day_before + timedelta(days=rule.count)
    pushed = []
    for day in sorted(held):
        if day_before < day <= reached:
            pushed.append((day, held[day]))
            reached += _DAY
    if not rule.roll:
        return Counted(reached, False, tuple(pushed))
    rolled = calendar.next_working_day(reached)
    return replace(rolled, skipped=(*pushed, *rolled.skipped))


def held_days(holds: Iterable[Hold]) -> dict[date, str]:
    """Days at whose end a clock stood still."""
    found: dict[date, str] = {}
    for hold in holds:
        assert hold.until is not None
        day, end = local(hold.since).date(), local(hold.until).date()
        while day < end:
            found[day] = HELD
            day += _DAY
    return found


def _last_day(due_at: datetime) -> date:
    return local(due_at - _JUST_BEFORE).date()


def _due(due_at: datetime, after: date, counted: Counted, calendar: Calendar) -> Due:
    left = calendar.working_days_between(after, counted.day)
    return Due(due_at, counted.day, counted.provisional, after, left.count, counted.skipped)
