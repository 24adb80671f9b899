"""抄送我的 and 等待答复: what a person was shown to read, and what he has asked of others about his tasks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.inbox import choices
from app.domain.inbox.choices import Choice
from app.domain.inbox.filters import Filters, narrowed, order
from app.domain.inbox.lists import PAGE
from app.domain.inbox.titles import ABOUT, UNIT_NAME, applicant, joined, title
from app.domain.permissions import Grants
from app.domain.task_requests import KINDS, LIVE
from app.domain.waiting import Case
from app.models.declaration import Declaration
from app.models.notice import Notice
from app.models.operators import among
from app.models.people import Person
from app.models.process import Task
from app.models.request import TaskCopy, TaskRequest

_other = aliased(Person)


@dataclass(frozen=True)
class Beside:
    """One line: `other` sent it or was asked, `words` are what he said or was asked; `read_at` empty while unread."""

    task_id: int
    title: str
    notice: str
    unit: str
    other: str
    words: str
    at: datetime
    case: Case
    verb: str = "抄送"
    read_at: datetime | None = None


def copies(session: Session, grants: Grants, filters: Filters, page: int = 1) -> tuple[list[Beside], int]:
    """What others sent the person to read, unread first, and how many there are under the filters."""
    wanted = narrowed(session, _sent_to(grants), grants, filters, TaskCopy.at)
    if filters.read == "no":
        wanted &= TaskCopy.read_at.is_(None)
    if filters.read == "yes":
        wanted &= TaskCopy.read_at.is_not(None)
    usual = (TaskCopy.read_at.is_not(None), TaskCopy.id.desc())
    sorts = {"newest": (TaskCopy.id.desc(),), "oldest": (TaskCopy.id,)}
    by_name = (*order(filters, "oldest"), TaskCopy.id) if filters.sort in ("applicant", "unit") else usual
    total = session.scalar(_copied(select(func.count(TaskCopy.id))).where(wanted)) or 0
    rows = _page(session, _copied(_titled(TaskCopy)).where(wanted), sorts.get(filters.sort, by_name), page)
    return [_beside(row, row[0].note, row[0].at, read_at=row[0].read_at) for row in rows], total


def offered(session: Session, grants: Grants) -> dict[str, list[Choice]]:
    """What the filters of 抄送我的 offer; one statement."""
    sent = select(TaskCopy.task_id).where(_sent_to(grants))
    return choices.of(session, among(Task.id, sent.scalar_subquery()))


def asked(session: Session, grants: Grants, page: int = 1) -> tuple[list[Beside], int]:
    """What the person waits for: his requests that are not answered, the oldest first, and how many there are."""
    mine = (TaskRequest.from_person_id == grants.person_id) & TaskRequest.status.in_(LIVE)
    total = session.scalar(select(func.count(TaskRequest.id)).where(mine)) or 0
    wanted = joined(_titled(TaskRequest), TaskRequest).join(_other, _other.id == TaskRequest.to_person_id).where(mine)
    rows = _page(session, wanted, (TaskRequest.asked_at, TaskRequest.id), page)
    return [_beside(row, row[0].reason, row[0].asked_at, verb=KINDS[row[0].kind]) for row in rows], total


def _sent_to(grants: Grants) -> ColumnElement[bool]:
    return TaskCopy.to_person_id == grants.person_id


def _copied(statement: Select[Any]) -> Select[Any]:
    return joined(statement, TaskCopy).join(_other, _other.id == TaskCopy.from_person_id)


def _titled(of: type[TaskCopy] | type[TaskRequest]) -> Select[Any]:
    about = (Task.name, applicant.name, Declaration.specialty, Declaration.level, ABOUT)
    return select(of, _other.name, Notice.title, UNIT_NAME, Task.instance_id, *about)


def _beside(row: Any, words: str, at: datetime, **more: Any) -> Beside:
    of, other, notice, unit, instance_id, *about = row
    case = (of.declaration_id, instance_id)
    return Beside(of.task_id, title(*about), notice, unit or "", other, words, at, case, **more)


def _page(session: Session, wanted: Select[Any], order: tuple[Any, ...], page: int) -> Any:
    return session.execute(wanted.order_by(*order).limit(PAGE).offset((page - 1) * PAGE))
