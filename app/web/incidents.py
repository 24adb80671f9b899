"""异常: those with one cause together, with the place in the diagram, and what can be done about all of them."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.permissions import Grants
from app.domain.said import whole_numbers
from app.errors import Problem, Refused
from app.models.draft import NoticeDraft
from app.processes import diagrams, excerpts, history, incident_groups, repairs
from app.processes.batch import planning
from app.processes.incident_groups import Group
from app.web.instances import page_number
from app.web.oversight import REPAIRERS, overseer, repairer
from app.web.session import reading, transaction
from app.web.studio.frame import DESIGNERS

blueprint = Blueprint("incidents", __name__)

SHOWN = 5  # drafts of one notice


@blueprint.get("/incidents/<int:incident_id>")
def group(incident_id: int) -> ResponseReturnValue:
    """All open incidents that have the cause of this one; back to the list where they are dealt with."""
    who = overseer()
    with reading() as session:
        found = incident_groups.of_incident(session, who, incident_id)
        members = incident_groups.members(session, who, found, offset=(page_number() - 1) * incident_groups.PAGE)
        context = {"group": found, "members": members, **_place(session, found), **_mending(session, who, found)}
        names = {
            each.instance.id: history.process_name(session, each.instance.notice_version_id, each.instance.process_key)
            for each in members
            if each.instance is not None
        }
    pages = max(1, -(-found.count // incident_groups.PAGE))
    may = bool(who.roles & set(REPAIRERS))
    return render_template(
        "instances/incident_group.html",
        kinds=repairs.KINDS,
        names=names,
        page=page_number(),
        pages=pages,
        repairs=may,
        most=planning.MOST,
        **context,
    )


@blueprint.post("/incidents/settle")
def settle() -> ResponseReturnValue:
    """Note for the ticked ones of a group, for `reason`, that they were dealt with outside."""
    who = repairer()
    reason, chosen = request.form.get("reason", ""), request.form.getlist("incident")
    ids = whole_numbers(chosen)[: incident_groups.PAGE]
    if not ids:
        raise Refused(Problem("nothing", "请先勾选要处理的异常。"))
    with transaction() as session:
        for each in ids:
            repairs.settle(session, each, reason=reason, person_id=who.person_id)
    flash(f"已将{len(ids)}件记为处理完毕。", "success")
    return redirect(url_for("instances.faults"))  # the group may be over


def _place(session: Session, group: Group) -> dict[str, Any]:
    """The element on the diagram of the version that failed, and the lines of its file."""
    if group.version_id is None:
        return {"picture": None, "lines": []}
    marked = {group.element: f"异常{group.count}"}
    picture = diagrams.of_version(session, group.version_id, group.process_key, list(marked), marked)
    lines = excerpts.around(session, group.version_id, group.process_key, group.line or 0)
    return {"picture": picture, "lines": lines}


def _mending(session: Session, who: Grants, group: Group) -> dict[str, Any]:
    """For designers: the notice's drafts that are under way."""
    if not who.roles & set(DESIGNERS):
        return {"designs": False, "drafts": []}
    open_ones = NoticeDraft.published_version_id.is_(None) & NoticeDraft.discarded_at.is_(None)
    drafts = select(NoticeDraft).where(NoticeDraft.key == group.notice_key, open_ones)
    return {"designs": True, "drafts": session.scalars(drafts.order_by(NoticeDraft.id.desc()).limit(SHOWN)).all()}
