"""期限日历: the deadlines of a person's open tasks and declarations by day, and which days are working days."""

from calendar import Calendar as Weeks
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, false, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import badges, calendar, explanations, permissions
from app.domain.badges import Badge
from app.domain.deadline_rows import OF_NOTICE
from app.domain.deadline_rules import midnight_after, opening, spoken
from app.domain.inbox import titles
from app.domain.inbox.filters import Filters, narrowed
from app.domain.inbox.titles import applicant
from app.domain.permissions import Grants
from app.models.declaration import Declaration
from app.models.notice import Notice, NoticeVersion
from app.models.people import Organisation
from app.models.process import Deadline, ProcessInstance, Task
from app.models.review import ReviewSession

MOST = 1000  # dates a month shows; a reviewer's queue is longer than a month page is high
SHOWN = 3  # kinds of dates a day's cell names
NEAR = 12  # months before and after the present one
ANY = Filters()
_ONE = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """One date: a task of one's own (`task_id`) or a deadline of one's own declaration (`declaration_id`)."""

    day: date
    due: str
    kind: str
    title: str
    badge: Badge
    deadline_id: int
    task_id: int | None
    declaration_id: int | None


@dataclass(frozen=True)
class Day:
    """`rest` names why nobody works, empty on a working day; `certain` is false where the year is not published."""

    day: date
    inside: bool
    today: bool
    rest: str
    certain: bool
    entries: tuple[Entry, ...]

    @property
    def kinds(self) -> list[tuple[str, list[Entry]]]:
        """The entries by kind, in the order of their first one."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.kind, []).append(entry)
        return list(found.items())


@dataclass(frozen=True)
class Month:
    """`weeks` begin on Monday and are filled with days of the neighbouring months; of a week there is but one.

    `first` is the first day of the month, or of the week; `before` and `after` where to go on, if anywhere.
    """

    first: date
    weeks: tuple[tuple[Day, ...], ...]
    months: tuple[date, ...]
    before: date | None
    after: date | None

    @property
    def days_today(self) -> date | None:
        """Today, where it is among the days."""
        return next((day.day for week in self.weeks for day in week if day.today and day.inside), None)

    @property
    def entries(self) -> list[Entry]:
        return [entry for week in self.weeks for day in week if day.inside for entry in day.entries]


def month(session: Session, grants: Grants, wanted: date | None, filters: Filters = ANY) -> Month:
    """The month of `wanted`, no further than NEAR from the present one; the present one where none is wanted."""
    today, near = _near(session)
    first = min(max((wanted or today).replace(day=1), near[0]), near[-1])
    weeks = Weeks().monthdatescalendar(first.year, first.month)
    drawn = _drawn(session, grants, weeks, filters, first)
    at = near.index(first)
    return Month(first, drawn, tuple(near), *_beside(near, at))


def week(session: Session, grants: Grants, wanted: date | None, filters: Filters = ANY) -> Month:
    """The week of `wanted`, as far away as a month may be; the present one where none is wanted."""
    today, near = _near(session)
    chosen = wanted if wanted is not None and near[0] <= wanted < _months_on(near[-1], 1) else today
    monday = chosen - timedelta(days=chosen.weekday())
    drawn = _drawn(session, grants, [[monday + timedelta(days=n) for n in range(7)]], filters, None)
    within = [monday + timedelta(days=7 * by) for by in (-1, 1)]
    before, after = (each if near[0] <= each < _months_on(near[-1], 1) else None for each in within)
    return Month(monday, drawn, tuple(near), before, after)


def _near(session: Session) -> tuple[date, list[date]]:
    """Today, and the first days of the months that may be looked at."""
    today = clock.local(clock.now(session)).date()
    return today, [_months_on(today, by) for by in range(-NEAR, NEAR + 1)]


def _beside(near: Sequence[date], at: int) -> tuple[date | None, date | None]:
    return near[at - 1] if at else None, near[at + 1] if at + 1 < len(near) else None


def _drawn(
    session: Session, grants: Grants, weeks: Sequence[Sequence[date]], filters: Filters, month: date | None
) -> tuple[tuple[Day, ...], ...]:
    """The days with their entries; `month` says which of them belong to it."""
    today = clock.local(clock.now(session)).date()
    found = entries(session, grants, opening(weeks[0][0]), midnight_after(weeks[-1][-1]), filters)
    days, by_day = calendar.calendar_of(session), defaultdict(list)
    for entry in found:
        by_day[entry.day].append(entry)
    return tuple(
        tuple(
            Day(
                day,
                month is None or day.month == month.month,
                day == today,
                "" if days.is_working(day) else days.why_resting(day),
                days.known(day.year),
                tuple(by_day[day]),
            )
            for day in week
        )
        for week in weeks
    )


def entries(
    session: Session, grants: Grants, since: datetime, until: datetime | None = None, filters: Filters = ANY
) -> list[Entry]:
    """Dates whose last day lies from `since` until before the end of `until`'s day, earliest first; one statement.

    Under filters there are tasks alone, those of 待办 under the same.
    """
    mine = narrowed(session, and_(Task.id.is_not(None), permissions.actionable_tasks(grants)), grants, filters)
    own = and_(
        Declaration.person_id == grants.person_id if grants.personal and not filters.narrow else false(),
        Deadline.instance_id == Declaration.instance_id,
        Deadline.closed_at.is_(None),
        OF_NOTICE,
    )
    wanted = [Deadline.due_at > since, or_(mine, own)]
    if until is not None:
        wanted.append(Deadline.due_at <= until)
    rows = session.execute(
        select(Deadline, ProcessInstance.notice_version_id, case((mine, Task.id)), Task.name, Declaration)
        .add_columns(applicant.name, titles.ABOUT)
        .join(ProcessInstance, ProcessInstance.id == Deadline.instance_id)
        .join(NoticeVersion, NoticeVersion.id == ProcessInstance.notice_version_id)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .outerjoin(Task, and_(Task.deadline_id == Deadline.id, Task.status == "open"))
        .outerjoin(Declaration, Declaration.id == ProcessInstance.declaration_id)
        .outerjoin(applicant, applicant.id == Declaration.person_id)
        .outerjoin(Organisation, Organisation.id == Task.organisation_id)
        .outerjoin(ReviewSession, ReviewSession.instance_id == Deadline.instance_id)
        .where(*wanted)
        .order_by(Deadline.due_at, Deadline.id)
        .limit(MOST)
    ).all()
    now, days = clock.now(session), calendar.calendar_of(session)
    found: dict[tuple[Any, ...], Entry] = {}
    for row in rows:
        entry = _entry(session, row, badges.badge_of(row[0].due_at, [], row[0].provisional, now, days))
        found.setdefault((entry.task_id, entry.declaration_id, entry.kind, entry.due), entry)  # one rule, two clocks
    return list(found.values())


def icalendar(found: Sequence[Entry], stamp: datetime, site: str) -> str:
    """The dates as an iCalendar file of whole days; only what the title says leaves the house."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Zhiping//Deadlines//ZH", "X-WR-CALNAME:职称申报评审期限"]
    for entry in found:
        lines += [
            "BEGIN:VEVENT",
            f"UID:deadline-{entry.deadline_id}@zhiping",
            f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{entry.day + _ONE:%Y%m%d}",
            f"SUMMARY:{_escaped(f'{entry.kind}截止（{entry.due}）')}",
            *([f"URL:{site}"] if site else []),
            "END:VEVENT",
        ]
    return "\r\n".join([*map(_folded, lines), "END:VCALENDAR", ""])


def _entry(session: Session, row: Any, badge: Badge) -> Entry:
    """A task of one's own by its name; of one's own declaration the rule, whoever has to keep it."""
    deadline, version_id, task_id, name, declaration, person, other = row
    kind = name if task_id else explanations.meaning(session, version_id, deadline.rule)
    specialty, level = (declaration.specialty, declaration.level) if declaration else (None, None)
    return Entry(
        day=badges.last_day(deadline.due_at),
        due=spoken(deadline.due_at),
        kind=kind,
        title=titles.title(kind, person if task_id else "", specialty, level, other if task_id else None),
        badge=badge,
        deadline_id=deadline.id,
        task_id=task_id,
        declaration_id=declaration.id if declaration and not task_id else None,
    )


def _months_on(day: date, by: int) -> date:
    number = day.year * 12 + day.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line of at most 75 octets; what follows stands on lines that begin with a space (RFC 5545 §3.1)."""
    parts, room = [""], 75
    for letter in line:
        size = len(letter.encode())
        if size > room:
            parts.append("")
            room = 74
        parts[-1] += letter
        room -= size
    return "\r\n ".join(parts)
