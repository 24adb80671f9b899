"""办理监控: the list of running processes, one of them with its diagram, moving a token, incidents."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import declarations, inbox, permissions
from app.domain import history as chain
from app.domain.permissions import Grants
from app.errors import NotAllowed, NotFound, Problem, Refused
from app.models.process import ProcessInstance
from app.processes import history, incidents, instance_page, monitor, moves, repairs, retries, tasks, timeline, urging
from app.processes.instance_page import Waits
from app.web import saved_views
from app.web.session import database, grants, reading, transaction, visitor

blueprint = Blueprint("instances", __name__)

TABS = {
    "timeline": "办理经过",
    "tasks": "任务",
    "deadlines": "期限",
    "messages": "消息",
    "data": "数据",
    "incidents": "异常",
}
REPAIRERS = ("manager", "system_admin")
ERASER = "system_admin"


@blueprint.get("/instances")
def index() -> ResponseReturnValue:
    who = _overseer()
    filters = monitor.Filters.of(request.args)
    with reading() as session:
        listing = monitor.listing(session, who, filters, page_number())
        views = saved_views.part(session, who, "instances")
    kept = {key: value for key, value in asdict(filters).items() if value}
    return render_template("instances/index.html", listing=listing, filters=filters, kept=kept, views=views)


@blueprint.get("/instances/<int:instance_id>")
def page(instance_id: int) -> ResponseReturnValue:
    """`tab` chooses the part below the diagram, `path` the called process that is drawn."""
    who = _overseer()
    tab = request.args.get("tab", "timeline")
    tab = tab if tab in TABS else "timeline"
    with reading() as session:
        instance = _seen(session, who, instance_id)
        path = request.args.get("path")
        view = instance_page.view(session, instance, instance_page.deepest(session, instance) if path is None else path)
        waits, part = instance_page.waits_for(session, instance), _part(session, instance, tab)
        context = {
            "title": _title(session, instance),
            "instance": instance,
            "state": monitor.STATES.get(instance.status, instance.status),
            "waits": waits,
            "related": instance_page.related(session, instance, who),
            "view": view,
            "faults": repairs.of_instance(session, instance.id),
            "part": part,
            "intact": timeline.intact(session, instance) if tab == "timeline" else "",
            "erases": ERASER in who.roles,
            "tab": tab,
            "tabs": TABS,
            "kinds": repairs.KINDS,
            "urged": urging.urged(session, instance.declaration_id) if instance.declaration_id is not None else None,
            "repairs": bool(who.roles & set(REPAIRERS)),
            **_openable(session, who, tab, part, waits),
        }
    return render_template("instances/page.html", **context)


@blueprint.get("/instances/<int:instance_id>/move/<int:task_id>")
def move_form(instance_id: int, task_id: int) -> ResponseReturnValue:
    with reading() as session:
        return _move_form(session, instance_id, task_id, [])


@blueprint.post("/instances/<int:instance_id>/move/<int:task_id>")
def move(instance_id: int, task_id: int) -> ResponseReturnValue:
    """Put the token of task `task_id` on element `to`, for `reason`."""
    _repairer()
    to, reason = request.form.get("to", ""), request.form.get("reason", "")
    try:
        incidents.run(
            database(),
            lambda session: moves.move(session, instance_id, task_id, to, reason=reason, person_id=visitor().person_id),
            instance_id=instance_id,
        )
    except Refused as refused:
        with reading() as session:
            return _move_form(session, instance_id, task_id, refused.problems), 422
    flash("已移动，原待办已关闭。", "success")
    return redirect(url_for("instances.page", instance_id=instance_id))


@blueprint.post("/instances/<int:instance_id>/retry")
def retry(instance_id: int) -> ResponseReturnValue:
    _repairer()
    with transaction() as session:
        instance_page.get(session, instance_id)
        repairs.retry(session, instance_id, visitor().person_id)
    flash("已安排重试。如仍有异常，会重新列出。", "success")
    return redirect(url_for("instances.page", instance_id=instance_id, tab="incidents"))


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
    who = _overseer()
    with transaction() as session:
        instance = _seen(session, who, instance_id)
        told = urging.urge(session, declarations.get(session, instance.declaration_id), who.person_id)
    flash(f"已提醒{told}名办理人员。" if told else "该机构暂无办理人员，请电话联系。", "success")
    return redirect(url_for("instances.page", instance_id=instance_id))


@blueprint.get("/incidents")
def faults() -> ResponseReturnValue:
    who, status = _overseer(), request.args.get("status", "open")
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


@blueprint.post("/incidents/retry")
def try_again() -> ResponseReturnValue:
    """Try the ticked incidents again, each by itself."""
    _repairer()
    chosen = [int(each) for each in request.form.getlist("incident") if each.isdecimal()][: repairs.PAGE]
    if not chosen:
        raise Refused(Problem("nothing", "请先勾选要重试的异常。"))
    outcome = retries.retry(database(), chosen, visitor().person_id)
    if outcome.done:
        flash(f"重试成功{outcome.done}件。", "success")
    for said in dict.fromkeys(outcome.failed):
        flash(f"重试未成功：{said}", "error")
    return redirect(url_for("instances.faults"))


@blueprint.post("/incidents/<int:incident_id>/settle")
def settle(incident_id: int) -> ResponseReturnValue:
    _repairer()
    with transaction() as session:
        repairs.settle(session, incident_id, reason=request.form.get("reason", ""), person_id=visitor().person_id)
    flash("已记为处理完毕。", "success")
    return redirect(url_for("instances.faults"))


def page_number() -> int:
    said = request.args.get("page", "1")
    return max(1, int(said)) if said.isdecimal() else 1


def _overseer() -> Grants:
    visitor()
    who = grants()
    permissions.require_role(who, *monitor.OVERSEERS)
    return who


def _repairer() -> None:
    visitor()
    permissions.require_role(grants(), *REPAIRERS)


def _eraser() -> None:
    visitor()
    permissions.require_role(grants(), ERASER)


def _seen(session: Session, who: Grants, instance_id: int) -> ProcessInstance:
    instance = instance_page.get(session, instance_id)
    wanted = select(ProcessInstance.id).where(ProcessInstance.id == instance_id, monitor.visible(who))
    if session.scalar(wanted) is None:
        raise NotAllowed(f"您当前身份为{who.title}，不能查看此办理事项。如需查看，请切换身份或联系管理人员。")
    return instance


def _part(session: Session, instance: ProcessInstance, tab: str) -> Any:
    if tab == "incidents":
        return None  # read for the top of the page anyway
    readers: dict[str, Callable[[Session, ProcessInstance], Any]] = {
        "timeline": timeline.of_instance,
        "tasks": instance_page.tasks,
        "deadlines": instance_page.dates,
        "messages": instance_page.messages,
        "data": instance_page.data,
    }
    return readers[tab](session, instance)


def _openable(session: Session, who: Grants, tab: str, part: Any, waits: Waits) -> dict[str, set[int]]:
    """Of the tasks and other instances that the page lists, those whose pages its reader may open."""
    listed = [row["task"].id for row in part] if tab == "tasks" else []
    messages = [row["message"] for row in part] if tab == "messages" else []
    others = {each for message in messages for each in (message.sender_id, message.receiver_id) if each}
    return {
        "openable": permissions.openable_tasks(session, who, [*listed, *(each.task_id for each in waits.tasks)]),
        "openable_others": monitor.openable(session, who, others) if others else set(),
    }


def _title(session: Session, instance: ProcessInstance) -> str:
    name = history.process_name(session, instance.notice_version_id, instance.process_key)
    about = instance_page.about(session, instance)
    return f"{name}·{about}" if about else name


def _move_form(session: Session, instance_id: int, task_id: int, problems: list[Problem]) -> str:
    """The form, with what was filled in where it comes back."""
    _repairer()
    instance, task = instance_page.get(session, instance_id), tasks.get(session, task_id)
    if task.instance_id != instance.id:
        raise NotFound
    return render_template(
        "instances/move.html",
        instance=instance,
        task=task,
        task_title=inbox.title_of(session, task),
        targets=moves.targets(session, task, instance),
        to=request.form.get("to", ""),
        reason=request.form.get("reason", ""),
        problems=problems,
    )


def _erase_form(session: Session, instance_id: int, number: int, problems: list[Problem]) -> str:
    _eraser()
    instance = instance_page.get(session, instance_id)
    line = next((each for each in timeline.of_instance(session, instance) if each.number == number), None)
    if line is None:
        raise NotFound
    said = request.form.get("reason", "")
    return render_template("instances/erase.html", instance=instance, line=line, reason=said, problems=problems)
