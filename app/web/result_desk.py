"""评审结果 for the convening, the approving and the confirming body: lists of results, and one in full."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain import permissions
from app.domain.results.access import OFFICES
from app.processes import result_desk
from app.web.instances import page_number
from app.web.session import grants, reading, visitor
from app.web.sheets import FORMATS, Sheet, download

blueprint = Blueprint("result_desk", __name__)


HEADINGS = ("姓名", "所在单位", "申报职称", "评审结果", "办理状态", "文号")


@blueprint.get("/results/desk")
def index() -> ResponseReturnValue:
    visitor()
    who = grants()
    permissions.require_role(who, *OFFICES, "manager", "system_admin")
    with reading() as session:
        found, page, pages = result_desk.listed(session, who, page_number())
    return render_template("results/desks.html", found=found, page=page, pages=pages)


@blueprint.get("/results/desk/<int:session_id>")
def show(session_id: int) -> ResponseReturnValue:
    """One result; `state` narrows its names, `format` takes those along that are shown."""
    visitor()
    who, state, kind = grants(), request.args.get("state", ""), request.args.get("format", "")
    with reading() as session:
        if kind in FORMATS:
            review, rows = result_desk.rows(session, who, session_id, state)
            return download(
                Sheet(f"{review.title.removesuffix('会议')}结果", HEADINGS, [_line(row) for row in rows]), kind
            )
        desk = result_desk.desk(session, who, session_id, state, page_number())
    return render_template("results/desk.html", desk=desk, state=state, states=result_desk.STATES, headings=HEADINGS)


def _line(row: result_desk.Row) -> tuple[str, ...]:
    return row.applicant, row.unit, row.title, "通过" if row.passed else "未通过", row.standing, row.number
