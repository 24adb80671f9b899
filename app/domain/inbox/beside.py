"""抄送我的 and 等待答复: what a person was shown to read, and what he has asked of others about his tasks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.inbox import titles
from app.domain.inbox.lists import PAGE
from app.domain.task_requests import KINDS, LIVE
from app.models.declaration import Declaration
from app.models.people import Person
from app.models.process import Task
from app.models.request import TaskCopy, TaskRequest

Columns = TypeVarTuple("Columns")
_applicant, _other = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class Beside:
    """One line: `other` sent it or was asked, `words` are what he said or was asked; `read_at` empty while unread."""

    task_id: int
    title: str
    other: str
    words: str
    at: datetime
    verb: str = "抄送"
    read_at: datetime | None = None
    ended: bool = False


def copies(session: Session, person_id: int, page: int = 1) -> tuple[list[Beside], int]:
    """What others sent the person to read, unread first, and how many there are in all."""
    mine = TaskCopy.to_person_id == person_id
    wanted = _titled(select(TaskCopy, Task.status, _other.name), TaskCopy, TaskCopy.from_person_id).where(mine)
    order = (TaskCopy.read_at.is_not(None), TaskCopy.id.desc())
    total = session.scalar(select(func.count(TaskCopy.id)).where(mine)) or 0
    found = []
    for row, status, other, *about in _page(session, wanted, order, page):
        facts = (row.task_id, titles.title(*about), other, row.note, row.at)
        found.append(Beside(*facts, read_at=row.read_at, ended=status != "open"))
    return found, total


def asked(session: Session, person_id: int, page: int = 1) -> tuple[list[Beside], int]:
    """What the person waits for: his requests that are not answered, the oldest first, and how many there are."""
    mine = (TaskRequest.from_person_id == person_id) & TaskRequest.status.in_(LIVE)
    wanted = _titled(select(TaskRequest, _other.name), TaskRequest, TaskRequest.to_person_id).where(mine)
    total = session.scalar(select(func.count(TaskRequest.id)).where(mine)) or 0
    found = []
    for row, other, *about in _page(session, wanted, (TaskRequest.asked_at, TaskRequest.id), page):
        facts = (row.task_id, titles.title(*about), other, row.reason, row.asked_at)
        found.append(Beside(*facts, verb=KINDS[row.kind]))
    return found, total


def unread(session: Session, person_id: int) -> int:
    wanted = select(func.count(TaskCopy.id)).where(TaskCopy.to_person_id == person_id, TaskCopy.read_at.is_(None))
    return session.scalar(wanted) or 0


def _titled(statement: Select[*Columns], of: type[TaskCopy] | type[TaskRequest], other: Any) -> Select[Any]:
    """The statement with what `titles.title` takes, and the other person's name to choose."""
    return (
        statement.add_columns(Task.name, _applicant.name, Declaration.specialty, Declaration.level)
        .join(Task, Task.id == of.task_id)
        .join(_other, _other.id == other)
        .outerjoin(Declaration, Declaration.id == of.declaration_id)
        .outerjoin(_applicant, _applicant.id == Declaration.person_id)
    )


def _page(session: Session, wanted: Select[Any], order: tuple[Any, ...], page: int) -> Any:
    return session.execute(wanted.order_by(*order).limit(PAGE).offset((page - 1) * PAGE))
