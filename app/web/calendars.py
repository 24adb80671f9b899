"""工作日历: a year at a glance; a day or a whole year is changed after looking at what it does to open deadlines."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import calendar, deadlines, permissions
from app.errors import Problem, Refused
from app.models.calendar import CalendarDay, CalendarYear
from app.processes import effects
from app.processes.effects import DayChange, YearChange
from app.processes.rehearsal import rehearse
from app.web.session import database, grants, reading, run, visitor
from app.web.views import months

blueprint = Blueprint("calendars", __name__)

FIELDS = ("what", "day", "working", "note", "year", "source", "shorten")
FIRST_YEAR, LAST_YEAR = 2004, 2100


@blueprint.get("/calendar")
def index() -> ResponseReturnValue:
    return _show({}, [])


@blueprint.post("/calendar/preview")
def preview() -> ResponseReturnValue:
    """What the change would do to open deadlines, before it is made."""
    _keeper()
    said = _said()
    try:
        change = _change(said)
        found = rehearse(
            database(), lambda session: effects.described(session, effects.change_calendar(session, change))
        )
    except Refused as refused:
        return _show(said, refused.problems), 422
    return render_template(
        "administration/calendar_preview.html", said=said, words=effects.words(change), effects=found
    )


@blueprint.post("/calendar")
def apply() -> ResponseReturnValue:
    """Make the change and move the open deadlines; those it would shorten only where `shorten` is yes."""
    _keeper()
    said = _said()
    change = _change(said)
    moved = run(lambda session: _apply(session, change, shorten=said["shorten"] == "yes"))
    flash(f"{effects.words(change)}，已调整{moved}个期限。", "success")
    year = change.year if isinstance(change, YearChange) else change.day.year
    return redirect(url_for("calendars.index", year=year))


def _apply(session: Session, change: DayChange | YearChange, *, shorten: bool) -> int:
    changes = effects.change_calendar(session, change)
    return deadlines.apply(session, changes, why=effects.words(change), by=visitor().person_id, shorten=shorten)


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
        first=FIRST_YEAR,
        last=LAST_YEAR,
    )


def _keeper() -> None:
    visitor()
    permissions.require_role(grants(), "system_admin")


def _said() -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in FIELDS}


def _change(said: dict[str, str]) -> DayChange | YearChange:
    problems = []
    if not said["source"]:
        problems.append(Problem("missing", "请填写依据的文件（例如放假安排通知的文号）。", "source"))
    if said["what"] == "year":
        year = int(said["year"]) if said["year"].isdecimal() else 0
        if not FIRST_YEAR <= year <= LAST_YEAR:
            problems.append(Problem("year", f"请填写{FIRST_YEAR}至{LAST_YEAR}之间的年份。", "year"))
        change: DayChange | YearChange = YearChange(year, said["source"])
    else:
        day = months.day_of(said["day"])
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


def _year(said: str, default: int) -> int:
    return int(said) if said.isdecimal() and FIRST_YEAR <= int(said) <= LAST_YEAR else default
