"""What a manager does to one case, each on a form of its own: with a reason, refused where others acted meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.inbox import titles
from app.errors import NotFound, Problem
from app.models.declaration import Declaration
from app.models.process import ProcessInstance, Task
from app.processes import (
    history,
    instance_page,
    monitor,
    moves,
    reassigning,
    repairs,
    suspensions,
    tasks,
    terminations,
)
from app.web import acting
from app.web.session import grants, reading, visitor

blueprint = Blueprint("interventions", __name__)


@dataclass(frozen=True)
class Act:
    """`together` is the state of other instances about the same declaration that may be ticked to go along."""

    service: Callable[..., Any]
    done: str
    together: str = ""


ACTS = {
    "suspend": Act(suspensions.suspend, "已挂起，相关人员已收到通知。", "running"),
    "resume": Act(suspensions.resume, "已恢复办理，期限继续计算。", "suspended"),
    "terminate": Act(terminations.terminate, "已终止，相关人员已收到通知。"),
    "retry": Act(repairs.retry, "已安排重试。如仍有异常，会重新列出。"),
}


@blueprint.get("/instances/<int:instance_id>/<any(suspend,resume,terminate,retry):act>")
def form(instance_id: int, act: str) -> ResponseReturnValue:
    return _form(instance_id, act, [])


@blueprint.post("/instances/<int:instance_id>/<any(suspend,resume,terminate,retry):act>")
def carry_out(instance_id: int, act: str) -> ResponseReturnValue:
    """For `reason`; `also` are other instances that are suspended or resumed along with it."""
    person_id, also = visitor().person_id, request.form.getlist("also") if ACTS[act].together else []

    def work(session: Session) -> None:
        offered = {each.id for each in _together(session, instance_page.get(session, instance_id), act)}
        for each in [instance_id, *sorted(int(said) for said in also if said.isdecimal() and int(said) in offered)]:
            ACTS[act].service(session, each, reason=acting.reason(), person_id=person_id)

    return acting.act(instance_id, act, work, lambda problems: _form(instance_id, act, problems), ACTS[act].done)


@blueprint.get("/instances/<int:instance_id>/move/<int:task_id>")
def move_form(instance_id: int, task_id: int) -> ResponseReturnValue:
    return _move_form(instance_id, task_id, [])


@blueprint.post("/instances/<int:instance_id>/move/<int:task_id>")
def move(instance_id: int, task_id: int) -> ResponseReturnValue:
    """Put the token of task `task_id` on element `to`, for `reason`."""
    person_id, to = visitor().person_id, request.form.get("to", "")

    def work(session: Session) -> None:
        moves.move(session, instance_id, task_id, to, reason=acting.reason(), person_id=person_id)

    return acting.act(
        instance_id, "move", work, lambda problems: _move_form(instance_id, task_id, problems), "已移动，原待办已关闭。"
    )


@blueprint.get("/instances/<int:instance_id>/reassign/<int:task_id>")
def reassign_form(instance_id: int, task_id: int) -> ResponseReturnValue:
    return _reassign_form(instance_id, task_id, [])


@blueprint.post("/instances/<int:instance_id>/reassign/<int:task_id>")
def reassign(instance_id: int, task_id: int) -> ResponseReturnValue:
    """`to` is `body-person`, either part empty: another body's post, a person of this one, or the post's queue."""
    person_id = visitor().person_id
    body, _, person = request.form.get("to", "").partition("-")

    def work(session: Session) -> None:
        _task(session, instance_id, task_id)
        receiver = {"to_person_id": acting.number(person), "to_organisation_id": acting.number(body)}
        reassigning.reassign(session, task_id, **receiver, reason=acting.reason(), person_id=person_id)

    return acting.act(
        instance_id,
        "reassign",
        work,
        lambda problems: _reassign_form(instance_id, task_id, problems),
        "已改派，双方已收到通知。",
    )


def _form(instance_id: int, act: str, problems: Sequence[Problem]) -> str:
    with reading() as session:
        instance = acting.instance_of(session, instance_id, act)
        about = session.get(Declaration, instance.declaration_id) if instance.declaration_id is not None else None
        ending, going_on = terminations.companions(session, instance) if act == "terminate" else ([], [])
        context = {
            "act": act,
            "together": _named(session, _together(session, instance, act)),
            "ending": _named(session, ending),
            "going_on": _named(session, going_on),
            "possible": act != "terminate" or terminations.may_be_terminated(instance, about),
            "also": request.form.getlist("also"),
        }
        return acting.render(session, "act", instance, problems, context)


def _move_form(instance_id: int, task_id: int, problems: Sequence[Problem]) -> str:
    with reading() as session:
        instance = acting.instance_of(session, instance_id, "move")
        task = _task(session, instance_id, task_id)
        context = {
            "task": task,
            "task_title": titles.title_of(session, task),
            "targets": moves.targets(session, task, instance),
            "to": request.form.get("to", ""),
        }
        return acting.render(session, "move", instance, problems, context)


def _reassign_form(instance_id: int, task_id: int, problems: Sequence[Problem]) -> str:
    """`q` names the body to look for."""
    with reading() as session:
        instance = acting.instance_of(session, instance_id, "reassign")
        task, name = _task(session, instance_id, task_id), request.values.get("q", "").strip()
        context = {
            "task": task,
            "task_title": titles.title_of(session, task),
            "place": reassigning.place(session, task),
            "people": reassigning.candidates(session, task),
            "bodies": reassigning.bodies(session, task, name) if name else [],
            "q": name,
            "to": request.form.get("to", ""),
        }
        return acting.render(session, "reassign", instance, problems, context)


def _task(session: Session, instance_id: int, task_id: int) -> Task:
    task = tasks.get(session, task_id)
    if task.instance_id != instance_id:
        raise NotFound
    return task


def _together(session: Session, instance: ProcessInstance, act: str) -> Sequence[ProcessInstance]:
    """The other instances about the same declaration that may go along, those that the person oversees."""
    state = ACTS[act].together
    if not state or instance.declaration_id is None:
        return []
    same = (ProcessInstance.declaration_id == instance.declaration_id) & (ProcessInstance.id != instance.id)
    wanted = select(ProcessInstance).where(same, ProcessInstance.status == state, monitor.visible(grants()))
    return session.scalars(wanted.order_by(ProcessInstance.id)).all()


def _named(session: Session, found: Sequence[ProcessInstance]) -> list[tuple[int, str]]:
    return [(each.id, history.process_name(session, each.notice_version_id, each.process_key)) for each in found]
