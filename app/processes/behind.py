"""Which steps a case has behind it, and the return to the last of them by a joint decision that failed (会签)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.engine import joint
from app.engine.returns import RETURNED
from app.models.process import ProcessInstance, Task, TaskReturn
from app.processes import bundles, places, work
from app.processes.standing import SECRET_STEPS
from app.processes.work import Work


def passed(session: Session, task: Task) -> list[Task]:
    """The steps behind the case in their order; where it went back and came again, only what it passed since."""
    rows = session.scalars(select(Task).where(Task.instance_id == task.instance_id).order_by(Task.id)).all()
    detours = set(
        session.scalars(select(TaskReturn.id).where(TaskReturn.instance_id == task.instance_id, TaskReturn.straight))
    )
    found: list[Task] = []
    for row in rows:
        if row.return_id in detours or row.element_id in SECRET_STEPS:
            continue
        ways = [places.way_to(each) for each in found]
        if places.way_to(row) in ways:
            found = found[: ways.index(places.way_to(row))]
        if row.status == "completed" and row.decision != RETURNED:
            found.append(row)
    return [each for each in found if places.way_to(each) != places.way_to(task)]


def sent_back_to(session: Session, task: Task, instance: ProcessInstance) -> Task | None:
    """The step before, where this decision is a refusal that its step answers by sending the file back."""
    element = bundles.of_version(session, instance.notice_version_id).definitions.elements[task.element_id]
    if not joint.sends_back(element.properties, task.decision):
        return None
    return next(reversed(passed(session, task)), None)


def send_back(begun: Work, task: Task, to: Task, entering: dict[str, object]) -> TaskReturn:
    """Complete the refusal and leave the whole activity for the step before, which learns who refused and why."""
    session = begun.session
    row = TaskReturn(
        instance_id=begun.instance.id,
        declaration_id=begun.instance.declaration_id,
        task_id=task.id,
        from_name=task.name,
        to_name=to.name,
        reason=str((task.values or {}).get("opinion") or "不同意"),
        straight=False,
        way=list(places.way_to(task)),
        data={},
        person_id=task.ended_by,
        on_behalf_of=task.on_behalf_of,
        at=clock.now(session),
    )
    session.add(row)
    session.flush()
    begun.run.complete_to(task.engine_task_id, entering, places.onward(task, places.way_to(to)), {})
    facts = {"from": task.name, "to": to.name, "reason": row.reason, "straight": False}
    at = {"element_id": task.element_id, "organisation_id": task.organisation_id, "task_id": task.id}
    work.note(begun, "returned", payload=facts, **at)
    return row
