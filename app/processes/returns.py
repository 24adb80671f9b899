"""退回 above `engine.move`: to the applicant, to the previous or to a chosen earlier step, with the way back (D8a).

Which returns a task allows is its element's property `returns`; a return with its own deadline and list of items is
drawn in the diagram and is none of these.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.domain import (
    declarations,
    notifications,
    organisations,
    people,
    permissions,
    suspended,
    task_requests,
    waiting,
)
from app.engine.returns import RETURNED
from app.engine.returns import allowed as allowed_by
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.declaration import Declaration
from app.models.process import ProcessInstance, Task, TaskReturn
from app.processes import behind, bundles, places, straight, tasks, work
from app.processes.tasks import Actor

WORDS = {
    "others": "还有其他环节正在并行办理，不能退回。请待其办结后再退回。",
    "parallel": "所选环节与本环节属于并行办理的不同分支，不能退回。",
    "multi_instance": "本环节由多人同时办理，不能单独退回。",
    "gateway": "所选环节是并行办理的汇合处，不能退回。",
}
TEMPLATE = "returned"


@dataclass(frozen=True)
class Target:
    """An earlier step that the case has passed; `kind` is applicant, previous or chosen."""

    task: Task
    kind: str

    @property
    def words(self) -> str:
        lead = {"applicant": "退回申报人", "previous": "退回上一环节"}.get(self.kind, "退回")
        return f"{lead}：{self.task.name}"


def targets(session: Session, task: Task) -> list[Target]:
    """Where the task may be returned to: as its element allows, nearest first; nothing where it allows none."""
    instance = session.get_one(ProcessInstance, task.instance_id)
    definitions = bundles.of_version(session, instance.notice_version_id).definitions
    kinds = allowed_by(definitions.elements[task.element_id])
    if task.status != "open" or not kinds:
        return []
    earlier = behind.passed(session, task)
    found = [Target(each, _kind(each, earlier)) for each in reversed(earlier)]
    return [each for each in found if each.kind in kinds or "chosen" in kinds]


def give_back(session: Session, task_id: int, actor: Actor, to: int, *, reason: str, straight_back: bool) -> Task:
    """Return an open task to the step that the completed task `to` was; gives the task that now waits there.

    Its tasks, timers and awaited messages are closed; what scripts wrote stays. Raises NotFound, Conflict, NotAllowed,
    Refused (no reason, a step that may not be chosen or entered; nothing has changed then) and DiagramFault.
    """
    instance, task = _held(session, task_id)
    permissions.require_act(session, actor.person_id, task, actor.grants)
    if not reason.strip():
        raise Refused(Problem("missing", "请填写退回原因。", "reason"))
    target = next((each.task for each in targets(session, task) if each.task.id == to), None)
    if target is None:
        raise Refused(Problem("target", "请选择可以退回的环节。", "to"))
    begun = work.opened(session, instance, person_id=actor.person_id, organisation_id=task.organisation_id)
    row = _row(begun, task, target, actor, reason.strip(), straight_back)
    places.put(begun, task, places.onward(task, places.way_to(target)), words=WORDS)
    if task.after_id is not None:
        task_requests.release(session, task)
    said = {"decision": RETURNED, "opinion": f"退回至“{target.name}”：{row.reason}"}
    tasks.close(session, task, actor, said, row.on_behalf_of)
    facts = {"from": task.name, "to": target.name, "reason": row.reason, "straight": straight_back}
    at = {"element_id": task.element_id, "organisation_id": task.organisation_id}
    work.note(begun, "returned", task_id=task.id, payload=facts, **at)
    _reopen(session, instance, target)
    work.save(begun, done=task)
    received = straight.mark(session, instance.id, places.way_to(target), row.id)
    if received is None:
        raise NotFound
    _tell(session, instance, task, received, row)
    return received


def of_task(session: Session, task: Task) -> TaskReturn | None:
    """The return that brought the task; its reason is what the receiver has to know."""
    return session.get(TaskReturn, task.return_id) if task.return_id is not None else None


def _kind(each: Task, earlier: list[Task]) -> str:
    if each is next((task for task in earlier if task.role == "applicant"), None):
        return "applicant"
    return "previous" if each is earlier[-1] else "chosen"


def _held(session: Session, task_id: int) -> tuple[ProcessInstance, Task]:
    """The instance first, then the task, as everybody does. Raises NotFound, Conflict."""
    instance = work.locked(session, tasks.get(session, task_id).instance_id)
    task = session.get_one(Task, task_id, populate_existing=True)
    if task.status != "open":
        raise Conflict
    suspended.require_not(instance)
    return instance, task


def _row(begun: work.Work, task: Task, target: Task, actor: Actor, reason: str, straight_back: bool) -> TaskReturn:
    session, about = begun.session, begun.instance.declaration_id
    data: dict[str, Any] = next(dict(each.data) for each in begun.run.user_tasks() if each.id == task.engine_task_id)
    row = TaskReturn(
        instance_id=begun.instance.id,
        declaration_id=about,
        task_id=task.id,
        from_name=task.name,
        to_name=target.name,
        reason=reason,
        straight=straight_back and not begun.run.is_repeated(target.element_id),  # several people have no one way back
        way=list(places.way_to(task)),
        data=data,
        status=declarations.get(session, about).status if about is not None else None,
        outer_id=task.return_id,
        person_id=actor.person_id,
        on_behalf_of=tasks.absent(actor.grants, task),
        at=clock.now(session),
    )
    session.add(row)
    session.flush()
    return row


def _reopen(session: Session, instance: ProcessInstance, target: Task) -> None:
    """A file that is back before its submission is being filled in again; number and instant stay."""
    declaration = session.get(Declaration, instance.declaration_id) if instance.declaration_id is not None else None
    if declaration is None or declaration.submitted_at is None or target.ended_at is None:
        return
    if target.role == "applicant" and target.ended_at <= declaration.submitted_at:
        declarations.set_status(session, declaration, "DRAFT")


def _tell(session: Session, instance: ProcessInstance, task: Task, received: Task, row: TaskReturn) -> None:
    office = organisations.get(session, task.organisation_id) if task.organisation_id is not None else None
    about = notifications.About(instance.notice_version_id, instance.declaration_id, instance.id)
    facts = {
        "applicant": people.get(session, declarations.get(session, row.declaration_id).person_id).name
        if row.declaration_id is not None
        else "",
        "office": office.name if office else row.from_name,
        "task": row.to_name,
        "reason": row.reason,
        "contact": f"{office.name}{office.contact_phone or ''}" if office else row.from_name,
    }
    notifications.post(session, waiting.asked(session, received), TEMPLATE, facts, about)
