"""期限日历: a month of one's own deadlines, as a table or a list, and as a file for one's own calendar."""

from datetime import date

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.domain import agenda
from app.web.session import grants, reading, settings, visitor

blueprint = Blueprint("agenda", __name__)

VIEWS = ("month", "list")


@blueprint.get("/deadlines")
def index() -> ResponseReturnValue:
    """`month` as 2023-10, `view` month or list."""
    visitor()
    with reading() as session:
        found = agenda.month(session, grants(), _month())
    view = request.args.get("view")
    return render_template(
        "agenda.html", month=found, view=view if view in VIEWS else VIEWS[0], most=agenda.MOST, shown=agenda.SHOWN
    )


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
    try:
        return date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        return None
