"""Moving a token by hand: an instance that stands at the wrong step is put on another one, with a reason (D8a)."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.engine.parser import Element
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.process import ProcessInstance, Task
from app.processes import bundles, places, work

TARGETS = ("userTask", "callActivity", "scriptTask", "businessRuleTask", "intermediateCatchEvent", "eventBasedGateway")


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

    The tasks, timers and awaited messages that go are closed, what waits anew is opened, and the move is kept in the
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
    places.put(begun, task, (to,), whole=True)
    elements = bundles.of_version(session, instance.notice_version_id).definitions.elements
    facts = {"from": task.name, "to": elements[to].name or to, "reason": reason.strip()}
    work.note(begun, "moved", element_id=task.element_id, task_id=task.id, payload=facts)
    work.save(begun)
    return instance
