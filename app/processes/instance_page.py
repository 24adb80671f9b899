"""One instance as a manager sees it: what it waits for, the processes it calls, its history, dates, messages, data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from app import functions
from app.domain import explanations, notices, waiting
from app.domain.deadline_rows import OF_NOTICE, WAKES
from app.domain.explanations import Explanation
from app.domain.permissions import Grants
from app.domain.waiting import Waiting
from app.engine import xml
from app.engine.run import Run
from app.errors import NotAllowed, NotFound
from app.functions.case import Case
from app.models.declaration import Declaration
from app.models.people import Organisation, Person
from app.models.process import Deadline, Message, ProcessInstance, Task
from app.models.recommendation import UnitBatch
from app.processes import bundles, diagram_dues, diagrams, history, monitor
from app.processes.diagrams import Picture

MESSAGE_STATES = {"pending": "待送达", "delivered": "已送达", "unhandled": "无人接收"}


@dataclass(frozen=True)
class Waits:
    """On top of the page: people's tasks, then what else holds the token, and what may come at any time besides."""

    tasks: list[Waiting]
    stands: str  # the step a token stands on where no person is waited for
    behind: list[Waiting]  # and who works on what it waits for, where that is the batch of its declaration
    timers: list[tuple[str, datetime | None, str]]  # element's name, due (none: held), last error
    besides: list[str]  # messages that would be taken at any time


@dataclass(frozen=True)
class Call:
    """A process called from the one shown; `path` opens it, `state` is active, done or empty."""

    name: str
    process: str
    path: str
    state: str


@dataclass(frozen=True)
class View:
    """A process of the instance with the way down to it: `crumbs` (name, path), and what it calls itself."""

    picture: Picture
    crumbs: list[tuple[str, str]]
    calls: list[Call]


def get(session: Session, instance_id: int) -> ProcessInstance:
    found = session.get(ProcessInstance, instance_id)
    if found is None:
        raise NotFound("没有找到该办理事项。")
    return found


def seen_by(session: Session, grants: Grants, instance_id: int) -> ProcessInstance:
    """The instance, if the person oversees it. NotFound, NotAllowed."""
    instance = get(session, instance_id)
    wanted = select(ProcessInstance.id).where(ProcessInstance.id == instance_id, monitor.visible(grants))
    if session.scalar(wanted) is None:
        raise NotAllowed(f"您当前身份为{grants.title}，不能查看此办理事项。如需查看，请切换身份或联系管理人员。")
    return instance


def title(session: Session, instance: ProcessInstance) -> str:
    """`职称申报·张三`"""
    name = history.process_name(session, instance.notice_version_id, instance.process_key)
    return "·".join(each for each in (name, about(session, instance)) if each)


def about(session: Session, instance: ProcessInstance) -> str:
    """The applicant's name, or the body whose batch it is; empty for neither."""
    applicant = select(Person.name).join(Declaration, Declaration.person_id == Person.id)
    found = session.scalar(applicant.where(Declaration.id == instance.declaration_id))
    unit = select(Organisation.name).join(UnitBatch, UnitBatch.organisation_id == Organisation.id)
    return found or session.scalar(unit.where(UnitBatch.instance_id == instance.id)) or ""


def waits_for(session: Session, instance: ProcessInstance) -> Waits:
    """What the instance waits for now; nothing for one that has ended."""
    elements = bundles.of_version(session, instance.notice_version_id).definitions.elements
    open_tasks = session.scalars(select(Task.id).where(Task.instance_id == instance.id, Task.status == "open")).all()
    waking = select(Deadline).where(Deadline.instance_id == instance.id, WAKES)
    timers = session.scalars(waking.order_by(Deadline.due_at)).all()
    awaited = (instance.waits or {}).get("messages", {}).values()
    active = {element for _, element in (instance.waits or {}).get("active", [])}
    people = waiting.of_tasks(session, open_tasks)
    stands = "" if people else monitor.waiting_words(session, instance.notice_version_id, instance.waits or {})
    behind = waiting.of_declaration(session, instance.declaration_id) if stands and instance.declaration_id else []
    return Waits(
        tasks=people,
        stands=stands,
        behind=behind,
        timers=[(_name(elements, row.element_id or ""), row.due_at, row.last_error or "") for row in timers],
        besides=list(dict.fromkeys(_name(elements, key) for key in awaited if key not in active)),
    )


def related(session: Session, instance: ProcessInstance, grants: Grants) -> list[tuple[int, str, str]]:
    """(id, name, state) of the other instances about the same declaration, and of the batch it waits in, as granted."""
    batch = select(UnitBatch.instance_id).join(Declaration, Declaration.batch_id == UnitBatch.id)
    wanted = or_(
        ProcessInstance.declaration_id == instance.declaration_id,
        ProcessInstance.id.in_(batch.where(Declaration.id == instance.declaration_id)),
    )
    columns = (
        ProcessInstance.id, ProcessInstance.notice_version_id, ProcessInstance.process_key, ProcessInstance.status
    )  # fmt: skip
    shown = and_(wanted, ProcessInstance.id != instance.id, monitor.visible(grants))
    rows = session.execute(select(*columns).where(shown).order_by(columns[0]))
    return [
        (key, history.process_name(session, version, process), monitor.STATES.get(status, status))
        for key, version, process, status in rows
        if instance.declaration_id is not None
    ]


def view(session: Session, instance: ProcessInstance, path: str = "") -> View:
    """The process at the end of `path`, call activities from the outermost joined by `/`. NotFound for a wrong one."""
    process = instance.process_key
    crumbs = [(history.process_name(session, instance.notice_version_id, process), "")]
    steps = [step for step in path.split("/") if step]
    for number, step in enumerate(steps, 1):
        called = _calls(session, instance, process)
        if step not in called:
            raise NotFound("没有找到该流程图。")
        name, process = called[step]
        crumbs.append((name, "/".join(steps[:number])))
    picture = diagram_dues.added(session, instance, diagrams.of_instance(session, instance, process))
    calls = [
        Call(name, key, "/".join([*steps, call]), _state_of(call, picture))
        for call, (name, key) in _calls(session, instance, process).items()
    ]
    return View(picture, crumbs, calls)


def deepest(session: Session, instance: ProcessInstance) -> str:
    """The path to the innermost process that holds a token: where a reader wants to look first."""
    active = {(process, element) for process, element in (instance.waits or {}).get("active", [])}
    process, steps = instance.process_key, list[str]()
    while True:
        called = _calls(session, instance, process)
        into = next((call for call in called if (process, call) in active), None)
        if into is None:
            return "/".join(steps)
        steps.append(into)
        process = called[into][1]


def tasks(session: Session, instance: ProcessInstance) -> list[dict[str, Any]]:
    """All tasks, newest first: {task, office, holder, ender, decision}."""
    holder, ender = aliased(Person), aliased(Person)
    schemas = bundles.of_version(session, instance.notice_version_id).schemas
    rows = session.execute(
        select(Task, Organisation.name, holder.name, ender.name)
        .outerjoin(Organisation, Organisation.id == Task.organisation_id)
        .outerjoin(holder, holder.id == Task.person_id)
        .outerjoin(ender, ender.id == Task.ended_by)
        .where(Task.instance_id == instance.id)
        .order_by(Task.id.desc())
    )
    return [
        {
            "task": task,
            "office": office or "",
            "holder": holding or "",
            "ender": ended or "",
            "decision": history.decision_words(schemas.get(task.form_key or ""), task.decision),
        }
        for task, office, holding, ended in rows
    ]


def dates(session: Session, instance: ProcessInstance) -> list[tuple[Deadline, Explanation]]:
    """Every deadline with the reason for its date, the open ones first."""
    rows = session.scalars(
        select(Deadline)
        .where(Deadline.instance_id == instance.id, OF_NOTICE)
        .order_by(Deadline.closed_at.is_not(None), Deadline.id.desc())
    ).all()
    return [(row, explanations.explain(session, row, instance)) for row in rows]


def messages(session: Session, instance: ProcessInstance) -> list[dict[str, Any]]:
    """Messages it sent and received, newest first: {message, title, incoming, state}."""
    rows = session.scalars(
        select(Message)
        .where(or_(Message.receiver_id == instance.id, Message.sender_id == instance.id))
        .order_by(Message.id.desc())
    )
    return [
        {
            "message": row,
            "title": _started(session, instance, row) if row.starts else history.MESSAGES.get(row.name, row.name),
            "incoming": row.receiver_id == instance.id,
            "state": MESSAGE_STATES.get(row.status, row.status),
        }
        for row in rows
    ]


def data(session: Session, instance: ProcessInstance) -> list[tuple[str, dict[str, Any]]]:
    """The workflow data that each waiting user task sees: (name of the task, variables). Nothing of the record."""
    if instance.status != "running":
        return []
    definitions = bundles.of_version(session, instance.notice_version_id).definitions
    case = Case(session, instance)
    run = Run.restore(definitions, instance.process_key, functions.bind(case), case.asked_by, instance.state)
    return [(task.name, dict(task.data)) for task in run.user_tasks()]


def _calls(session: Session, instance: ProcessInstance, process: str) -> dict[str, tuple[str, str]]:
    """Call activity → (its name, the process it calls), as the diagram of the instance's version draws them."""
    content = notices.bundle(session, instance.notice_version_id).diagrams.get(f"{process}.bpmn")
    if content is None:
        return {}
    found = (node for node in xml.parse(content).iter() if xml.is_bpmn(node) and xml.local(node) == "callActivity")
    return {node.get("id"): (node.get("name") or "", node.get("calledElement")) for node in found}


def _state_of(call: str, picture: Picture) -> str:
    return next((state for state in ("active", "done") if call in picture.state[state]), "")


def _name(elements: Mapping[str, Any], key: str) -> str:
    return elements[key].name or key if key in elements else key


def _started(session: Session, instance: ProcessInstance, message: Message) -> str:
    version = message.notice_version_id or instance.notice_version_id
    return f"启动：{history.process_name(session, version, message.starts or '')}"
