"""期限提前核准: which deadlines a published calendar would end earlier than announced, approved or left as they are."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain import permissions, shortenings
from app.domain.said import whole_numbers
from app.errors import Problem, Refused
from app.processes import effects
from app.web.session import grants, reading, run, visitor

blueprint = Blueprint("shortenings", __name__)

APPROVER = "manager"
SHOWN = 200  # rows on the page


@blueprint.get("/calendar/shortenings")
def index() -> ResponseReturnValue:
    return _show([])


@blueprint.post("/calendar/shortenings")
def decide() -> ResponseReturnValue:
    """Approve (`decision` approve) or refuse (keep) that the ticked deadlines, or `all`, end earlier."""
    _approver()
    carry_out = shortenings.approve if request.form.get("decision") == "approve" else shortenings.keep
    reason = request.form.get("reason", "")
    try:
        count = run(lambda session: carry_out(session, _ticked(), reason=reason, by=visitor().person_id))
    except Refused as refused:
        return _show(refused.problems), 422
    done = "已核准提前" if carry_out is shortenings.approve else "已维持原定日期"
    flash(f"{done}{count}个期限。", "success")
    return redirect(url_for("shortenings.index"))


def _ticked() -> list[int] | None:
    return None if request.form.get("all") == "yes" else whole_numbers(request.form.getlist("deadline"))


def _show(problems: list[Problem]) -> str:
    _approver()
    with reading() as session:
        found = shortenings.waiting(session)
        shown = effects.described(session, found[:SHOWN])
    reason = request.form.get("reason", "")
    return render_template(
        "administration/shortenings.html", effects=shown, total=len(found), problems=problems, reason=reason
    )


def _approver() -> None:
    visitor()
    permissions.require_role(grants(), APPROVER)
