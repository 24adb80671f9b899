"""Moving all windows of a draft by days or years, each end to a working day, looked at before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.domain.calendar import Calendar
from app.domain.drafts import schedule, store
from app.domain.drafts.paths import PARAMETERS
from app.domain.drafts.schedule import Row
from app.domain.drafts.yaml_text import mapping, with_entry
from app.domain.parameter_values import WINDOWS
from app.domain.schedules import WINDOW_NAMES
from app.models.draft import NoticeDraft

MOST = 1100  # days


@dataclass(frozen=True)
class Move:
    """By `years` and then by `days`; both may be negative."""

    years: int = 0
    days: int = 0


@dataclass(frozen=True)
class Moved:
    """One end of one window; `rolled` where the day was a rest day (`why`), and the next working one is taken."""

    place: str
    what: str
    before: str
    after: str
    rolled: bool
    why: str


@dataclass(frozen=True)
class Plan:
    """What a move does: every end, rows and the notice's own windows as they will be; the revisions it rests on."""

    ends: list[Moved]
    rows: list[Row]
    entries: dict[str, dict[str, Any]]
    revisions: tuple[int, int]

    @property
    def unknown_years(self) -> list[int]:
        return sorted({int(each.after[:4]) for each in self.ends})


def plan(session: Session, draft: NoticeDraft, move: Move, calendar: Calendar) -> Plan:
    """Every printed end of every committee's and the notice's own windows, moved; nothing is written."""
    rows, revision = schedule.rows(session, draft)
    text, of_parameters = store.text_of(session, draft, PARAMETERS)
    ends: list[Moved] = []
    moved_rows = [_row(row, move, calendar, ends) for row in rows]
    said = mapping(text)
    entries = {
        key: {**said[key], "value": _window(said[key]["value"], ("本通知", name), move, calendar, ends)}
        for name, key in WINDOWS.items()
        if isinstance(said.get(key), dict) and isinstance(said[key].get("value"), dict)
    }
    return Plan(ends, moved_rows, entries, (revision, of_parameters))


def apply(session: Session, draft_id: int, made: Plan, *, by: int, reason: str) -> None:
    """Write what was planned. Conflict where somebody saved one of the two files meanwhile."""
    if made.rows:
        schedule.save(session, draft_id, made.rows, revision=made.revisions[0], by=by, reason=reason)
    if made.entries:
        text = store.text_of(session, store.get(session, draft_id), PARAMETERS)[0]
        for key, entry in made.entries.items():
            text = with_entry(text, key, entry)
        store.save(session, draft_id, PARAMETERS, text, revision=made.revisions[1], by=by, reason=reason)


def _row(row: Row, move: Move, calendar: Calendar, ends: list[Moved]) -> Row:
    moved = dict(row)
    for name in WINDOWS:
        printed = {end: row[f"{name}_{end}"] for end in ("from", "to") if row[f"{name}_{end}"]}
        after = _window(printed, (f"第{row['no']}号 {row['name']}", name), move, calendar, ends)
        moved |= {f"{name}_{end}": value for end, value in after.items()}
    return moved


def _window(
    printed: dict[str, str], where: tuple[str, str], move: Move, calendar: Calendar, ends: list[Moved]
) -> dict[str, str]:
    after = {}
    for end, text in printed.items():
        day, _, clock_time = str(text).partition(" ")
        try:
            wanted = _moved(date.fromisoformat(day), move)
        except ValueError:  # not a date: the row's own check says so
            after[end] = text
            continue
        working = wanted if calendar.is_working(wanted) else calendar.next_working_day(wanted).day
        after[end] = f"{working.isoformat()} {clock_time}".strip()
        rolled = working != wanted
        why = calendar.why_resting(wanted) if rolled else ""
        words = f"{WINDOW_NAMES[where[1]]}{'开始' if end == 'from' else '截止'}"
        ends.append(Moved(where[0], words, str(text), after[end], rolled, why))
    return after


def _moved(day: date, move: Move) -> date:
    year = day.year + move.years
    try:
        there = day.replace(year=year)
    except ValueError:  # 29 February
        there = day.replace(year=year, day=28)
    return there + timedelta(days=move.days)


def sentence(move: Move) -> str:
    """For the trail: what was done."""
    parts: Sequence[str] = [
        f"{'推后' if n > 0 else '提前'}{abs(n)}{unit}" for n, unit in ((move.years, "年"), (move.days, "天")) if n
    ]
    return f"全部时间{'、'.join(parts)}，遇休息日顺延到工作日"
