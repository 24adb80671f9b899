"""期限日历: a month or a week of one's own deadlines, as a table or a list, and as a file for one's own calendar."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.domain import agenda, permissions
from app.domain.inbox import choices
from app.domain.inbox.choices import Choice
from app.domain.inbox.filters import CLAIMS, Filters, wrong
from app.domain.said import day
from app.web.session import grants, reading, settings, visitor

blueprint = Blueprint("agenda", __name__)

VIEWS = {"month": "月历", "week": "周", "list": "列表"}
WEEK_SHOWN = 12  # kinds of dates that a day of a week names


@blueprint.get("/deadlines")
def index() -> ResponseReturnValue:
    """`month` as 2023-10, of a week one of its `day`s; `view` a key of VIEWS; beside them the filters of 待办."""
    visitor()
    who, filters, view = grants(), Filters.of(request.args), request.args.get("view", "")
    view = view if view in VIEWS else "month"
    with reading() as session:
        read = agenda.week if view == "week" else agenda.month
        found = read(session, who, _day() if view == "week" else _month(), filters)
        offered = choices.of(session, permissions.actionable_tasks(who)) if not who.personal else {}
    offers = {**offered, "claim": [Choice(*each, None) for each in CLAIMS.items()]} if offered else {}
    context: dict[str, Any] = {"month": found, "view": view, "views": VIEWS, "filters": filters, "kept": filters.kept}
    context |= {"offers": offers, "wrong": wrong(filters), "most": agenda.MOST}
    return render_template("agenda.html", shown=WEEK_SHOWN if view == "week" else agenda.SHOWN, **context)


@blueprint.get("/deadlines.ics")
def export() -> ResponseReturnValue:
    """Every date still to come, as iCalendar."""
    visitor()
    with reading() as session:
        now = clock.now(session)
        text = agenda.icalendar(agenda.entries(session, grants(), now), now, settings().site)
    headers = {"Content-Disposition": "attachment; filename=deadlines.ics"}
    return Response(text, mimetype="text/calendar", headers=headers)


def _month() -> date | None:
    return day(f"{request.args.get('month', '')}-01")


def _day() -> date | None:
    """The day of the address, else the first of its month."""
    return day(request.args.get("day", "")) or _month()
