"""User tasks: looking at one, keeping a draft, claiming, completing (the story of D5, top-down)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app import clock
from app.domain import permissions, suspended, wording
from app.errors import Conflict, NotFound
from app.models.people import Person
from app.models.process import ProcessInstance, Task
from app.processes import after, behind, incidents, opening, places, sheets, straight, work
from app.processes.actors import Actor, absent

HANDLED = "此事项已由{who}于{when}办理，您填写的内容已保留在草稿中，可查看最新情况。"
OTHER_TAB = "这份草稿刚刚在另一窗口或由另一人保存过。您本页的内容还在，请核对最新草稿后再保存。"


@dataclass(frozen=True)
class Sheet:
    """A task as its page needs it: the form's schema and the values to show (the draft where there is one)."""

    task: Task
    schema: dict[str, Any] | None
    values: dict[str, Any]
    saved: bool


def get(session: Session, task_id: int) -> Task:
    found = session.get(Task, task_id)
    if found is None:
        raise NotFound
    return found


def sheet(session: Session, task_id: int) -> Sheet:
    """What the task's page shows; a completed task shows what was submitted."""
    task = get(session, task_id)
    instance = session.get_one(ProcessInstance, task.instance_id)
    schema = sheets.schema_of(session, task, instance)
    if task.status != "open":
        return Sheet(task, schema, task.values or {}, saved=True)
    stopped = incidents.waiting_for_repair(session, task_id)
    kept = stopped.attempt["values"] if stopped is not None and stopped.attempt else task.draft
    stored = sheets.current(session, task, instance)
    values = sheets.overlaid(sheets.form_of(session, task, instance), stored, kept or {})
    return Sheet(task, schema, values, saved=kept is not None)


def save_draft(session: Session, task_id: int, actor: Actor, values: Mapping[str, Any], token: str | None) -> str:
    """Keep what is filled so far; returns the token that the next save must bring (D22)."""
    task = session.scalars(select(Task).where(Task.id == task_id).with_for_update()).first()
    if task is None:
        raise NotFound
    if task.status != "open":
        raise Conflict(_handled(session, task))
    permissions.require_act(session, actor.person_id, task, actor.grants)
    if task.draft_token is not None and token != task.draft_token:
        raise Conflict(OTHER_TAB)
    instance = session.get_one(ProcessInstance, task.instance_id)
    form = sheets.form_of(session, task, instance)
    if form is None:
        raise NotFound
    context = sheets.context(session, task, instance, actor.person_id, values)
    incidents.drop_attempts(session, task_id)
    return put_draft(task, form.check(values, context, partial=True))


def put_draft(task: Task, values: dict[str, Any]) -> str:
    """Make `values` the draft of an open task; gives its new token."""
    task.draft, task.draft_token = values, str(uuid.uuid4())
    return task.draft_token


def claim(session: Session, task_id: int, actor: Actor) -> None:
    """认领: take a task out of the group's queue."""
    task = get(session, task_id)
    permissions.require_act(session, actor.person_id, task, actor.grants)
    if task.status != "open" or task.person_id != actor.person_id:
        _set_holder(session, task, actor.person_id, was=None)


def unclaim(session: Session, task_id: int, actor: Actor) -> None:
    """放回: give it back to the queue."""
    task = get(session, task_id)
    permissions.require_act(session, actor.person_id, task, actor.grants)
    if task.status != "open" or task.person_id is not None:
        _set_holder(session, task, None, was=actor.person_id)


def complete(session: Session, task_id: int, actor: Actor, values: Mapping[str, Any]) -> Task:
    """Complete a task: find it, refuse what must be refused, run the engine, store; one load and one save (D5).

    Raises NotFound, Conflict (somebody was faster), Suspended, NotAllowed, InvalidForm, Refused (a diagram's function
    says no) and DiagramFault. The same page sent twice gets the same answer.
    """
    found = opening.of_task(session, task_id, actor.person_id, values)
    task, instance = found.task, found.instance
    actor = replace(actor, grants=actor.grants.confirmed(found.grants))
    same_page = actor.key is not None and task.idempotency_key == actor.key
    if same_page and (task.ended_by == actor.person_id or after.decided_by(session, task) == actor.person_id):
        return task
    if task.status != "open":
        raise Conflict(_handled(session, task))
    permissions.require_act(session, actor.person_id, task, actor.grants)
    suspended.require_not(instance)
    if task.after_id is not None:
        cleaned, _ = _checked(session, task, instance, actor, values)
        return after.deposit(session, task, actor, put_draft(task, cleaned))
    return carry_out(session, found, actor, values, on_behalf_of=absent(actor.grants, task))


def carry_out(
    session: Session,
    held: opening.Opened,
    actor: Actor,
    values: Mapping[str, Any],
    *,
    on_behalf_of: int | None,
) -> Task:
    """Check a decision, note who took it and for whom, and let the engine go on; the caller holds task and instance."""
    task, instance = held.task, held.instance
    cleaned, entering = _checked(session, task, instance, actor, values)
    close(session, task, actor, cleaned, on_behalf_of)
    sheets.keep(session, task, instance, cleaned)
    begun = work.opened(
        session, instance, person_id=actor.person_id, organisation_id=task.organisation_id, values=cleaned
    )
    back = behind.sent_back_to(session, task, instance)
    if back is not None:
        returned = behind.send_back(begun, task, back, entering)
    elif task.return_id is None:
        begun.run.complete(task.engine_task_id, entering)
    else:
        straight.complete(begun, task, entering)
    facts = {"task": task.name, "decision": task.decision, "level": task.level}
    at = {"task_id": task.id, "element_id": task.element_id, "organisation_id": task.organisation_id}
    work.note(begun, "completed", payload=facts, **at)
    work.save(begun, done=task)
    if back is not None:
        straight.mark(session, instance.id, places.way_to(back), returned.id)
    elif task.return_id is not None:
        straight.hand_on(begun, task)
    return task


def _checked(
    session: Session, task: Task, instance: ProcessInstance, actor: Actor, values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The form's values, and those of them that enter the workflow data (decisions only: D8)."""
    form = sheets.form_of(session, task, instance)
    if form is None:
        return {}, {}
    cleaned = form.check(values, sheets.context(session, task, instance, actor.person_id, values))
    return cleaned, {key: cleaned.get(key) for key in form.variables}


def close(session: Session, task: Task, actor: Actor, values: dict[str, Any], on_behalf_of: int | None) -> None:
    """Note who did the task, for whom, when, and what he said; `work.save` writes it along with the tasks begun."""
    noted = {
        "status": "completed",
        "values": values,
        "draft": None,
        "decision": values.get("decision"),
        "ended_at": clock.now(session),
        "ended_by": actor.person_id,
        "on_behalf_of": on_behalf_of,
        "idempotency_key": actor.key,
    }
    for name, value in noted.items():
        set_committed_value(task, name, value)


def _set_holder(session: Session, task: Task, person_id: int | None, *, was: int | None) -> None:
    unchanged = Task.person_id.is_(None) if was is None else Task.person_id == was
    done = session.execute(
        update(Task)
        .where(Task.id == task.id, Task.status == "open", unchanged)
        .values(person_id=person_id)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict


def require_open(session: Session, task_id: int) -> None:
    """Conflict, with who did it and when, for a task that is done."""
    task = get(session, task_id)
    if task.status != "open":
        raise Conflict(_handled(session, task))


def _handled(session: Session, task: Task) -> str | None:
    if task.ended_by is None or task.ended_at is None:
        return "此事项已不需要办理，您填写的内容已保留在草稿中，可查看最新情况。"
    who = session.get_one(Person, task.ended_by).name
    return HANDLED.format(who=who, when=wording.moment_words(task.ended_at))


def solved(session: Session, task_id: int) -> None:
    """The task went through: its incidents are solved."""
    incidents.solve(session, task_id=task_id)
