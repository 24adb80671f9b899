"""Working days: which days count, and whether that is already certain (D12)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from weakref import WeakKeyDictionary

import chinese_calendar
from chinese_calendar.constants import holidays as library_holidays
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from app import clock
from app.domain.year_arrangement import ArrangedDay
from app.errors import ConfigurationError
from app.models.calendar import CalendarDay, CalendarRevision, CalendarYear

LIBRARY_YEARS = frozenset(day.year for day in library_holidays)
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_LONGEST_REST = 60  # days in a row without a working day that only a wrong calendar can have
_ONE = timedelta(days=1)
NOTHING: Mapping[date, str] = MappingProxyType({})

Skipped = tuple[date, str]  # a day that was not counted, and the reason in Chinese

_built: WeakKeyDictionary[Pool, "Calendar"] = WeakKeyDictionary()
_REVISION = select(CalendarRevision.revision)
REVISION = "calendar_revision"

clock.read_along(REVISION, "SELECT revision FROM cal_revision WHERE id = 1")


@dataclass(frozen=True)
class Counted:
    """Where a count arrives. `provisional`: a day on the way lies in a year whose arrangement is not published."""

    day: date
    provisional: bool
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True)
class WorkingDays:
    """How many working days lie in a stretch."""

    count: int
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """The working days as of one revision; in a year nobody has published, Monday to Friday."""

    revision: int = 0
    years: Mapping[int, bool] = field(default_factory=dict)
    days: Mapping[date, tuple[bool, str]] = field(default_factory=dict)

    def known(self, year: int) -> bool:
        """Whether the arrangement of `year` is published; the administrator's word wins over the library."""
        return self.years.get(year, year in LIBRARY_YEARS)

    def is_working(self, day: date) -> bool:
        if day in self.days:
            return self.days[day][0]
        if self.known(day.year) and day.year in LIBRARY_YEARS:
            return _library_says(day)
        return day.weekday() < 5

    def why_resting(self, day: date) -> str:
        """The reason a rest day does not count: the administrator's note, the holiday's name or the weekday."""
        if day in self.days:
            return self.days[day][1]
        if self.known(day.year) and day in library_holidays:
            return chinese_calendar.Holiday(library_holidays[day]).chinese
        return WEEKDAYS[day.weekday()]

    def next_working_day(self, day: date) -> Counted:
        """`day` itself if it is a working day, else the first one after it."""
        return self.nth_working_day(day, 1, inclusive=True)

    def nth_working_day(
        self, start: date, n: int, *, inclusive: bool, without: Mapping[date, str] = NOTHING
    ) -> Counted:
        """The `n`-th working day from `start` (`inclusive`: start may be the first).

        `without` names days that do not count although people work, with the reason.
        """
        if n < 1:
            raise ValueError("at least one working day must be counted")
        left, skipped, provisional = n, [], False
        for day in self._days_from(start if inclusive else start + _ONE, without):
            provisional = provisional or not self.known(day.year)
            if not self.is_working(day):
                skipped.append((day, self.why_resting(day)))
            elif day in without:
                skipped.append((day, without[day]))
            else:
                left -= 1
            if left == 0:
                return Counted(day, provisional, tuple(skipped))
        raise ConfigurationError(f"工作日历有误：{start} 起连续 {_LONGEST_REST} 天没有工作日，请核对日历设置。")

    def _days_from(self, first: date, without: Collection[date]) -> Iterator[date]:
        """Days from `first`; ends where the calendar rests longer than any real one (a settings fault)."""
        day, rest = first, 0
        while rest <= _LONGEST_REST:
            yield day
            rest = 0 if self.is_working(day) or day in without else rest + 1
            day += _ONE

    def previous_working_day(self, day: date, n: int) -> Counted:
        """The `n`-th working day before `day`, which itself does not count."""
        left, skipped, provisional = n, [], False
        for back in range(1, n + _LONGEST_REST * (n + 1)):
            current = day - timedelta(days=back)
            provisional = provisional or not self.known(current.year)
            if self.is_working(current):
                left -= 1
            else:
                skipped.append((current, self.why_resting(current)))
            if left == 0:
                return Counted(current, provisional, tuple(skipped))
        raise ConfigurationError(f"工作日历有误：{day} 以前没有 {n} 个工作日，请核对日历设置。")

    def add_months(self, day: date, n: int, *, roll: bool) -> Counted:
        """The same day `n` months on, or that month's last day; with `roll` a rest day gives way to the next one."""
        months = day.year * 12 + day.month - 1 + n
        first = date(months // 12, months % 12 + 1, 1)
        last = date((months + 1) // 12, (months + 1) % 12 + 1, 1) - _ONE
        target = min(last, first.replace(day=min(day.day, last.day)))
        if roll:
            return self.next_working_day(target)
        return Counted(target, not self.known(target.year))

    def working_days_between(self, after: date, until: date) -> WorkingDays:
        """Working days later than `after`, up to and including `until`; none when `until` is not later."""
        days = [after + timedelta(days=i) for i in range(1, (until - after).days + 1)]
        return WorkingDays(sum(map(self.is_working, days)), any(not self.known(day.year) for day in days))


@lru_cache(maxsize=4096)
def _library_says(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


def calendar_of(session: Session) -> Calendar:
    """The calendar of this database, read again only after a change; its revision is asked once per transaction.

    A transaction that itself changed the calendar gets its own copy, which nobody else sees before it is committed.
    """
    known: Calendar | None = session.info.get("calendar")
    if known is not None:
        return known
    with session.no_autoflush:
        found = session.info["calendar"] = _current(session, _revision(session))
    return found


def _revision(session: Session) -> int:
    """As read with the instant; a transaction that changed the calendar, or stands at an instant of its own, asks."""
    if "calendar_changed" in session.info or not clock.has_read(session, REVISION):
        return session.scalar(_REVISION) or 0
    return clock.along(session, REVISION) or 0


def _current(session: Session, revision: int) -> Calendar:
    if "calendar_changed" in session.info:
        return _build(session, revision)
    pool = session.get_bind().engine.pool  # one database; its read-only engine shares it
    cached = _built.get(pool)
    if cached is None or cached.revision != revision:
        cached = _built[pool] = _build(session, revision)
    return cached


def publish_year(
    session: Session, year: int, *, source: str, published: bool = True, days: Iterable[ArrangedDay] = ()
) -> int:
    """Declare the arrangement of `year` known (or not known any more), with its `days`; gives the new revision."""
    session.merge(CalendarYear(year=year, published=published, source=source))
    for each in days:
        session.merge(CalendarDay(day=each.day, working=each.working, note=each.note, source=source))
    return _bump(session)


def set_day(session: Session, day: date, *, working: bool, note: str, source: str) -> int:
    """Make one day a working day or a rest day whatever the library says; gives the new revision."""
    session.merge(CalendarDay(day=day, working=working, note=note, source=source))
    return _bump(session)


def _bump(session: Session) -> int:
    session.flush()
    session.info["calendar_changed"] = True
    session.info.pop("calendar", None)
    raised = session.execute(update(CalendarRevision).values(revision=CalendarRevision.revision + 1))
    if not raised.rowcount:  # type: ignore[attr-defined]
        session.add(CalendarRevision(id=1, revision=1))
        session.flush()
    revision = session.scalar(select(CalendarRevision.revision))
    assert revision is not None
    return revision


def _build(session: Session, revision: int) -> Calendar:
    years = {row.year: row.published for row in session.scalars(select(CalendarYear))}
    days = {row.day: (row.working, row.note) for row in session.scalars(select(CalendarDay))}
    return Calendar(revision, years, days)
