"""The unit's desk 单位推荐: everyone declaring through one body under one notice, and its batches; read in bulk."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import badges, calendar, dictionaries, organisations, publicity, statuses
from app.domain.badges import Badge
from app.domain.permissions import Grants
from app.errors import NotAllowed, NotFound
from app.models.declaration import Declaration
from app.models.notice import Notice
from app.models.people import Person
from app.models.process import Deadline, Task
from app.models.recommendation import BatchEntry, Objection, Publicity, UnitBatch

LEVELS = {"unit_clerk": "unit", "unit_head": "unit", "agency": "agency"}  # role → the level that recommends
BATCH_ROLES = {"unit": "unit_clerk", "agency": "agency"}
PHASES = {
    "collecting": "收集待定",
    "decided": "人选已定，待公示",
    "publicity": "公示中",
    "closed": "公示结束，待上报",
    "submitted": "已推荐上报",
}
FINDINGS = {"founded": "查证属实", "unfounded": "查无实据"}


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
    """A notice under which people declare through the desk: how many, and how many of them wait for it."""

    key: str
    title: str
    people: int
    open_tasks: int


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
    badge: Badge | None = None


@dataclass(frozen=True)
class BatchLine:
    """One batch as the desk lists it."""

    id: int
    phase: str
    created: datetime
    names: int
    recommended: int
    gone_up: int
    objections: int
    period: publicity.Period | None


@dataclass(frozen=True)
class Entry:
    """One name of a batch; `outcome` says where it is: held, gone up, left, or waiting."""

    declaration_id: int
    applicant: str
    title: str
    level: str
    recommended: bool | None
    position: int | None
    reason: str
    outcome: str
    going_up: bool


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
    waiting = func.count(func.distinct(Task.declaration_id))
    rows = session.execute(
        select(Notice.key, Notice.title, func.count(func.distinct(Declaration.id)), waiting)
        .join(Declaration, Declaration.notice_key == Notice.key)
        .outerjoin(Task, and_(Task.declaration_id == Declaration.id, _own_open_task(desk)))
        .where(_through(desk))
        .group_by(Notice.key, Notice.title, Notice.year)
        .order_by(Notice.year.desc(), Notice.key)
    )
    return [Season(*row) for row in rows]


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
        .where(_through(desk), Declaration.notice_key == notice_key)
        .order_by(Declaration.submitted_at, Declaration.id)
    ).all()
    counted = _days(session, {row.batch_id for row in rows if row.status == "PUBLICITY" and row.batch_id})
    tasks = _open_tasks(session, desk, notice_key)
    found = [
        Name(
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
        for row in rows
    ]
    return [replace(name, **tasks.get(name.id, {})) for name in found]


def stages(found: Iterable[Name]) -> list[tuple[str, str, int]]:
    """(code, words, how many) of the states on the desk, for its filter."""
    known = list(found)
    counts = Counter(name.status for name in known)
    words = {name.status: name.stage for name in known}
    return [(code, words[code], counts[code]) for code in sorted(counts, key=_order)]


def batches_of(session: Session, desk: Desk, notice_key: str) -> list[BatchLine]:
    """The batches of the desk under the notice, newest first."""
    staying = BatchEntry.left_at.is_(None)
    open_ones = (
        select(func.count(Objection.id))
        .join(Publicity, Publicity.id == Objection.publicity_id)
        .where(Publicity.batch_id == UnitBatch.id, Objection.status == "open")
        .correlate(UnitBatch)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            UnitBatch,
            func.count(BatchEntry.id).filter(staying),
            func.count(BatchEntry.id).filter(staying, BatchEntry.recommended.is_(True)),
            func.count(BatchEntry.id).filter(BatchEntry.gone_up_at.is_not(None)),
            open_ones,
        )
        .outerjoin(BatchEntry, BatchEntry.batch_id == UnitBatch.id)
        .where(UnitBatch.organisation_id == desk.organisation_id, UnitBatch.role == desk.role)
        .where(UnitBatch.notice_key == notice_key)
        .group_by(UnitBatch.id)
        .order_by(UnitBatch.id.desc())
    ).all()
    shown = publicities(session, [batch.id for batch, *_ in rows])
    return [
        BatchLine(
            id=batch.id,
            phase=batch.phase,
            created=batch.created_at,
            names=count,
            recommended=recommended,
            gone_up=gone_up,
            objections=objecting,
            period=publicity.period(session, shown[batch.id]) if batch.id in shown else None,
        )
        for batch, count, recommended, gone_up, objecting in rows
    ]


def publicities(session: Session, batch_ids: Iterable[int]) -> dict[int, Publicity]:
    """Batch id → its publicity."""
    rows = session.scalars(select(Publicity).where(Publicity.batch_id.in_(list(batch_ids))))
    return {row.batch_id: row for row in rows}


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


def entries(session: Session, batch_id: int) -> list[Entry]:
    """The names of a batch in the unit's ranking, those that left it at the end; one statement."""
    rows = session.execute(
        select(BatchEntry, Person.name, Declaration.title, Declaration.level, Declaration.ended_as)
        .join(Declaration, Declaration.id == BatchEntry.declaration_id)
        .join(Person, Person.id == Declaration.person_id)
        .where(BatchEntry.batch_id == batch_id)
        .order_by(BatchEntry.left_at.is_not(None), func.coalesce(BatchEntry.position, 1_000_000), BatchEntry.id)
    )
    return [
        Entry(
            declaration_id=entry.declaration_id,
            applicant=name,
            title=dictionaries.label("title", title),
            level=dictionaries.label("level", level),
            recommended=entry.recommended,
            position=entry.position,
            reason=entry.reason or "",
            outcome=_outcome(entry, ended_as),
            going_up=bool(entry.recommended)
            and not entry.held
            and entry.gone_up_at is None
            and entry.left_at is None,
        )
        for entry, name, title, level, ended_as in rows
    ]


def objections_of(session: Session, batch_id: int) -> list[tuple[Objection, str, int | None]]:
    """(objection, whom it names, id of the open task that handles it), newest first; never who wrote it."""
    rows = session.execute(
        select(Objection, Person.name, Task.id)
        .join(Publicity, Publicity.id == Objection.publicity_id)
        .join(Declaration, Declaration.id == Objection.declaration_id)
        .join(Person, Person.id == Declaration.person_id)
        .outerjoin(Task, and_(Task.instance_id == Objection.instance_id, Task.status == "open"))
        .where(Publicity.batch_id == batch_id)
        .order_by(Objection.id.desc())
    )
    return [(objection, name, task_id) for objection, name, task_id in rows]


def open_tasks(session: Session, instance_id: int | None) -> list[tuple[Task, Badge | None]]:
    """What a batch waits for now."""
    if instance_id is None:
        return []
    now, days = clock.now(session), calendar.calendar_of(session)
    rows = session.execute(
        select(Task, Deadline)
        .outerjoin(Deadline, Deadline.id == Task.deadline_id)
        .where(Task.instance_id == instance_id, Task.status == "open")
        .order_by(Task.id)
    )
    return [(task, badges.badge(deadline, now, days)) for task, deadline in rows]


def _through(desk: Desk) -> ColumnElement[bool]:
    """Submitted declarations whose route names the desk as the body that recommends."""
    recommender = func.coalesce(Declaration.route["recommender"].as_string(), "unit")
    body = Declaration.route[("bodies", desk.level)].as_integer()
    return and_(
        Declaration.submitted_at.is_not(None), recommender == desk.level, body == desk.organisation_id
    )


def _own_open_task(desk: Desk) -> ColumnElement[bool]:
    roles = [role for role, level in LEVELS.items() if level == desk.level]
    return and_(Task.status == "open", Task.role.in_(roles), Task.organisation_id == desk.organisation_id)


def _open_tasks(session: Session, desk: Desk, notice_key: str) -> dict[int, dict[str, Any]]:
    now, days = clock.now(session), calendar.calendar_of(session)
    rows = session.execute(
        select(Task.declaration_id, Task.id, Task.name, Deadline)
        .join(Declaration, Declaration.id == Task.declaration_id)
        .outerjoin(Deadline, Deadline.id == Task.deadline_id)
        .where(_own_open_task(desk), Declaration.notice_key == notice_key)
        .order_by(Task.id.desc())
    )
    return {
        declaration_id: {"task_id": task_id, "task": name, "badge": badges.badge(deadline, now, days)}
        for declaration_id, task_id, name, deadline in rows
    }


def _days(session: Session, batch_ids: set[int]) -> dict[int, dict[str, int]]:
    """Batch id → {n, N}: which of how many working days its publicity is on."""
    found = {}
    for batch_id, shown in publicities(session, batch_ids).items():
        period = publicity.period(session, shown)
        found[batch_id] = {"n": period.number, "N": period.total}
    return found


def _order(code: str) -> tuple[int, str]:
    known = [*statuses.PROGRESS, *statuses.ENDS]
    return (known.index(code) if code in known else len(known), code)


def _outcome(entry: BatchEntry, ended_as: str | None) -> str:
    if entry.gone_up_at is not None:
        return "已推荐上报"
    if entry.left_at is not None:
        if ended_as is not None:
            return statuses.label(ended_as)
        return "不予推荐" if entry.recommended is False else "转入下一批"
    return "公示异议核实中" if entry.held else ""
