"""What happened to a case, in plain words: tasks done and waiting, time that ran out, messages that arrived."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.domain import declarations, explanations, people
from app.domain.deadline_rows import OF_NOTICE
from app.engine.returns import RETURNED
from app.models.people import Organisation, Person
from app.models.process import Deadline, Event, ProcessInstance, Task
from app.processes import bundles

MESSAGES = {
    "recommended": "已推荐上报",
    "not_recommended": "不予推荐",
    "objection_founded": "公示异议查实",
    "objection_closed": "公示异议核实办结",
    "publicity_changed": "公示内容变动，公示终止",
    "nobody_left": "本批已无推荐人选",
    "publicity_correction": "公示内容更正，重新审核",
    "withdrawn": "本人撤回",
    "lapsed": "申请书逾期失效",
    "status_lost": "申报人情况变化",
    "complaint_verified": "投诉举报查证属实",
    "session_result": "收到评审结果",
    "confirmation": "收到确认结果",
    "lead_closed": "问题线索核实办结",
}
BY_HAND = {"suspended": "挂起", "resumed": "恢复办理", "terminated": "终止"}  # each with its reason
NOTED = ("started", "timer", "message", "taken_back", "retried", "ended", *BY_HAND)


@dataclass(frozen=True)
class Entry:
    """One line: `state` is done, now or gone (no longer to be done); `element` and `process` place it in a diagram."""

    at: datetime
    title: str
    who: str
    note: str
    clause: str
    state: str
    element: str = ""
    task_id: int | None = None


def of_task(session: Session, task: Task) -> list[Entry]:
    """The history a task's page shows: its own process and the declaration's, oldest first.

    Processes beside the declaration (complaints, objections) are not in it: they may be secret.
    """
    wanted = {task.instance_id}
    if task.declaration_id is not None:
        own = declarations.get(session, task.declaration_id).instance_id
        wanted |= {own} if own is not None else set()
    return of_instances(session, wanted)


def of_instances(session: Session, instance_ids: Collection[int]) -> list[Entry]:
    """Everything of these processes, oldest first, what waits now at the end; a fixed number of statements."""
    ids = sorted(instance_ids)
    instances = {row.id: row for row in session.scalars(select(ProcessInstance).where(ProcessInstance.id.in_(ids)))}
    found = [*_tasks(session, instances), *_events(session, instances)]
    return sorted(found, key=lambda entry: (entry.state == "now", entry.at))


def decision_words(schema: Mapping[str, Any] | None, decision: str | None) -> str:
    """The label of a decision as its form words it; empty for none."""
    if decision is None:
        return ""
    if decision == RETURNED:
        return "退回"
    return next((label for value, label in options(schema, "decision") if value == decision), decision)


def options(schema: Mapping[str, Any] | None, key: str) -> list[tuple[str, str]]:
    """(value, label) of what the form offers in a field."""
    for component in _flat((schema or {}).get("components", [])):
        if component.get("key") == key:
            return [(option["value"], option["label"]) for option in component.get("values", [])]
    return []


def _flat(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for component in components for each in (component, *_flat(component.get("components", [])))]


def _tasks(session: Session, instances: Mapping[int, ProcessInstance]) -> list[Entry]:
    absent = aliased(Person)
    rows = session.execute(
        select(Task, Person.name, absent.name, Organisation.name)
        .outerjoin(Person, Person.id == Task.ended_by)
        .outerjoin(absent, absent.id == Task.on_behalf_of)
        .outerjoin(Organisation, Organisation.id == Task.organisation_id)
        .where(Task.instance_id.in_(list(instances)))
        .order_by(Task.id)
    )
    versions = {row.notice_version_id for row in instances.values()}
    schemas = {version: bundles.of_version(session, version).schemas for version in versions}
    found = []
    for task, person, on_behalf_of, office in rows:
        schema = schemas[instances[task.instance_id].notice_version_id].get(task.form_key or "")
        found.append(_task_entry(task, _who(task, person, on_behalf_of, office), schema))
    return found


def _task_entry(task: Task, who: str, schema: Mapping[str, Any] | None) -> Entry:
    state = {"completed": "done", "open": "now", "cancelled": "gone"}[task.status]
    title, note = task.name, ""
    if task.status == "completed":
        words = decision_words(schema, task.decision)
        title = f"{task.name}：{words}" if words not in ("", task.name) else task.name
        note = str((task.values or {}).get("opinion") or "")
    elif task.status == "cancelled":
        note = "已不需要办理"
    else:
        title = f"{task.name}（办理中）"
    at = task.ended_at or task.created_at
    return Entry(at, title, who, note, task.clauses or "", state, task.element_id, task.id)


def _who(task: Task, person: str | None, on_behalf_of: str | None, office: str | None) -> str:
    post = people.ROLES.get(task.role, task.role)
    place = office or post
    if task.status != "completed" or person is None:
        return f"{office} {post}" if office else post
    acting = f"{person}（代{on_behalf_of}）" if on_behalf_of else person
    return f"{place} {acting}"


def _events(session: Session, instances: Mapping[int, ProcessInstance]) -> list[Entry]:
    events = session.scalars(
        select(Event).where(Event.instance_id.in_(list(instances)), Event.kind.in_(NOTED)).order_by(Event.id)
    ).all()
    rules = {
        row.engine_task_id: row
        for row in session.scalars(select(Deadline).where(Deadline.instance_id.in_(list(instances)), OF_NOTICE))
    }
    found = []
    signed = {"taken_back", *BY_HAND}
    names = _names(session, {event.person_id for event in events if event.kind in signed})
    for event in events:
        assert event.instance_id is not None
        words = _event_words(session, event, instances[event.instance_id], rules)
        if words:
            who = names.get(event.person_id or 0, "") if event.kind in signed else ""
            note = str(event.said.get("reason") or "") if event.kind in BY_HAND else ""
            found.append(Entry(event.at, words, who, note, "", "done", event.element_id or ""))
    return found


def _names(session: Session, ids: Collection[int | None]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _event_words(session: Session, event: Event, instance: ProcessInstance, deadlines: Mapping[str, Deadline]) -> str:
    if event.kind in BY_HAND:
        return BY_HAND[event.kind]
    if event.kind == "message":
        return MESSAGES.get(event.said.get("name", ""), "")
    if event.kind == "retried":
        return f"重试：{event.said['who']}的办理，由{event.said['by']}触发" if "who" in event.said else "重试"
    if event.kind == "taken_back":
        return f"撤回：{event.said.get('task', '')}"
    if event.kind == "timer":
        fired = [deadlines[key] for key in event.said.get("engine_tasks", []) if key in deadlines]
        names = [explanations.meaning(session, instance.notice_version_id, row.rule) for row in fired]
        return f"期限届满：{'、'.join(names)}" if names else ""
    name = process_name(session, instance.notice_version_id, instance.process_key)
    return f"{name}开始" if event.kind == "started" else f"{name}办结"


def process_name(session: Session, notice_version_id: int, process_key: str) -> str:
    """What the notice's diagram calls the process."""
    return bundles.of_version(session, notice_version_id).definitions.names.get(process_key, "办理")
