"""The lists of tasks (待办, 已办, 我发起的): filtered, counted and paged in SQL, in a fixed number of statements."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import badges, calendar, permissions, suspended
from app.domain.badges import Badge
from app.domain.inbox import choices
from app.domain.inbox.choices import Choice
from app.domain.inbox.filters import Filters, narrowed, place, urgent
from app.domain.inbox.titles import ABOUT, applicant, holder, joined, title
from app.domain.permissions import Grants
from app.models.declaration import Declaration
from app.models.notice import Notice, NoticeVersion
from app.models.people import Organisation
from app.models.process import Deadline, Event, ProcessInstance, Task

PAGE = 20


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
    return _listing(session, narrowed(session, mine, grants, filters), mine, page, urgent())


def done(session: Session, grants: Grants, filters: Filters, page: int = 1) -> Listing:
    """已办: what the person has completed, the latest first."""
    mine = and_(Task.ended_by == grants.person_id, Task.status == "completed")
    order = (Task.ended_at.desc(), Task.id.desc())
    return _listing(session, narrowed(session, mine, grants, filters), mine, page, order)


def counts(session: Session, grants: Grants) -> dict[str, int]:
    """How many tasks wait, and how many the person has done."""
    waiting = select(func.count(Task.id)).where(permissions.actionable_tasks(grants)).scalar_subquery()
    past = select(func.count(Task.id)).where(Task.ended_by == grants.person_id, Task.status == "completed")
    row = session.execute(select(waiting, past.scalar_subquery())).one()
    return {"todo": row[0], "done": row[1]}


def queue(session: Session, grants: Grants, filters: Filters, kind: str) -> list[int]:
    """Ids of the waiting tasks named `kind` under the filters, in the order of the list."""
    mine = and_(permissions.decidable_tasks(grants), Task.name == kind)
    statement = joined(select(Task.id)).where(narrowed(session, mine, grants, filters))
    return list(session.scalars(statement.order_by(*urgent())))


def queue_after(session: Session, grants: Grants, filters: Filters, done: Task) -> int | None:
    """The task to go on with after `done`: the next of the same kind in the list's order, else its first."""
    mine = and_(permissions.decidable_tasks(grants), Task.name == done.name)
    statement = joined(select(Task.id, Deadline.due_at, Task.created_at))
    rows = session.execute(statement.where(narrowed(session, mine, grants, filters)).order_by(*urgent())).all()
    due_at = session.scalar(select(Deadline.due_at).where(Deadline.id == done.deadline_id))
    at = place(due_at, done.created_at, done.id)
    later = [row.id for row in rows if place(row.due_at, row.created_at, row.id) > at]
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
            func.coalesce(applicant.name, ""),
            ProcessInstance.status,
            ProcessInstance.started_at,
            func.coalesce(stage, ""),
        )
        .outerjoin(Declaration, Declaration.id == ProcessInstance.declaration_id)
        .outerjoin(applicant, applicant.id == Declaration.person_id)
        .where(mine)
        .order_by(ProcessInstance.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    total = session.scalar(select(func.count(ProcessInstance.id)).where(mine)) or 0
    return [Started(*row) for row in rows], total


def _listing(
    session: Session,
    wanted: ColumnElement[bool],
    whole: ColumnElement[bool],
    page: int,
    order: tuple[Any, ...],
) -> Listing:
    total = session.scalar(joined(select(func.count(Task.id))).where(wanted)) or 0
    page = min(max(1, page), max(1, -(-total // PAGE)))
    rows = session.execute(
        joined(
            select(
                Task,
                Declaration.specialty,
                Declaration.level,
                applicant.name,
                holder.name,
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
    return Listing([_item(row, now, days) for row in rows], total, page, choices.of(session, whole))


def _item(row: Any, now: datetime, days: calendar.Calendar) -> Item:
    task, specialty, level, person, held_by, office, other, notice, deadline, version_id, *standing = row
    return Item(
        task_id=task.id,
        title=title(task.name, person, specialty, level, other),
        notice=notice,
        arrived=task.created_at,
        ended=task.ended_at,
        office=office or "",
        holder=held_by or "",
        holder_id=task.person_id,
        badge=badges.badge(deadline, now, days) if task.status == "open" else None,
        decision=task.decision,
        form_key=task.form_key,
        notice_version_id=version_id,
        post=(task.role, task.organisation_id),
        asked=task.request_id is not None,
        suspended=suspended.said(*standing) if task.status == "open" else "",
    )
