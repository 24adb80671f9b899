"""人员进度: people down, steps across; what is filtered in the address is what the spreadsheet takes along."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.clock import local
from app.domain import desk, desk_grid
from app.domain.desk_grid import STEPS, Cell, Line
from app.web.desks import own_desk
from app.web.session import reading
from app.web.sheets import FORMATS, Sheet, download

blueprint = Blueprint("desk_grid", __name__)


@blueprint.get("/recommendation/<level>/<key>/grid")
def show(level: str, key: str) -> ResponseReturnValue:
    """`step` (where one stands) and `q` (name) narrow; `format` csv or xlsx takes along exactly what is shown."""
    mine, step, words = own_desk(level), request.args.get("step", ""), request.args.get("q", "").strip()
    with reading() as session:
        season = desk.season(session, mine, key)
        everybody = desk_grid.lines(session, mine, key)
    shown = desk_grid.kept(everybody, step, words)
    if request.args.get("format") in FORMATS:
        return download(_sheet(season.title, shown), request.args["format"])
    return render_template(
        "recommendation/grid.html",
        desk=mine,
        season=season,
        steps=STEPS,
        lines=shown,
        counts={key: sum(line.step == key for line in everybody) for key in STEPS},
        total=len(everybody),
        step=step,
        q=words,
        kept={name: value for name, value in (("step", step), ("q", words)) if value},
    )


def _sheet(title: str, lines: list[Line]) -> Sheet:
    rows = [[line.applicant, line.title, *(_words(line.cells.get(key)) for key in STEPS)] for line in lines]
    return Sheet(f"{title}人员进度", ("申报人", "申报职称", *STEPS.values()), rows)


def _words(cell: Cell | None) -> str:
    """As the page reads: the day it was done, else what is missing and at whom."""
    if cell is None or not cell.state:
        return ""
    day = f"{local(cell.at):%Y-%m-%d}" if cell.at and cell.state in ("done", "ended") else ""
    return " ".join(part for part in (day, cell.words, cell.who) if part) or "已办"
