"""办理监控: the running and ended processes one may oversee, filtered, counted and paged in SQL."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app import clock
from app.domain import badges, calendar, permissions, statuses
from app.domain.badges import Badge
from app.domain.inbox import Choice
from app.domain.permissions import Grants
from app.models.declaration import Declaration
from app.models.notice import Notice, NoticeVersion
from app.models.people import Organisation, Person
from app.models.process import Deadline, Incident, Message, ProcessInstance, Task
from app.models.recommendation import UnitBatch
from app.processes import bundles, history

Rows = Select[*tuple[Any, ...]]
PAGE = 25
STATES = {"running": "办理中", "ended": "已办结", "suspended": "已暂停"}
TERMINATED = "已终止"
OVERSEERS = ("manager", "system_admin", "committee_office")
_applicant, _unit, _holder, _office = aliased(Person), aliased(Organisation), aliased(Person), aliased(Organisation)


@dataclass(frozen=True)
class Filters:
    """What the address says. `stage` is a state of the declaration, `office` the id of a body that holds a task."""

    notice: str = ""
    process: str = ""
    status: str = ""
    stage: str = ""
    office: str = ""
    overdue: str = ""
    incident: str = ""
    q: str = ""

    @classmethod
    def of(cls, said: Mapping[str, str]) -> "Filters":
        """From the parts of an address; what is no filter is left alone."""
        return cls(**{each.name: said[each.name].strip() for each in fields(cls) if each.name in said})


@dataclass(frozen=True)
class Holding:
    """One open task of an instance: whose, since when, and how its time stands."""

    task: str
    office: str
    holder: str
    since: datetime
    badge: Badge | None


@dataclass(frozen=True)
class Row:
    """One instance; `about` is the applicant, or the body of a batch. `waits` where no person is waited for."""

    id: int
    process: str
    notice: str
    about: str
    status: str
    stage: str
    started: datetime
    holding: list[Holding]
    waits: str
    incidents: int


@dataclass(frozen=True)
class Listing:
    rows: list[Row]
    total: int
    page: int
    choices: dict[str, list[Choice]] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def state_words(instance: ProcessInstance) -> str:
    """办理中, 已暂停, 已办结, or 已终止 where somebody ended it by hand."""
    return TERMINATED if instance.ended_by is not None else STATES.get(instance.status, instance.status)


def visible(grants: Grants) -> ColumnElement[bool]:
    """Instances the person may oversee: a manager all of them, an office those of the declarations it may look at.

    Nobody oversees who was asked to review.
    """
    if grants.sees_all:
        return ProcessInstance.process_key.not_in(permissions.CONFIDENTIAL)
    seen = select(Declaration.id).where(permissions.visible_declarations(grants))
    return ProcessInstance.declaration_id.in_(seen)


def openable(session: Session, grants: Grants, instance_ids: Iterable[int]) -> set[int]:
    """Those of the instances whose pages the person may open: a list links to no other."""
    return set(session.scalars(select(ProcessInstance.id).where(ProcessInstance.id.in_(instance_ids), visible(grants))))


def listing(session: Session, grants: Grants, filters: Filters, page: int = 1) -> Listing:
    """One page of instances, those begun last first; the same number of statements whatever their number."""
    base = visible(grants)
    wanted = and_(base, *_conditions(session, filters))
    total = session.scalar(_joined(select(func.count(ProcessInstance.id))).where(wanted)) or 0
    page = min(max(1, page), max(1, -(-total // PAGE)))
    columns = (
        ProcessInstance.id,
        ProcessInstance.process_key,
        ProcessInstance.notice_version_id,
        ProcessInstance.status,
        ProcessInstance.started_at,
        ProcessInstance.waits,
        Notice.title,
        func.coalesce(_applicant.name, _unit.name).label("about"),
        Declaration.status.label("stage"),
    )
    found = session.execute(
        _joined(select(*columns))
        .where(wanted)
        .order_by(ProcessInstance.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    ids = [row.id for row in found]
    holding, faults = _holding(session, ids), incident_counts(session, ids)
    rows = [_row(session, row, holding[row.id], faults.get(row.id, 0)) for row in found]
    return Listing(rows, total, page, _choices(session, base))


def matching(session: Session, grants: Grants, filters: Filters, limit: int) -> tuple[list[int], int]:
    """Ids of the first `limit` instances of the whole list in its order, and how many there are in all."""
    wanted = and_(visible(grants), *_conditions(session, filters))
    total = session.scalar(_joined(select(func.count(ProcessInstance.id))).where(wanted)) or 0
    first = _joined(select(ProcessInstance.id)).where(wanted).order_by(ProcessInstance.id.desc()).limit(limit)
    return list(session.scalars(first)), total


def incident_counts(session: Session, instance_ids: Iterable[int]) -> dict[int, int]:
    """Instance id → open incidents, also those known only by their task or message."""
    about = incident_instance()
    wanted = with_instance(select(about, func.count(Incident.id))).where(Incident.status == "open")
    return dict(session.execute(wanted.where(about.in_(list(instance_ids))).group_by(about)).all())


def incident_instance() -> ColumnElement[Any]:
    """The instance an incident belongs to, for a statement made by `with_instance`."""
    return func.coalesce(Incident.instance_id, Task.instance_id, Message.receiver_id, Message.sender_id)


def with_instance(statement: Rows) -> Rows:
    return (
        statement.select_from(Incident)
        .outerjoin(Task, Task.id == Incident.task_id)
        .outerjoin(Message, Message.id == Incident.message_id)
    )


def waiting_words(session: Session, notice_version_id: int, waits: Mapping[str, Any]) -> str:
    """What an instance without open tasks waits for, in the words of its diagram."""
    elements = bundles.of_version(session, notice_version_id).definitions.elements
    found = [elements[key].name for _, key in waits.get("active") or [] if key in elements]
    leaves = [
        elements[key].name
        for _, key in waits.get("active") or []
        if key in elements and elements[key].kind != "callActivity" and elements[key].name
    ]
    return "、".join(dict.fromkeys(leaves or found))


def _row(session: Session, row: Any, holding: list[Holding], faults: int) -> Row:
    waits = "" if holding else waiting_words(session, row.notice_version_id, row.waits)
    return Row(
        id=row.id,
        process=history.process_name(session, row.notice_version_id, row.process_key),
        notice=row.title,
        about=row.about or "",
        status=STATES.get(row.status, row.status),
        stage=statuses.label(row.stage) if row.stage else "",
        started=row.started_at,
        holding=holding,
        waits=waits,
        incidents=faults,
    )


def _holding(session: Session, instance_ids: list[int]) -> defaultdict[int, list[Holding]]:
    rows = session.execute(
        select(Task, _office.name, _holder.name, Deadline)
        .outerjoin(_office, _office.id == Task.organisation_id)
        .outerjoin(_holder, _holder.id == Task.person_id)
        .outerjoin(Deadline, Deadline.id == Task.deadline_id)
        .where(Task.instance_id.in_(instance_ids), Task.status == "open")
        .order_by(Task.id)
    ).all()
    now, days = clock.now(session), calendar.calendar_of(session)
    found: defaultdict[int, list[Holding]] = defaultdict(list)
    for task, office, holder, deadline in rows:
        badge = badges.badge(deadline, now, days)
        found[task.instance_id].append(Holding(task.name, office or "", holder or "", task.created_at, badge))
    return found


def _joined(statement: Rows) -> Rows:
    return (
        statement.select_from(ProcessInstance)
        .join(NoticeVersion, NoticeVersion.id == ProcessInstance.notice_version_id)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .outerjoin(Declaration, Declaration.id == ProcessInstance.declaration_id)
        .outerjoin(_applicant, _applicant.id == Declaration.person_id)
        .outerjoin(UnitBatch, UnitBatch.instance_id == ProcessInstance.id)
        .outerjoin(_unit, _unit.id == UnitBatch.organisation_id)
    )


def _conditions(session: Session, filters: Filters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    same = {
        Notice.key: filters.notice,
        ProcessInstance.process_key: filters.process,
        ProcessInstance.status: filters.status,
        Declaration.status: filters.stage,
    }
    wanted += [column == value for column, value in same.items() if value]
    mine = (Task.instance_id == ProcessInstance.id) & (Task.status == "open")
    if filters.office:
        body = int(filters.office) if filters.office.isdecimal() else 0
        wanted.append(select(Task.id).where(mine, Task.organisation_id == body).exists())
    if filters.overdue:
        late = select(Task.id).join(Deadline, Deadline.id == Task.deadline_id)
        wanted.append(late.where(mine, Deadline.due_at <= clock.now(session)).exists())
    if filters.incident:
        open_ones = with_instance(select(incident_instance())).where(Incident.status == "open")
        wanted.append(ProcessInstance.id.in_(open_ones))
    if filters.q:
        words = {"other": filters.q, "autoescape": True}
        wanted.append(or_(_applicant.name.icontains(**words), _unit.name.icontains(**words)))
    return wanted


def _choices(session: Session, base: ColumnElement[bool]) -> dict[str, list[Choice]]:
    """What the whole list holds, so that one filter never empties another; two statements."""
    columns = (Notice.key, Notice.title, ProcessInstance.process_key, ProcessInstance.status, Declaration.status)
    version = func.max(ProcessInstance.notice_version_id)
    counted: Rows = select(*columns, version, func.count(ProcessInstance.id))
    rows: Sequence[Any] = session.execute(_joined(counted).where(base).group_by(*columns)).all()
    found: dict[str, dict[str, list[Any]]] = {"notice": {}, "process": {}, "status": {}, "stage": {}}
    for notice, title, process, status, stage, version_id, count in rows:
        said = {"notice": (notice, title), "status": (status, STATES.get(status, status))}
        said["process"] = (process, history.process_name(session, version_id, process))
        said["stage"] = (stage or "", statuses.label(stage) if stage else "")
        for name, (value, label) in said.items():
            entry = found[name].setdefault(value, [label, 0])
            entry[1] += count
    offices = session.execute(
        select(Organisation.id, Organisation.name, func.count(func.distinct(Task.instance_id)))
        .join(Task, Task.organisation_id == Organisation.id)
        .join(ProcessInstance, ProcessInstance.id == Task.instance_id)
        .where(Task.status == "open", base)
        .group_by(Organisation.id, Organisation.name)
        .order_by(Organisation.name)
    )
    choices = {
        name: [Choice(value, label, count) for value, (label, count) in sorted(entries.items()) if value]
        for name, entries in found.items()
    }
    return {**choices, "office": [Choice(str(key), name, count) for key, name, count in offices]}
