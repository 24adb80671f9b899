"""批量操作: planned from a list, looked at, started, followed, cancelled; and the list of those there were.

A list of processes puts a form on its page that posts to `batch_actions.plan`; the macros of `batch/_bar.html` draw it.
It sends `action`, a code of `register.offered`, and either `instance`, one value for each ticked row (the boxes belong
to the form `batch`), or `all` with `query`, the query string of the list's own address, for whatever the filter finds.
Where incidents are listed they are ticked as `incident`, and `like`, one of them, means all that have its cause; what
the action is done to are they or their processes. The answer leads to the page of the frozen list: its
count, what is skipped and why, what people will be told. Nothing happens before that page's button.
"""

from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain.explanations import moment_words
from app.domain.permissions import Grants
from app.domain.said import whole_number, whole_numbers
from app.errors import Refused
from app.processes import incident_groups
from app.processes.batch import planning, reassigning, register, sheets
from app.processes.batch.planning import Selection
from app.web.instances import page_number
from app.web.oversight import overseer
from app.web.promptness import deliver_soon
from app.web.session import grants, keep_answer, reading, transaction
from app.web.sheets import FORMATS, Sheet, download

blueprint = Blueprint("batch_actions", __name__)

FILTERS = ("action", "author", "state", "since", "until")
RESULTS = ("办理事项", "流程", "申报人（单位）", "列入名单时所在环节", "结果", "原因", "时间")


@blueprint.get("/batch-actions")
def index() -> ResponseReturnValue:
    """Those there were, under filters that live in the address."""
    who = overseer()
    kept = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    with reading() as session:
        found, total = sheets.listing(session, who, kept, page_number())
        choices = sheets.choices(session, who)
    pages = max(1, -(-total // sheets.LISTED))
    context = {"rows": found, "total": total, "choices": choices, "kept": kept, "page": page_number(), "pages": pages}
    return render_template("batch/index.html", states=sheets.STATES, outcomes=sheets.OUTCOMES, **context)


@blueprint.post("/batch-actions")
def plan() -> ResponseReturnValue:
    """Freeze the list; see the module's own words for what a form sends."""
    who = overseer()
    with transaction() as session:
        batch = planning.plan(session, request.form.get("action", ""), who, _selection(session, who))
        address = url_for("batch_actions.show", action_id=batch.id)
        keep_answer(session, location=address)
    return redirect(address)


@blueprint.get("/batch-actions/<int:action_id>")
def show(action_id: int) -> ResponseReturnValue:
    """`outcome` narrows the list of its items."""
    return _show(action_id, "batch/show.html", [])


@blueprint.get("/batch-actions/<int:action_id>/progress")
def progress(action_id: int) -> ResponseReturnValue:
    """The moving part of the page, which asks for itself until everything is done."""
    return _show(action_id, "batch/_progress.html", [])


@blueprint.post("/batch-actions/<int:action_id>/address")
def address(action_id: int) -> ResponseReturnValue:
    """To whom (`to`): the list is looked at again, and what would come to nothing there is left out."""
    who = overseer()
    try:
        with transaction() as session:
            planning.address(session, action_id, who, request.form.get("to", ""))
    except Refused as refused:
        return _show(action_id, "batch/show.html", refused.problems), 422
    return redirect(url_for("batch_actions.show", action_id=action_id))


@blueprint.post("/batch-actions/<int:action_id>/start")
def start(action_id: int) -> ResponseReturnValue:
    """The list was read: begin, for `reason`."""
    who = overseer()
    try:
        with transaction() as session:
            planning.start(session, action_id, who, request.form.get("reason", ""))
    except Refused as refused:
        return _show(action_id, "batch/show.html", refused.problems), 422
    deliver_soon()
    return redirect(url_for("batch_actions.show", action_id=action_id))


@blueprint.post("/batch-actions/<int:action_id>/cancel")
def cancel(action_id: int) -> ResponseReturnValue:
    who = overseer()
    with transaction() as session:
        planning.cancel(session, action_id, who)
    flash("已取消，尚未执行的不再执行。", "success")
    return redirect(url_for("batch_actions.show", action_id=action_id))


@blueprint.get("/batch-actions/<int:action_id>/results")
def results(action_id: int) -> ResponseReturnValue:
    """Every item with its result, as CSV or (`format`) XLSX."""
    who, kind = overseer(), request.args.get("format", "csv")
    with reading() as session:
        found = sheets.sheet(session, action_id, who)
        lines = sheets.lines(session, action_id)
    rows = [
        (
            each.instance_id, each.process, each.about, each.place, sheets.OUTCOMES[each.outcome], each.reason,
            moment_words(each.ended_at) if each.ended_at else "",
        )
        for each in lines
    ]  # fmt: skip
    title = f"批量{found.action.label}第{action_id}号"
    return download(Sheet(title, RESULTS, rows), kind if kind in FORMATS else "csv")


def _selection(session: Session, who: Grants) -> Selection:
    query = request.form.get("query", "").lstrip("?")
    listed_by = dict(parse_qsl(query))
    if request.form.get("all"):
        return planning.of_filter(session, who, listed_by, query)
    action, like = register.get(request.form.get("action", "")), whole_number(request.form.get("like"))
    if like:
        return planning.of_cause(session, who, like, action.code)
    ticked, incidents = _ids("instance"), _ids("incident")
    if action.of_incidents:
        ticked = incidents
    elif incidents:
        ticked = incident_groups.instances_of(session, incidents)
    return Selection(ticked, len(ticked), said=listed_by)


def _ids(name: str) -> list[int]:
    return list(dict.fromkeys(whole_numbers(request.form.getlist(name))))


def _show(action_id: int, template: str, problems: list[Any]) -> str:
    who, outcome = overseer(), request.args.get("outcome", "")
    outcome = outcome if outcome in sheets.OUTCOMES else ""
    with reading() as session:
        sheet = sheets.sheet(session, action_id, who, outcome, page_number())
        mine = sheet.batch.person_id == who.person_id
        body = request.args.get("body", "").strip()
        asks = mine and sheet.action.address is not None and sheet.batch.state == "planned"
        offered = reassigning.receivers(session, planning.items_of(session, action_id), body) if asks else None
    context = {"sheet": sheet, "outcome": outcome, "mine": mine, "problems": problems, "most": planning.MOST}
    context |= {"offered": offered, "body": body}
    said = request.form.get("reason", "")
    return render_template(
        template, states=sheets.STATES, outcomes=sheets.OUTCOMES, length=planning.REASON_LENGTH, said=said, **context
    )


@blueprint.app_context_processor
def _offers() -> dict[str, Any]:
    """For `batch/_bar.html`: what the visitor may do with the processes he ticks."""
    return {"batch_offers": lambda: register.offered(grants())}
