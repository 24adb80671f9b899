"""评审结果 for the convening, the approving and the confirming body: lists of results, and one in full."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain import permissions
from app.domain.results.access import OFFICES
from app.processes import result_desk
from app.web.instances import page_number
from app.web.session import grants, reading, visitor

blueprint = Blueprint("result_desk", __name__)


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
    """One result; `state` narrows its names."""
    visitor()
    who, state = grants(), request.args.get("state", "")
    with reading() as session:
        desk = result_desk.desk(session, who, session_id, state, page_number())
    return render_template("results/desk.html", desk=desk, state=state, states=result_desk.STATES)
