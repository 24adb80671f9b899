"""The unit's desk 单位推荐: everyone declaring through one body under one notice, and its batches; read in bulk."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import (
    badges,
    batch_lists,
    calendar,
    dictionaries,
    organisations,
    publicity,
    statuses,
    targeted_rechecks,
    waiting,
)
from app.domain.badges import Badge
from app.domain.permissions import Grants
from app.domain.waiting import Waiting
from app.errors import NotAllowed, NotFound
from app.models.declaration import Declaration
from app.models.notice import Notice
from app.models.people import Person
from app.models.process import Deadline, Task
from app.models.recommendation import BatchEntry, UnitBatch

LEVELS = {"unit_clerk": "unit", "unit_head": "unit", "agency": "agency"}  # role → the level that recommends
BATCH_ROLES = {"unit": "unit_clerk", "agency": "agency"}


@dataclass(frozen=True)
class Desk:
    """One body in its part as the one that recommends; `level` is unit, or agency in a freelancer's unit's place."""

    organisation_id: int
    name: str
    level: str

    @property
    def role(self) -> str:
        return BATCH_ROLES[self.level]


@dataclass(frozen=True)
class Season:
    """A notice under which people declare through the desk: how many, how many wait for it, how many still fill in."""

    key: str
    title: str
    people: int
    open_tasks: int
    drafts: int


@dataclass(frozen=True)
class Name:
    """One declaration on the desk; `task_id` its open task at this body, with the task's name and badge."""

    id: int
    number: str
    applicant: str
    title: str
    status: str
    stage: str
    submitted: datetime | None
    batch_id: int | None
    held: bool
    task_id: int | None = None
    task: str = ""
    checking: bool = False  # its task is the check of the desk's own level
    badge: Badge | None = None


def desks(grants: Grants) -> list[Desk]:
    """The desks of the identity one acts with; none for whoever recommends nobody."""
    found = {
        (grant.organisation_id, LEVELS[grant.role]): Desk(
            grant.organisation_id, grant.organisation or "", LEVELS[grant.role]
        )
        for grant in grants.held
        if grant.role in LEVELS and grant.organisation_id is not None
    }
    return list(found.values())


def seasons(session: Session, desk: Desk) -> list[Season]:
    """The notices of the desk, the newest first."""
    submitted = Declaration.submitted_at.is_not(None)
    people = func.count(func.distinct(case((submitted, Declaration.id))))
    drafts = func.count(func.distinct(case((~submitted, Declaration.id))))
    rows = session.execute(
        select(Notice.key, Notice.title, people, func.count(func.distinct(Task.declaration_id)), drafts)
        .join(Declaration, Declaration.notice_key == Notice.key)
        .outerjoin(Task, and_(Task.declaration_id == Declaration.id, own_open_task(desk)))
        .where(through(desk) | drafted_for(desk))
        .group_by(Notice.key, Notice.title, Notice.year)
        .order_by(Notice.year.desc(), Notice.key)
    )
    return [Season(*row) for row in rows]


def season(session: Session, desk: Desk, notice_key: str) -> Season:
    """The desk's notice of that key. NotFound where nobody declares under it through the desk."""
    found = next((each for each in seasons(session, desk) if each.key == notice_key), None)
    if found is None:
        raise NotFound("没有人通过本单位按此通知申报。")
    return found


def names(session: Session, desk: Desk, notice_key: str) -> list[Name]:
    """Everyone who has submitted through the desk under the notice, in order of submission; three statements.

    Publicities under way add the few that say which day is counted.
    """
    rows = session.execute(
        select(
            Declaration.id,
            Declaration.number,
            Person.name,
            Declaration.title,
            Declaration.status,
            Declaration.submitted_at,
            Declaration.batch_id,
            BatchEntry.held,
        )
        .join(Person, Person.id == Declaration.person_id)
        .outerjoin(
            BatchEntry,
            and_(
                BatchEntry.declaration_id == Declaration.id,
                BatchEntry.batch_id == Declaration.batch_id,
                BatchEntry.left_at.is_(None),
            ),
        )
        .where(through(desk), Declaration.notice_key == notice_key)
        .order_by(Declaration.submitted_at, Declaration.id)
    ).all()
    counted = _days(session, {row.batch_id for row in rows if row.status == "PUBLICITY" and row.batch_id})
    tasks = _open_tasks(session, desk, notice_key)
    found = [_name(row, counted) for row in rows]
    return [replace(name, **tasks.get(name.id, {})) for name in found]


def held_elsewhere(session: Session, desk: Desk, notice_key: str) -> dict[int, Waiting]:
    """Declaration id → for whom it waits, of the desk's files that another office holds; two statements."""
    other = Task.organisation_id.is_(None) | (Task.organisation_id != desk.organisation_id)
    rows = session.execute(
        select(Task.id, Task.declaration_id)
        .join(Declaration, Declaration.id == Task.declaration_id)
        .where(through(desk), Declaration.notice_key == notice_key, Task.status == "open")
        .where(other, Task.role != "applicant", Task.element_id != targeted_rechecks.ELEMENT)
        .order_by(Task.id.desc())
    )
    files = {task_id: declaration_id for task_id, declaration_id in rows if declaration_id is not None}
    return {files[each.task_id]: each for each in waiting.of_tasks(session, files)}


def stages(found: Iterable[Name]) -> list[tuple[str, str, int]]:
    """(code, words, how many) of the states on the desk, for its filter."""
    known = list(found)
    counts = Counter(name.status for name in known)
    words = {name.status: name.stage for name in known}
    return [(code, words[code], counts[code]) for code in sorted(counts, key=_order)]


def require_batch(session: Session, grants: Grants, batch_id: int) -> UnitBatch:
    """The batch, for those of its desk and for managers. Raises NotFound, NotAllowed."""
    batch = session.get(UnitBatch, batch_id)
    if batch is None:
        raise NotFound("没有找到该单位推荐批次。")
    own = any(each.organisation_id == batch.organisation_id and each.role == batch.role for each in desks(grants))
    if not own and not grants.sees_all:
        body = organisations.get(session, batch.organisation_id)
        raise NotAllowed(f"此批次由{body.name}办理，您当前身份为{grants.title}。如需办理，请切换身份。")
    return batch


def _name(row: Any, counted: dict[int, dict[str, int]]) -> Name:
    return Name(
        id=row.id,
        number=row.number or "",
        applicant=row.name,
        title=dictionaries.label("title", row.title),
        status=row.status,
        stage=statuses.label(row.status, **counted.get(row.batch_id, {})),
        submitted=row.submitted_at,
        batch_id=row.batch_id,
        held=bool(row.held),
    )


def through(desk: Desk) -> ColumnElement[bool]:
    """Submitted declarations whose route names the desk as the body that recommends."""
    recommender = func.coalesce(Declaration.route["recommender"].as_string(), "unit")
    body = Declaration.route[("bodies", desk.level)].as_integer()
    own = organisations.answered_by([desk.organisation_id])
    return and_(Declaration.submitted_at.is_not(None), recommender == desk.level, body.in_(own))


def drafted_for(desk: Desk) -> ColumnElement[bool]:
    """Declarations still being filled in whose applicant has named the desk as his unit."""
    if desk.level != "unit":
        return false()
    named = Declaration.data["unit_id"].as_integer().in_(organisations.answered_by([desk.organisation_id]))
    return and_(Declaration.submitted_at.is_(None), Declaration.ended_as.is_(None), named)


def own_open_task(desk: Desk) -> ColumnElement[bool]:
    roles = [role for role, level in LEVELS.items() if level == desk.level]
    return and_(Task.status == "open", Task.role.in_(roles), Task.organisation_id == desk.organisation_id)


def _open_tasks(session: Session, desk: Desk, notice_key: str) -> dict[int, dict[str, Any]]:
    now, days = clock.now(session), calendar.calendar_of(session)
    rows = session.execute(
        select(Task.declaration_id, Task.id, Task.name, Task.level == desk.level, Deadline)
        .join(Declaration, Declaration.id == Task.declaration_id)
        .outerjoin(Deadline, Deadline.id == Task.deadline_id)
        .where(own_open_task(desk), Declaration.notice_key == notice_key)
        .order_by(Task.id.desc())
    )
    return {
        declaration_id: {
            "task_id": task_id,
            "task": name,
            "checking": bool(level),
            "badge": badges.badge(deadline, now, days),
        }
        for declaration_id, task_id, name, level, deadline in rows
        if declaration_id is not None
    }


def _days(session: Session, batch_ids: set[int]) -> dict[int, dict[str, int]]:
    """Batch id → {n, N}: which of how many working days its publicity is on."""
    found = {}
    for batch_id, shown in batch_lists.publicities(session, batch_ids).items():
        period = publicity.period(session, shown)
        found[batch_id] = {"n": period.number, "N": period.total}
    return found


def _order(code: str) -> tuple[int, str]:
    known = [*statuses.PROGRESS, *statuses.ENDS]
    return (known.index(code) if code in known else len(known), code)
