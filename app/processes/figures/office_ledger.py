"""经办时长台账 of one office: what it finished, step by step and case by case, the slowest first."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from app.domain import durations, permissions
from app.domain.durations import Spread
from app.domain.permissions import Grants
from app.models.declaration import Declaration
from app.models.figures import TaskFigure, WorkTime
from app.models.people import Organisation, Person
from app.models.process import Task

PAGE = 25
MOST = 20_000  # lines of one export
OFFERED = 50  # bodies to choose from; the others are found by their name


@dataclass(frozen=True)
class Line:
    """One finished task."""

    instance_id: int
    number: str
    applicant: str
    task: str
    role: str
    entered: datetime
    left: datetime
    days: int
    held: int


@dataclass(frozen=True)
class Listing:
    rows: list[Line]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def offices(session: Session, grants: Grants, words: str = "", chosen: int | None = None) -> list[Organisation]:
    """The first OFFERED bodies with finished work that the person may look at and whose name holds `words`.

    With `chosen`: that one body, if he may look at it.
    """
    seen = true() if grants.sees_all else permissions.overseen(grants, TaskFigure)
    finished = select(TaskFigure.count).where(TaskFigure.organisation_id == Organisation.id, seen).exists()
    wanted = select(Organisation).where(finished)
    if chosen is not None:
        wanted = wanted.where(Organisation.id == chosen)
    elif words:
        wanted = wanted.where(Organisation.name.icontains(words, autoescape=True))
    return list(session.scalars(wanted.order_by(Organisation.name, Organisation.id).limit(OFFERED)))


def steps(session: Session, grants: Grants, organisation_id: int) -> list[tuple[str, Spread]]:
    """By the task's element, the slowest median first."""
    seen = true() if grants.sees_all else permissions.overseen(grants, TaskFigure)
    wanted = select(TaskFigure.element_id, TaskFigure.days, func.sum(TaskFigure.count)).where(
        TaskFigure.organisation_id == organisation_id, seen
    )
    found: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for element, days, count in session.execute(wanted.group_by(TaskFigure.element_id, TaskFigure.days)):
        found[element][days] += count
    spreads = [(element, durations.spread(histogram)) for element, histogram in found.items()]
    return sorted(spreads, key=lambda each: (-each[1].median, -each[1].p90, each[0]))


def listing(session: Session, grants: Grants, organisation_id: int, page: int = 1) -> Listing:
    """One page of its finished tasks, those that took longest first."""
    mine = _mine(grants, organisation_id)
    total = session.scalar(select(func.count()).select_from(WorkTime).where(mine)) or 0
    page = min(max(1, page), max(1, -(-total // PAGE)))
    return Listing(_lines(session, mine, PAGE, (page - 1) * PAGE), total, page)


def exported(session: Session, grants: Grants, organisation_id: int) -> Sequence[Line]:
    """The same as far as MOST."""
    return _lines(session, _mine(grants, organisation_id), MOST, 0)


def names(session: Session, organisation_id: int) -> dict[str, str]:
    """What the office's tasks are called, by element; as the newest of each was."""
    newest = select(func.max(WorkTime.task_id)).where(WorkTime.organisation_id == organisation_id)
    rows: Any = session.execute(
        select(Task.element_id, Task.name).where(Task.id.in_(newest.group_by(WorkTime.element_id)))
    )
    return dict(rows.all())


def _mine(grants: Grants, organisation_id: int) -> ColumnElement[bool]:
    seen = true() if grants.sees_all else permissions.overseen(grants, WorkTime)
    return and_(WorkTime.organisation_id == organisation_id, seen)


def _lines(session: Session, mine: ColumnElement[bool], limit: int, offset: int) -> list[Line]:
    wanted = (
        select(
            WorkTime.instance_id, Declaration.number, Person.name, Task.name, WorkTime.role, WorkTime.entered_at,
            WorkTime.left_at, WorkTime.days, WorkTime.held_days,
        )
        .join(Task, Task.id == WorkTime.task_id)
        .outerjoin(Declaration, Declaration.id == WorkTime.declaration_id)
        .outerjoin(Person, Person.id == Declaration.person_id)
        .where(mine)
        .order_by(WorkTime.days.desc(), WorkTime.task_id.desc())
    )  # fmt: skip
    rows: Any = session.execute(wanted.limit(limit).offset(offset))
    return [Line(key, number or "", name or "", *rest) for key, number, name, *rest in rows]
