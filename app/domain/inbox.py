"""The lists of tasks (待办, 已办, 我发起的): filtered, counted and paged in SQL, in a fixed number of statements."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from app import clock
from app.domain import badges, calendar, dictionaries, permissions, suspended
from app.domain.badges import Badge
from app.domain.permissions import Grants
from app.models.declaration import Declaration
from app.models.notice import Notice, NoticeVersion
from app.models.people import Organisation, Person
from app.models.process import Deadline, Event, ProcessInstance, Task
from app.models.review import ReviewSession

Columns = TypeVarTuple("Columns")
PAGE = 20
CLAIMS = {"mine": "我已认领", "free": "未认领"}
_holder, _applicant = aliased(Person), aliased(Person)
ABOUT = func.coalesce(ReviewSession.title, Organisation.name)  # what a task about no declaration is told apart by


@dataclass(frozen=True)
class Filters:
    """What the address says; every condition narrows, an empty one does not."""

    notice: str = ""
    level: str = ""
    stage: str = ""
    state: str = ""
    q: str = ""
    claim: str = ""


@dataclass(frozen=True)
class Item:
    """One line: the task with what its title and columns need."""

    task_id: int
    title: str
    notice: str
    arrived: datetime
    ended: datetime | None
    office: str
    holder: str
    holder_id: int | None
    badge: Badge | None
    decision: str | None
    form_key: str | None
    notice_version_id: int
    post: tuple[str, int | None]  # role and body whose task it is
    suspended: str  # since when and why its case stands still
    asked: bool = False  # the person is asked about it and does not decide


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int | None  # None where nobody counted


@dataclass(frozen=True)
class Listing:
    """One page of a list; `choices` offers what the whole list holds, so that one filter never empties another."""

    items: list[Item]
    total: int
    page: int
    choices: dict[str, list[Choice]] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class Started:
    """A process that the person began himself."""

    instance_id: int
    process_key: str
    notice_version_id: int
    applicant: str
    status: str
    started: datetime
    stage: str


def todo(session: Session, grants: Grants, filters: Filters, page: int = 1) -> Listing:
    """待办: what the person may act on now, the most urgent first."""
    mine = permissions.actionable_tasks(grants)
    return _listing(session, _narrowed(session, mine, grants, filters), mine, page, _urgent())


def done(session: Session, grants: Grants, filters: Filters, page: int = 1) -> Listing:
    """已办: what the person has completed, the latest first."""
    mine = and_(Task.ended_by == grants.person_id, Task.status == "completed")
    order = (Task.ended_at.desc(), Task.id.desc())
    return _listing(session, _narrowed(session, mine, grants, filters), mine, page, order)


def counts(session: Session, grants: Grants) -> dict[str, int]:
    """How many tasks wait, and how many the person has done."""
    waiting = select(func.count(Task.id)).where(permissions.actionable_tasks(grants)).scalar_subquery()
    past = select(func.count(Task.id)).where(Task.ended_by == grants.person_id, Task.status == "completed")
    row = session.execute(select(waiting, past.scalar_subquery())).one()
    return {"todo": row[0], "done": row[1]}


def queue(session: Session, grants: Grants, filters: Filters, kind: str) -> list[int]:
    """Ids of the waiting tasks named `kind` under the filters, in the order of the list."""
    mine = and_(permissions.decidable_tasks(grants), Task.name == kind)
    statement = _joined(select(Task.id)).where(_narrowed(session, mine, grants, filters))
    return list(session.scalars(statement.order_by(*_urgent())))


def queue_after(session: Session, grants: Grants, filters: Filters, done: Task) -> int | None:
    """The task to go on with after `done`: the next of the same kind in the list's order, else its first."""
    mine = and_(permissions.decidable_tasks(grants), Task.name == done.name)
    statement = _joined(select(Task.id, Deadline.due_at, Task.created_at))
    rows = session.execute(statement.where(_narrowed(session, mine, grants, filters)).order_by(*_urgent())).all()
    due_at = session.scalar(select(Deadline.due_at).where(Deadline.id == done.deadline_id))
    place = _place(due_at, done.created_at, done.id)
    later = [row.id for row in rows if _place(row.due_at, row.created_at, row.id) > place]
    return (later or [row.id for row in rows] or [None])[0]


def started(session: Session, grants: Grants, page: int = 1) -> tuple[list[Started], int]:
    """我发起的: processes that the person began for an office, the latest first, and how many there are."""
    begun = select(Event.instance_id).where(Event.kind == "started", Event.person_id == grants.person_id)
    mine = and_(ProcessInstance.id.in_(begun), ProcessInstance.process_key != "declaration")
    stage = (
        select(func.min(Task.name))
        .where(Task.instance_id == ProcessInstance.id, Task.status == "open")
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            ProcessInstance.id,
            ProcessInstance.process_key,
            ProcessInstance.notice_version_id,
            func.coalesce(_applicant.name, ""),
            ProcessInstance.status,
            ProcessInstance.started_at,
            func.coalesce(stage, ""),
        )
        .outerjoin(Declaration, Declaration.id == ProcessInstance.declaration_id)
        .outerjoin(_applicant, _applicant.id == Declaration.person_id)
        .where(mine)
        .order_by(ProcessInstance.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    total = session.scalar(select(func.count(ProcessInstance.id)).where(mine)) or 0
    return [Started(*row) for row in rows], total


def title(name: str, applicant: str | None, specialty: str | None, level: str | None, other: str | None = None) -> str:
    """`任务名·申报人·专业级别`; where no declaration is concerned, `other` instead: the session, or else the office."""
    about = dictionaries.label("specialty", specialty) + dictionaries.label("level", level)
    parts = (name, applicant, about) if applicant else (name, other)
    return "·".join(part for part in parts if part)


def title_of(session: Session, task: Task) -> str:
    """The title of one task."""
    statement = _joined(select(_applicant.name, Declaration.specialty, Declaration.level, ABOUT))
    return title(task.name, *session.execute(statement.where(Task.id == task.id)).one())


def _listing(
    session: Session,
    wanted: ColumnElement[bool],
    whole: ColumnElement[bool],
    page: int,
    order: tuple[Any, ...],
) -> Listing:
    total = session.scalar(_joined(select(func.count(Task.id))).where(wanted)) or 0
    page = min(max(1, page), max(1, -(-total // PAGE)))
    rows = session.execute(
        _joined(
            select(
                Task,
                Declaration.specialty,
                Declaration.level,
                _applicant.name,
                _holder.name,
                Organisation.name,
                ABOUT,
                Notice.title,
                Deadline,
                NoticeVersion.id,
                *suspended.COLUMNS,
            )
        )
        .where(wanted)
        .order_by(*order)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    now, days = clock.now(session), calendar.calendar_of(session)
    return Listing([_item(row, now, days) for row in rows], total, page, _choices(session, whole))


def _item(row: Any, now: datetime, days: calendar.Calendar) -> Item:
    task, specialty, level, applicant, holder, office, other, notice, deadline, version_id, *standing = row
    return Item(
        task_id=task.id,
        title=title(task.name, applicant, specialty, level, other),
        notice=notice,
        arrived=task.created_at,
        ended=task.ended_at,
        office=office or "",
        holder=holder or "",
        holder_id=task.person_id,
        badge=badges.badge(deadline, now, days) if task.status == "open" else None,
        decision=task.decision,
        form_key=task.form_key,
        notice_version_id=version_id,
        post=(task.role, task.organisation_id),
        asked=task.request_id is not None,
        suspended=suspended.said(*standing) if task.status == "open" else "",
    )


def _joined(statement: Select[*Columns]) -> Select[*Columns]:
    return (
        statement.select_from(Task)
        .join(ProcessInstance, ProcessInstance.id == Task.instance_id)
        .join(NoticeVersion, NoticeVersion.id == ProcessInstance.notice_version_id)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .outerjoin(Declaration, Declaration.id == Task.declaration_id)
        .outerjoin(_applicant, _applicant.id == Declaration.person_id)
        .outerjoin(_holder, _holder.id == Task.person_id)
        .outerjoin(Organisation, Organisation.id == Task.organisation_id)
        .outerjoin(ReviewSession, ReviewSession.instance_id == Task.instance_id)
        .outerjoin(Deadline, Deadline.id == Task.deadline_id)
    )


def _narrowed(session: Session, base: ColumnElement[bool], grants: Grants, filters: Filters) -> ColumnElement[bool]:
    wanted = [base]
    if filters.notice:
        wanted.append(Notice.key == filters.notice)
    if filters.level:
        wanted.append(Declaration.level == filters.level)
    if filters.stage:
        wanted.append(Task.name == filters.stage)
    if filters.state in badges.STATES:
        wanted.append(badges.in_state(filters.state, clock.now(session), calendar.calendar_of(session)))
    if filters.q.strip():
        wanted.append(_applicant.name.icontains(filters.q.strip(), autoescape=True))
    if filters.claim == "mine":
        wanted.append(Task.person_id == grants.person_id)
    if filters.claim == "free":
        wanted.append(Task.person_id.is_(None))
    return and_(*wanted)


def _urgent() -> tuple[Any, ...]:
    return (Deadline.due_at.asc().nulls_last(), Task.created_at, Task.id)


def _place(due_at: datetime | None, created_at: datetime, task_id: int) -> tuple[bool, datetime, datetime, int]:
    return (due_at is None, due_at or created_at, created_at, task_id)


def _choices(session: Session, whole: ColumnElement[bool]) -> dict[str, list[Choice]]:
    """Notices, levels and stages of the whole list with their counts; one statement."""
    columns = (Notice.key, Notice.title, Declaration.level, Task.name)
    rows = session.execute(_joined(select(*columns, func.count(Task.id))).where(whole).group_by(*columns)).all()
    notices: Counter[tuple[str, str]] = Counter()
    levels: Counter[str] = Counter()
    stages: Counter[str] = Counter()
    for key, name, level, stage, count in rows:
        notices[key, name] += count
        levels[level or ""] += count
        stages[stage] += count
    known = [entry["code"] for entry in dictionaries.entries("level")]
    return {
        "notice": [Choice(key, name, count) for (key, name), count in sorted(notices.items())],
        "level": [Choice(each, dictionaries.label("level", each), levels[each]) for each in known if levels[each]],
        "stage": [Choice(stage, stage, count) for stage, count in sorted(stages.items())],
    }
