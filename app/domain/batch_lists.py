"""Batches as the desk shows them: each with its counts, its names, its objections and what it waits for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import badges, batch_phases, calendar, dictionaries, organisations, publicity, statuses
from app.domain.badges import Badge
from app.domain.publicity_days import Period
from app.models.declaration import Declaration
from app.models.people import Person
from app.models.process import Deadline, Task
from app.models.recommendation import BatchEntry, Objection, Publicity, UnitBatch

FINDINGS = {"founded": "查证属实", "unfounded": "查无实据"}


@dataclass(frozen=True)
class BatchLine:
    """One batch as the desk lists it."""

    id: int
    phase: str  # of batch_phases.PHASES
    created: datetime
    names: int
    recommended: int
    gone_up: int
    objections: int
    period: Period | None


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


def of_body(session: Session, organisation_id: int, role: str, notice_key: str) -> list[BatchLine]:
    """The batches of a body in its role under the notice, newest first."""
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
        .where(UnitBatch.organisation_id.in_(organisations.answered_by([organisation_id])), UnitBatch.role == role)
        .where(UnitBatch.notice_key == notice_key)
        .group_by(UnitBatch.id)
        .order_by(UnitBatch.id.desc())
    ).all()
    shown = publicities(session, [batch.id for batch, *_ in rows])
    periods = publicity.periods(session, list(shown.values()))
    return [
        BatchLine(
            id=batch.id,
            phase=batch_phases.of(batch, shown.get(batch.id)),
            created=batch.created_at,
            names=count,
            recommended=recommended,
            gone_up=gone_up,
            objections=objecting,
            period=periods[shown[batch.id].id] if batch.id in shown else None,
        )
        for batch, count, recommended, gone_up, objecting in rows
    ]


def publicities(session: Session, batch_ids: Iterable[int]) -> dict[int, Publicity]:
    """Batch id → the round of its publicity that counts."""
    wanted = select(Publicity).where(Publicity.batch_id.in_(list(batch_ids)), Publicity.superseded_at.is_(None))
    rows = session.scalars(wanted)
    return {row.batch_id: row for row in rows}


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
            going_up=bool(entry.recommended) and not entry.held and entry.gone_up_at is None and entry.left_at is None,
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


def corrections_of(session: Session, batch_id: int) -> list[tuple[str, int | None, str]]:
    """(who is checked again before the next round, id and name of the office's open task), in the unit's ranking.

    No task while it is the applicant's turn.
    """
    theirs = and_(Task.declaration_id == BatchEntry.declaration_id, Task.status == "open", Task.role != "applicant")
    own = Task.instance_id == Declaration.instance_id
    rows = session.execute(
        select(Person.name, Task.id, Task.name)
        .select_from(BatchEntry)
        .join(Declaration, Declaration.id == BatchEntry.declaration_id)
        .join(Person, Person.id == Declaration.person_id)
        .outerjoin(Task, and_(theirs, own))
        .where(BatchEntry.batch_id == batch_id, BatchEntry.correcting.is_(True), BatchEntry.left_at.is_(None))
        .order_by(func.coalesce(BatchEntry.position, 1_000_000), BatchEntry.id)
    )
    return [(name, task_id, task or "") for name, task_id, task in rows]


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


def _outcome(entry: BatchEntry, ended_as: str | None) -> str:
    if entry.gone_up_at is not None:
        return "已推荐上报"
    if entry.left_at is not None:
        if ended_as is not None:
            return statuses.label(ended_as)
        return "不予推荐" if entry.recommended is False else "转入下一批"
    return "公示异议核实中" if entry.held else "公示内容更正中" if entry.correcting else ""
