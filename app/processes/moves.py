"""Moving a token by hand: an instance that stands at the wrong step is put on another one, with a reason (D8a)."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import clock
from app.domain import deadlines
from app.engine.parser import Element
from app.errors import Conflict, MoveRefused, NotFound, Problem, Refused
from app.models.process import ProcessInstance, Task
from app.processes import bundles, work

TARGETS = ("userTask", "callActivity", "scriptTask", "businessRuleTask", "intermediateCatchEvent", "eventBasedGateway")
WORDS = {
    "not_live": "此步骤已不在办理中，请刷新后再办。",
    "not_a_step": "所在位置不是可移动的步骤，请移动它所属的环节。",
    "multi_instance": "此步骤是重复办理中的一份，请移动整个环节。",
    "unknown": "所选步骤不在本流程或调用它的流程中。",
    "others": "离开本流程会一并取消其他正在办理的步骤，请改为移动调用它的环节。",
    "parallel": "所选步骤在另一条并行分支上，不能移动。",
    "not_a_call": "所选步骤不是调用的流程。",
    "gateway": "不能移动到并行（包容）网关，请选择它前面的步骤。",
    "boundary": "不能移动到边界事件，请选择它之后的步骤。",
    "start": "不能移动到等待启动的事件。",
    "event_gateway": "所选步骤在事件网关之后，请选择该网关。",
}


@dataclass(frozen=True)
class Targets:
    """Where a token may be put within one process of the task's chain."""

    process: str
    elements: list[Element]


def targets(session: Session, task: Task, instance: ProcessInstance) -> list[Targets]:
    """The steps of the task's process and of those that call it, innermost first."""
    definitions = bundles.of_version(session, instance.notice_version_id).definitions
    chain = [definitions.elements[call].process for call in task.path] + [task.process_key]
    found = []
    for key in reversed(list(dict.fromkeys(chain))):
        steps = [each for each in definitions.elements.values() if each.process == key and each.kind in TARGETS]
        named = [each for each in steps if each.name and each.id != task.element_id]
        found.append(Targets(definitions.names[key], named))
    return found


def move(session: Session, instance_id: int, task_id: int, to: str, *, reason: str, person_id: int) -> ProcessInstance:
    """Take the token out of an open task and put it on element `to` of its process or of one that calls it.

    The tasks, timers and subscriptions that go are closed, what waits anew is opened, and the move is kept in the
    history with its reason. What scripts wrote before is not undone. Raises NotFound, Conflict (no longer open),
    Refused (no reason, or a step that cannot be entered) and DiagramFault.
    """
    if not reason.strip():
        raise Refused(Problem("missing", "请填写移动的原因。", "reason"))
    instance = work.locked(session, instance_id)
    task = session.get(Task, task_id, populate_existing=True)
    if task is None or task.instance_id != instance.id:
        raise NotFound
    if task.status != "open":
        raise Conflict
    begun = work.opened(session, instance, person_id=person_id)
    before = deadlines.open_of(session, instance.id)
    try:
        removed = set(begun.run.move(task.engine_task_id, to, {}))
    except MoveRefused as refusal:
        words = WORDS.get(refusal.reason, refusal.message)
        raise Refused(Problem(f"move_{refusal.reason}", words, "to")) from refusal
    for row in before:
        if row.engine_task_id in removed:
            row.closed_at = clock.now(session)
    elements = bundles.of_version(session, instance.notice_version_id).definitions.elements
    facts = {"from": task.name, "to": elements[to].name or to, "reason": reason.strip()}
    work.note(begun, "moved", element_id=task.element_id, task_id=task.id, payload=facts)
    work.save(begun)
    return instance
