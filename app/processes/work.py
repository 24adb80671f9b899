"""One piece of work on one instance: locked and restored, worked on, stored again, all in the caller's transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app import clock, functions
from app.domain import deadlines, people
from app.engine.run import Run, UserTask, Waiting
from app.errors import Conflict, DiagramFault, NotFound
from app.functions.case import Case
from app.models.complaint import Complaint
from app.models.declaration import Declaration
from app.models.process import Deadline, Event, Incident, ProcessInstance, Subscription, Task, Timer
from app.models.recommendation import Objection, UnitBatch
from app.processes import bundles

SUBJECTS: dict[str, type[Declaration] | type[UnitBatch] | type[Objection] | type[Complaint]] = {
    "declaration_id": Declaration,
    "batch_id": UnitBatch,
    "objection_id": Objection,
    "complaint_id": Complaint,
}
NOTHING: dict[str, Any] = {"tasks": [], "timers": {}, "messages": {}, "active": []}


@dataclass
class Work:
    """`before` is what the instance waited for when it was stored last; `save` writes only what differs."""

    session: Session
    instance: ProcessInstance
    case: Case
    run: Run
    deadlines: list[Deadline] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def before(self) -> dict[str, Any]:
        return self.instance.waits or NOTHING

    def forget_timer(self, engine_task_id: str) -> None:
        """Its row is gone already; `save` writes a new one if the timer still waits."""
        left = {key: element for key, element in self.before["timers"].items() if key != engine_task_id}
        self.instance.waits = {**self.before, "timers": left}


def locked(session: Session, instance_id: int) -> ProcessInstance:
    """The instance's row, held against everybody else until the transaction ends. Raises NotFound."""
    found = session.scalars(
        select(ProcessInstance)
        .where(ProcessInstance.id == instance_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def opened(session: Session, instance: ProcessInstance, **who: Any) -> Work:
    """Restore a locked instance; `who` are the Case's person_id, organisation_id and values."""
    if instance.status != "running":
        raise Conflict
    resources = bundles.of_version(session, instance.notice_version_id)
    case = Case(session, instance, **who)
    run = Run.restore(
        resources.definitions, instance.process_key, functions.bind(case), case.asked_by, instance.state
    )
    work = Work(session, instance, case, run)
    if work.before["timers"]:
        work.deadlines = list(deadlines.open_of(session, instance.id))
        own = {row.engine_task_id: row for row in work.deadlines}
        run.set_due({key: deadlines.text(own[key]) for key in work.before["timers"] if key in own})
    return work


def start(
    session: Session,
    process_key: str,
    *,
    notice_version_id: int,
    declaration_id: int | None = None,
    subject: Mapping[str, Any] | None = None,
    person_id: int | None = None,
) -> Work:
    """A new instance, run to its first waits; the caller saves it. Its id exists before its first script runs."""
    resources = bundles.of_version(session, notice_version_id)
    instance = ProcessInstance(
        process_key=process_key,
        notice_version_id=notice_version_id,
        definition_digest=resources.definitions.digest,
        declaration_id=declaration_id,
        subject=dict(subject or {}),
        state=b"",
        waits=NOTHING,
        started_at=clock.now(session),
    )
    session.add(instance)
    session.flush()
    _introduce(session, instance)
    case = Case(session, instance, person_id=person_id)
    run = Run.start(resources.definitions, process_key, functions.bind(case), case.asked_by, {})
    work = Work(session, instance, case, run)
    note(work, "started", payload={"process": process_key})
    return work


def _introduce(session: Session, instance: ProcessInstance) -> None:
    """Records learn which instance works on them: the first one that is about them."""
    known = {**instance.subject, "declaration_id": instance.declaration_id}
    for key, table in SUBJECTS.items():
        record = session.get(table, known[key]) if known.get(key) is not None else None
        if record is not None and record.instance_id is None:
            record.instance_id = instance.id


def note(work: Work, kind: str, **facts: Any) -> None:
    """Keep an event of this work; `facts` are columns of Event."""
    payload = facts.pop("payload", {})
    work.events.append({"kind": kind, "payload": payload, **facts})


def save(work: Work, *, completed: str | None = None) -> None:
    """Store the state; bring tasks, timers, subscriptions and history in line. `completed`: the engine task done."""
    session, instance, run = work.session, work.instance, work.run
    now = clock.now(session)
    waiting, tasks = run.waiting(), {task.id: task for task in run.user_tasks()}
    after = _waits(waiting, tasks, run)
    _sync_tasks(work, tasks, completed, now)
    _sync_timers(work, waiting)
    _sync_subscriptions(work, waiting)
    gone = [key for key in work.before["timers"] if key not in after["timers"]]
    if completed is not None or gone:
        deadlines.close(session, [*gone, *([completed] if completed else [])], instance.id)
    if run.passed:
        note(work, "passed", payload={"elements": run.passed})
    instance.state, instance.waits = run.state(), after
    if run.ended:
        instance.status, instance.ended_at = "ended", now
        note(work, "ended")
    _write_events(work, now)
    session.flush()


def _waits(waiting: Iterable[Waiting], tasks: Mapping[str, UserTask], run: Run) -> dict[str, Any]:
    return {
        "tasks": sorted(tasks),
        "timers": {item.id: item.element for item in waiting if item.due is not None},
        "messages": {f"{item.id} {item.message}": item.element for item in waiting if item.message is not None},
        "active": run.active(),
    }


def _sync_tasks(work: Work, tasks: Mapping[str, UserTask], completed: str | None, now: datetime) -> None:
    known = set(work.before["tasks"])
    gone = [key for key in known if key not in tasks and key != completed]
    if gone:
        work.session.execute(
            update(Task)
            .where(Task.instance_id == work.instance.id, Task.engine_task_id.in_(gone), Task.status == "open")
            .values(status="cancelled", ended_at=now)
            .execution_options(synchronize_session=False)
        )
    rows = [_task_row(work, task, now) for key, task in tasks.items() if key not in known]
    if rows:
        work.session.execute(insert(Task), rows)
        for row in rows:
            facts = {"task": row["name"], "role": row["role"], "level": row["level"]}
            note(work, "waiting", element_id=row["element_id"], organisation_id=row["organisation_id"], payload=facts)


def _task_row(work: Work, task: UserTask, now: datetime) -> dict[str, Any]:
    role, organisation = _role(work, task), _organisation(work, task)
    declaration_id = work.instance.declaration_id
    row = {
        "instance_id": work.instance.id,
        "engine_task_id": task.id,
        "element_id": task.caller.id if task.called and task.caller else task.element.id,
        "path": list(task.path),
        "process_key": task.element.process,
        "name": task.name,
        "form_key": task.setting("form"),
        "record": task.element.properties.get("record"),
        "clauses": task.setting("clauses"),
        "level": task.data.get("level"),
        "role": role,
        "organisation_id": organisation,
        "person_id": _person(work, role),
        "declaration_id": declaration_id,
        "status": "open",
        "deadline_id": _task_deadline(work, task),
        "created_at": now,
    }
    if row["person_id"] is None and people.nobody_to_act(work.session, role, organisation, now):
        reason = f"no one holds the role {role!r} for organisation {organisation}"
        work.session.add(
            Incident(instance_id=work.instance.id, kind="nobody", element_id=row["element_id"], reason=reason, at=now)
        )
    return row


def _role(work: Work, task: UserTask) -> str:
    """A role's name, or what an expression over functions gives (D17)."""
    said = task.setting("role")
    if not said:
        raise DiagramFault(task.element.id, task.element.line, "the user task says no role")
    return str(work.run.evaluate(task.id, said)) if "(" in said else said


def _organisation(work: Work, task: UserTask) -> int | None:
    expression = task.setting("organisation")
    return None if not expression else int(work.run.evaluate(task.id, expression))


def _person(work: Work, role: str) -> int | None:
    """The applicant's tasks are his own; every other task waits for whoever holds the role."""
    if role != "applicant" or work.instance.declaration_id is None:
        return None
    declaration = work.session.get(Declaration, work.instance.declaration_id)
    return declaration.person_id if declaration else None


def _task_deadline(work: Work, task: UserTask) -> int | None:
    """The row behind the badge: the one a timer on the same rule already made, else the task's own."""
    rule = task.setting("deadline")
    if not rule:
        return None
    for row in _deadlines(work):
        if row.rule == rule and row.closed_at is None:
            return row.id
    asker = deadlines.Asker(work.instance, task.id)
    return deadlines.ask(work.session, asker, rule).id


def _deadlines(work: Work) -> list[Deadline]:
    known = {row.id for row in work.deadlines}
    made = [row for row in work.session.info.get(deadlines.MADE, []) if row.instance_id == work.instance.id]
    return [*(row for row in made if row.id not in known), *work.deadlines]


def _sync_timers(work: Work, waiting: list[Waiting]) -> None:
    known = set(work.before["timers"])
    timers = {item.id: item for item in waiting if item.due is not None}
    gone = [key for key in known if key not in timers]
    if gone:
        work.session.execute(
            delete(Timer)
            .where(Timer.instance_id == work.instance.id, Timer.engine_task_id.in_(gone))
            .execution_options(synchronize_session=False)
        )
    new = [item for key, item in timers.items() if key not in known]
    if new:
        own = {row.engine_task_id: row for row in _deadlines(work)}
        work.session.execute(insert(Timer), [_timer_row(work, item, own.get(item.id)) for item in new])


def _timer_row(work: Work, item: Waiting, deadline: Deadline | None) -> dict[str, Any]:
    due_at = datetime.fromisoformat(item.due or "") if deadline is None else deadline.due_at
    return {
        "instance_id": work.instance.id,
        "engine_task_id": item.id,
        "element_id": item.element,
        "deadline_id": deadline.id if deadline else None,
        "due_at": due_at,
        "attempts": 0,
        "dead": False,
    }


def _sync_subscriptions(work: Work, waiting: list[Waiting]) -> None:
    known = work.before["messages"]
    now_waiting = {f"{item.id} {item.message}": item for item in waiting if item.message is not None}
    gone = [key.split(" ", 1)[0] for key in known if key not in now_waiting]
    if gone:
        work.session.execute(
            delete(Subscription)
            .where(Subscription.instance_id == work.instance.id, Subscription.engine_task_id.in_(gone))
            .execution_options(synchronize_session=False)
        )
    rows = [
        {"instance_id": work.instance.id, "engine_task_id": item.id, "element_id": item.element, "name": item.message}
        for key, item in now_waiting.items()
        if key not in known
    ]
    if rows:
        work.session.execute(insert(Subscription), rows)


def _write_events(work: Work, now: datetime) -> None:
    shared = {"at": now, "instance_id": work.instance.id, "declaration_id": work.instance.declaration_id}
    own = {"task_id": None, "element_id": None, "person_id": work.case.person_id, "organisation_id": None}
    rows = [{**shared, **own, **event} for event in work.events]
    if rows:
        work.session.execute(insert(Event), rows)
    work.events = []
