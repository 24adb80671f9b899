"""One piece of work on one instance: locked and restored, worked on, stored again, all in the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app import clock, functions
from app.db import Base
from app.domain import history, notifications, people, suspended, task_requests
from app.engine.run import Run
from app.errors import Conflict, NotFound
from app.functions.case import Case
from app.models.complaint import Complaint
from app.models.declaration import Declaration
from app.models.draw import Invitation
from app.models.expert import Campaign, Candidate
from app.models.process import ProcessInstance, Task
from app.models.recheck import Recheck
from app.models.recommendation import Objection, UnitBatch
from app.models.review import ReviewSession
from app.processes import bundles, waits
from app.processes.waits import NOTHING, Work, note

SUBJECTS: dict[str, type[Any]] = {
    "declaration_id": Declaration,
    "batch_id": UnitBatch,
    "objection_id": Objection,
    "complaint_id": Complaint,
    "recheck_id": Recheck,
    "session_id": ReviewSession,
    "campaign_id": Campaign,
    "candidate_id": Candidate,
    "invitation_id": Invitation,
}
INSTANCE = Base.metadata.tables["process_instance"]
STORED = ("state", "waits", "status", "ended_at", "history_number", "history_digest")
_STORE = (
    update(INSTANCE)
    .where(INSTANCE.c.id == bindparam("instance"), INSTANCE.c.version == bindparam("was"))
    .values({name: bindparam(f"new_{name}") for name in STORED})
    .values(version=bindparam("was") + 1)
)

__all__ = ["Work", "locked", "note", "opened", "save", "start"]


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
    """Restore a locked instance; `who` are the Case's person_id, organisation_id and values.

    Raises Suspended, and Conflict for one that has ended.
    """
    suspended.require_not(instance)
    if instance.status != "running":
        raise Conflict
    resources = bundles.of_version(session, instance.notice_version_id)
    case = Case(session, instance, **who)
    run = Run.restore(resources.definitions, instance.process_key, functions.bind(case), case.asked_by, instance.state)
    work = Work(session, instance, case, run)
    run.set_due(dict.fromkeys(work.before["timers"]))  # only the tick lets a timer fire, by its row (D13)
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
        record: Any = session.get(table, known[key]) if known.get(key) is not None else None
        if record is not None and record.instance_id is None:
            record.instance_id = instance.id


def save(work: Work, *, done: Task | None = None) -> None:
    """Store the state; bring tasks, timers, awaited messages and history in line. `done`: the task just completed."""
    instance, run = work.instance, work.run
    now, before = clock.now(work.session), work.before["tasks"]
    after = waits.sync(work, done, now)
    _end_requests(work, set(before) - set(after["tasks"]) - {None if done is None else done.engine_task_id})
    if run.passed:
        note(work, "passed", payload={"elements": run.passed})
    if run.ended:
        note(work, "ended")
    made = history.links(instance, _events(work), now)
    head = {"history_number": made.number, "history_digest": made.digest}
    _store(work.session, instance, **_standing(instance, run, now, after), **head)
    history.write(work.session, made)
    work.events = []


def _end_requests(work: Work, gone: set[str | None]) -> None:
    """Who was asked about a task that is no longer to be done hears that no answer is wanted."""
    if not gone:
        return
    its_tasks = task_requests.of_engine_tasks(work.instance.id, [key for key in gone if key is not None])
    for row in task_requests.close(work.session, its_tasks):
        task = work.session.get_one(Task, row.task_id)
        facts = {"task": task.name, "verb": task_requests.KINDS[row.kind], "why": "因事项办结而终止"}
        about = notifications.About(work.instance.notice_version_id, task.declaration_id, work.instance.id)
        notifications.post(work.session, [row.to_person_id], "request_over", facts, about)
        to = people.get(work.session, row.to_person_id).name
        said = {"task": task.name, "verb": facts["verb"], "to": to}
        note(work, "request_closed", task_id=task.id, element_id=task.element_id, payload=said)


def _standing(instance: ProcessInstance, run: Run, now: datetime, after: dict[str, Any]) -> dict[str, Any]:
    """What has ended keeps no state: its past lies in rows, and nobody restores it."""
    if run.ended:
        return {"status": "ended", "ended_at": now, "state": b"", "waits": {}}
    return {"status": instance.status, "ended_at": instance.ended_at, "state": run.state(), "waits": after}


def _store(session: Session, instance: ProcessInstance, **values: Any) -> None:
    """Write the row if it is still as it was read. Raises Conflict."""
    given = {f"new_{key}": value for key, value in values.items()}
    done = session.connection().execute(_STORE, {"instance": instance.id, "was": instance.version, **given})
    if done.rowcount != 1:
        raise Conflict
    for key, value in {**values, "version": instance.version + 1}.items():
        set_committed_value(instance, key, value)


def _events(work: Work) -> list[dict[str, Any]]:
    """What happened in this work, each with the declaration and, where nobody else is said, the person acting."""
    shared = {"declaration_id": work.instance.declaration_id, "person_id": work.case.person_id}
    return [{**shared, **event} for event in work.events]
