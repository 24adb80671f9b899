"""待办 and 已办: filtered, counted and paged in SQL, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from app import clock
from app.domain import badges, calendar, permissions, suspended
from app.domain.badges import Badge
from app.domain.inbox import choices
from app.domain.inbox.choices import Choice, Taken
from app.domain.inbox.filters import Filters, narrowed, order
from app.domain.inbox.titles import ABOUT, UNIT_NAME, applicant, holder, joined, title
from app.domain.permissions import Grants
from app.domain.waiting import Case
from app.models.declaration import Declaration
from app.models.notice import Notice, NoticeVersion
from app.models.operators import among
from app.models.people import Organisation
from app.models.process import Deadline, Task
from app.models.request import TaskCopy

PAGE = 20


@dataclass(frozen=True)
class Item:
    """One line: the task with what its title and columns need."""

    task_id: int
    title: str
    notice: str
    unit: str
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
    case: Case
    asked: bool = False  # the person is asked about it and does not decide


@dataclass(frozen=True)
class Listing:
    """One page of a list; `choices` offers what the whole list holds, so that one filter never empties another."""

    items: list[Item]
    total: int
    page: int
    choices: dict[str, list[Choice]] = field(default_factory=dict)
    taken: Sequence[Taken] = ()

    @property
    def pages(self) -> int:
        return pages(self.total)


def todo(session: Session, grants: Grants, filters: Filters, page: int = 1) -> Listing:
    """待办: what the person may act on now, the most urgent first."""
    mine = permissions.actionable_tasks(grants)
    wanted = narrowed(session, mine, grants, filters)
    return _listing(session, wanted, page, order(filters, "due"), choices.of(session, mine))


def done(session: Session, grants: Grants, filters: Filters, page: int = 1) -> Listing:
    """已办: what the person has completed, the latest first."""
    mine = completed_by(grants)
    wanted, offered = narrowed(session, mine, grants, filters, Task.ended_at), choices.of(session, mine)
    return _listing(session, wanted, page, order(filters, "ended"), offered, choices.decisions(session, mine))


def first(
    session: Session, mine: ColumnElement[bool], grants: Grants, filters: Filters, usual: str, most: int
) -> tuple[list[Item], int]:
    """The first `most` of `mine` under the filters, and how many there are."""
    wanted = narrowed(session, mine, grants, filters)
    total = session.scalar(joined(select(func.count(Task.id))).where(wanted)) or 0
    return _items(session, wanted, order(filters, usual), 0, most), total


def completed_by(grants: Grants) -> ColumnElement[bool]:
    return and_(Task.ended_by == grants.person_id, Task.status == "completed")


def counts(session: Session, grants: Grants) -> dict[str, int]:
    """How many tasks wait, how many the person has done, and how many copies he has not read; one statement."""
    waiting = select(func.count(Task.id)).where(permissions.actionable_tasks(grants)).scalar_subquery()
    past = select(func.count(Task.id)).where(completed_by(grants)).scalar_subquery()
    unread = select(func.count(TaskCopy.id)).where(
        TaskCopy.to_person_id == grants.person_id, TaskCopy.read_at.is_(None)
    )
    row = session.execute(select(waiting, past, unread.scalar_subquery())).one()
    return dict(zip(("todo", "done", "unread"), row, strict=True))


def tallies(session: Session, grants: Grants, wanted: Sequence[Filters]) -> list[int]:
    """How many tasks of 待办 each of several sets of filters would find; one statement for all that need no names."""
    if not wanted:
        return []
    found = [func.count(Task.id).filter(narrowed(session, true(), grants, each)) for each in wanted]
    return list(session.execute(joined(select(*found)).where(permissions.actionable_tasks(grants))).one())


def decidable(session: Session, grants: Grants, filters: Filters, most: int) -> tuple[list[int], int]:
    """Ids of the first tasks under the filters that the person may do, in the list's order, and how many there are."""
    wanted = narrowed(session, permissions.decidable_tasks(grants), grants, filters)
    total = session.scalar(joined(select(func.count(Task.id))).where(wanted)) or 0
    ordered = joined(select(Task.id)).where(wanted).order_by(*order(filters, "due"))
    return list(session.scalars(ordered.limit(most))), total


def queue(session: Session, grants: Grants, filters: Filters, kind: str) -> list[int]:
    """Ids of the waiting tasks named `kind` under the filters, in the order of the list."""
    wanted = _queued(session, grants, filters, kind)
    return list(session.scalars(joined(select(Task.id)).where(wanted).order_by(*order(filters, "due"))))


def queue_after(session: Session, grants: Grants, filters: Filters, done: Task) -> int | None:
    """The task to go on with after `done`: the next of the same kind in the list's order, else its first."""
    waiting = joined(select(Task.id)).where(_queued(session, grants, filters, done.name))
    both = waiting.union_all(select(Task.id).where(Task.id == done.id)).subquery()
    wanted = joined(select(Task.id)).where(among(Task.id, select(both.c[0]).scalar_subquery()))
    found = list(session.scalars(wanted.order_by(*order(filters, "due"))))
    at = found.index(done.id)
    return next(iter(found[at + 1 :] + found[:at]), None)


def pages(total: int) -> int:
    return max(1, -(-total // PAGE))


def _queued(session: Session, grants: Grants, filters: Filters, kind: str) -> ColumnElement[bool]:
    mine = and_(permissions.decidable_tasks(grants), Task.name == kind)
    return narrowed(session, mine, grants, filters)


def _listing(
    session: Session,
    wanted: ColumnElement[bool],
    page: int,
    order: tuple[Any, ...],
    offered: dict[str, list[Choice]],
    taken: Sequence[Taken] = (),
) -> Listing:
    total = session.scalar(joined(select(func.count(Task.id))).where(wanted)) or 0
    page = min(max(1, page), pages(total))
    return Listing(_items(session, wanted, order, (page - 1) * PAGE, PAGE), total, page, offered, taken)


def _items(session: Session, wanted: ColumnElement[bool], order: tuple[Any, ...], after: int, most: int) -> list[Item]:
    rows = session.execute(
        joined(
            select(
                Task,
                Declaration.specialty,
                Declaration.level,
                UNIT_NAME,
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
        .limit(most)
        .offset(after)
    ).all()
    now, days = clock.now(session), calendar.calendar_of(session)
    return [_item(row, now, days) for row in rows]


def _item(row: Any, now: datetime, days: calendar.Calendar) -> Item:
    task, specialty, level, unit, person, held_by, office, other, notice, deadline, version_id, *standing = row
    return Item(
        task_id=task.id,
        title=title(task.name, person, specialty, level, other),
        notice=notice,
        unit=unit or "",
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
        case=(task.declaration_id, task.instance_id),
        asked=task.request_id is not None,
        suspended=suspended.said(*standing) if task.status == "open" else "",
    )
