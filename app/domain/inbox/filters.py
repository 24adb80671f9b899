"""The filters of the lists of tasks as their addresses say them, the same in SQL, and the order of a list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import Session

from app import clock
from app.domain import badges, calendar
from app.domain.inbox.titles import applicant
from app.domain.permissions import Grants
from app.models.declaration import Declaration
from app.models.notice import Notice
from app.models.process import Deadline, Task

CLAIMS = {"mine": "我已认领", "free": "未认领"}


@dataclass(frozen=True)
class Filters:
    """What the address says; every condition narrows, an empty one does not."""

    notice: str = ""
    level: str = ""
    stage: str = ""
    state: str = ""
    q: str = ""
    claim: str = ""


def narrowed(session: Session, base: ColumnElement[bool], grants: Grants, filters: Filters) -> ColumnElement[bool]:
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
        wanted.append(applicant.name.icontains(filters.q.strip(), autoescape=True))
    if filters.claim == "mine":
        wanted.append(Task.person_id == grants.person_id)
    if filters.claim == "free":
        wanted.append(Task.person_id.is_(None))
    return and_(*wanted)


def urgent() -> tuple[Any, ...]:
    return (Deadline.due_at.asc().nulls_last(), Task.created_at, Task.id)


def place(due_at: datetime | None, created_at: datetime, task_id: int) -> tuple[bool, datetime, datetime, int]:
    return (due_at is None, due_at or created_at, created_at, task_id)
