"""工作日历: a year at a glance; a day or a whole year is changed after looking at what it does to open deadlines.

What would end earlier than its people were told waits for a manager, who did not publish the calendar.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import calendar, permissions, shortenings, year_arrangement
from app.domain.deadline_rules import spoken
from app.domain.said import day as said_day
from app.domain.year_arrangement import ArrangedDay
from app.errors import Problem, Refused
from app.models.calendar import CalendarDay, CalendarYear
from app.processes import effects
from app.processes.effects import DayChange, Effect, YearChange
from app.processes.rehearsal import rehearse
from app.web.session import database, grants, reading, run, visitor
from app.web.sheets import FORMATS, Sheet, download
from app.web.views import months

blueprint = Blueprint("calendars", __name__)

FIELDS = ("what", "day", "working", "note", "year", "source", "text")
KEEPER = "system_admin"
SHOWN = 200  # rows of the before/after list; the file holds all
HEADINGS = ("申报人（单位）", "期限", "现为", "调整为", "说明")
FIRST_YEAR, LAST_YEAR = 2004, 2100


@blueprint.get("/calendar")
def index() -> ResponseReturnValue:
    return _show({}, [])


@blueprint.post("/calendar/preview")
def preview() -> ResponseReturnValue:
    """What the change would do to open deadlines, before it is made; with `format` csv or xlsx as a file to keep."""
    _keeper()
    said = _said()
    try:
        with reading() as session:
            change = _change(session, said)
        found = rehearse(
            database(), lambda session: effects.described(session, effects.change_calendar(session, change))
        )
    except Refused as refused:
        return _show(said, refused.problems), 422
    if request.form.get("format") in FORMATS:
        return download(_sheet(effects.words(change), found), request.form["format"])
    return render_template(
        "administration/calendar_preview.html",
        said=said,
        words=effects.words(change),
        days=change.days if isinstance(change, YearChange) else (),
        effects=found[:SHOWN],
        counts=_counts(found),
    )


@blueprint.post("/calendar")
def apply() -> ResponseReturnValue:
    """Make the change and move the open deadlines; those it would shorten wait for approval."""
    _keeper()
    said = _said()
    with reading() as session:
        change = _change(session, said)
    moved, left = run(lambda session: _apply(session, change))
    waiting = f"；{left}个较已告知的提前，待主管人员核准，核准前按原日期执行" if left else ""
    flash(f"{effects.words(change)}，已调整{moved}个期限{waiting}。", "success")
    year = change.year if isinstance(change, YearChange) else change.day.year
    return redirect(url_for("calendars.index", year=year))


def _apply(session: Session, change: DayChange | YearChange) -> tuple[int, int]:
    changes = effects.change_calendar(session, change)
    return shortenings.apply_calendar(session, changes, why=effects.words(change), by=visitor().person_id)


def _counts(found: Sequence[Effect]) -> dict[str, int]:
    counted = Counter(each.kind for each in found)
    return {words: counted[kind] for kind, words in effects.KINDS.items() if counted[kind]}


def _sheet(title: str, found: Sequence[Effect]) -> Sheet:
    rows = [(each.about, each.meaning, _due(each.before), _due(each.after), effects.KINDS[each.kind]) for each in found]
    return Sheet(title, HEADINGS, rows)


def _due(moment: datetime | None) -> str:
    return spoken(moment) if moment else "计时暂停"


def _show(said: dict[str, str], problems: list[Problem]) -> str:
    _keeper()
    with reading() as session:
        today = clock.local(clock.now(session)).date()
        year = _year(request.args.get("year") or said.get("day", "")[:4] or said.get("year", ""), today.year)
        days = calendar.calendar_of(session)
        declared = session.get(CalendarYear, year)
        own = {row.day: row for row in session.scalars(select(CalendarDay).where(CalendarDay.day >= date(year, 1, 1)))}
    own = {day: row for day, row in own.items() if day.year == year}
    return render_template(
        "administration/calendar.html",
        year=year,
        today=today,
        known=days.known(year),
        declared=declared,
        own=sorted(own.values(), key=lambda row: row.day),
        months=[(month, months.weeks(days, year, month, set(own))) for month in range(1, 13)],
        weekdays=[name.removeprefix("周") for name in calendar.WEEKDAYS],
        said=said,
        problems=problems,
        example=year_arrangement.EXAMPLE,
        first=FIRST_YEAR,
        last=LAST_YEAR,
    )


def _keeper() -> None:
    visitor()
    permissions.require_role(grants(), KEEPER)


def _said() -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in FIELDS}


def _change(session: Session, said: dict[str, str]) -> DayChange | YearChange:
    problems: list[Problem] = []
    if not said["source"]:
        problems.append(Problem("missing", "请填写依据的文件（例如放假安排通知的文号）。", "source"))
    if said["what"] == "year":
        year = int(said["year"]) if said["year"].isdecimal() else 0
        if not FIRST_YEAR <= year <= LAST_YEAR:
            problems.append(Problem("year", f"请填写{FIRST_YEAR}至{LAST_YEAR}之间的年份。", "year"))
            raise Refused(*problems)
        change: DayChange | YearChange = YearChange(year, said["source"], _days(session, year, said["text"], problems))
    else:
        day = said_day(said["day"])
        if day is None:
            problems.append(Problem("day", "请按年月日填写日期。", "day"))
        if said["working"] not in ("yes", "no"):
            problems.append(Problem("missing", "请选择工作日或休息日。", "working"))
        if not said["note"]:
            problems.append(Problem("missing", "请填写说明（例如“国庆节”“调休上班”）。", "note"))
        change = DayChange(day or date.min, said["working"] == "yes", said["note"], said["source"])
    if problems:
        raise Refused(*problems)
    return change


def _days(session: Session, year: int, text: str, problems: list[Problem]) -> tuple[ArrangedDay, ...]:
    """The days that the pasted text names; days entered one by one before may stand for it."""
    try:
        found = year_arrangement.read(year, text)
    except Refused as refused:
        problems += refused.problems
        return ()
    entered = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    if not found and session.scalar(select(CalendarDay.day).where(entered).limit(1)) is None:
        problems.append(Problem("missing", "请粘贴放假安排的文字，一个节日一行。", "text"))
    return found


def _year(said: str, default: int) -> int:
    return int(said) if said.isdecimal() and FIRST_YEAR <= int(said) <= LAST_YEAR else default
