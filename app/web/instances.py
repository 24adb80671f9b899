"""办理监控: the list of running processes, one of them with its diagram, incidents."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import declarations, permissions
from app.domain import history as chain
from app.domain.said import whole_number
from app.errors import NotFound, Problem, Refused
from app.processes import history, incident_groups, instance_page, repairs, timeline, urging
from app.web import clauses
from app.web.oversight import REPAIRERS, overseer
from app.web.session import grants, reading, transaction, visitor
from app.web.views import instance_view

blueprint = Blueprint("instances", __name__)

ERASER = "system_admin"


@blueprint.get("/instances/<int:instance_id>")
def page(instance_id: int) -> ResponseReturnValue:
    """`tab` chooses the part below the diagram, `path` the called process that is drawn."""
    who = overseer()
    with reading() as session:
        instance = instance_page.seen_by(session, who, instance_id)
        clauses.under(session, instance.notice_version_id)
        context = instance_view.build(session, instance, who, request.args.get("tab"), request.args.get("path"))
    return render_template("instances/page.html", **context)


@blueprint.get("/instances/<int:instance_id>/history/<int:number>")
def erase_form(instance_id: int, number: int) -> ResponseReturnValue:
    with reading() as session:
        return _erase_form(session, instance_id, number, [])


@blueprint.post("/instances/<int:instance_id>/history/<int:number>")
def erase(instance_id: int, number: int) -> ResponseReturnValue:
    """Take the words out of one event, for `reason`."""
    _eraser()
    reason = request.form.get("reason", "")
    try:
        with transaction() as session:
            chain.erase(session, instance_id, number, reason=reason, person_id=visitor().person_id)
    except Refused as refused:
        with reading() as session:
            return _erase_form(session, instance_id, number, refused.problems), 422
    flash("内容已擦除，何人何时因何擦除已记入历史。", "success")
    return redirect(url_for("instances.page", instance_id=instance_id))


@blueprint.post("/instances/<int:instance_id>/urge")
def urge(instance_id: int) -> ResponseReturnValue:
    """催办 by whoever oversees the file; the limit of the file holds for all."""
    who = overseer()
    with transaction() as session:
        instance = instance_page.seen_by(session, who, instance_id)
        told = urging.urge(session, declarations.get(session, instance.declaration_id), who.person_id)
    flash(f"已提醒{told}名办理人员。" if told else "该机构暂无办理人员，请电话联系。", "success")
    return redirect(url_for("instances.page", instance_id=instance_id))


@blueprint.get("/incidents")
def faults() -> ResponseReturnValue:
    who, status = overseer(), request.args.get("status", "open")
    if status == "open":
        with reading() as session:
            groups = incident_groups.groups(session, who)
        return render_template("instances/incident_groups.html", groups=groups, kinds=repairs.KINDS)
    with reading() as session:
        found, total = repairs.listing(session, who, status, page_number())
        names = {
            row["instance"].id: history.process_name(
                session, row["instance"].notice_version_id, row["instance"].process_key
            )
            for row in found
            if row["instance"]
        }
    context = {"rows": found, "total": total, "names": names, "status": status, "kinds": repairs.KINDS}
    pages = max(1, -(-total // repairs.PAGE))
    may = bool(who.roles & set(REPAIRERS))
    return render_template("instances/incidents.html", page=page_number(), pages=pages, repairs=may, **context)


def page_number() -> int:
    return max(1, whole_number(request.args.get("page")))


def _eraser() -> None:
    visitor()
    permissions.require_role(grants(), ERASER)


def _erase_form(session: Session, instance_id: int, number: int, problems: list[Problem]) -> str:
    _eraser()
    instance = instance_page.get(session, instance_id)
    line = next((each for each in timeline.of_instance(session, instance) if each.number == number), None)
    if line is None:
        raise NotFound
    said = request.form.get("reason", "")
    return render_template("instances/erase.html", instance=instance, line=line, reason=said, problems=problems)
