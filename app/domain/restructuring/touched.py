"""What hangs on a body, or on a body and all beneath it: shown before anything about it is changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import Session

from app.domain import batch_phases, organisations, people, routes
from app.models.declaration import Declaration
from app.models.office import CorrectionNotice, RefusalNotice, RegisterEntry
from app.models.people import Organisation, RoleGrant
from app.models.process import ProcessInstance, Task
from app.models.recommendation import Publicity, UnitBatch

Scope = Callable[[Any], ColumnElement[bool]]  # an organisation's column → whether its row is meant


@dataclass(frozen=True)
class Touched:
    """Counts; `tasks` open ones by name, `batches` those under way by phase; `routes` lead here sooner or later."""

    bodies: int
    tasks: list[tuple[str, int]]
    people: int
    batches: list[tuple[str, int]]
    declarations: int
    routes: int
    deadlines: int
    publicities: int
    documents: int

    @property
    def open_tasks(self) -> int:
        return sum(count for _, count in self.tasks)


def of_subtree(session: Session, body: Organisation, at: datetime) -> Touched:
    """What hangs on the body and on all beneath it."""
    return _touched(session, lambda column: organisations.within(column, [body.path]), at)


def of_body(session: Session, body: Organisation, at: datetime) -> Touched:
    """What hangs on the very body."""
    return _touched(session, lambda column: column == body.id, at)


def under_way() -> ColumnElement[bool]:
    """SQL predicate: the batch's process has not ended."""
    running = select(ProcessInstance.id).where(ProcessInstance.status != "ended")
    return UnitBatch.instance_id.in_(running)


def _touched(session: Session, scope: Scope, at: datetime) -> Touched:
    open_task = scope(Task.organisation_id) & (Task.status == "open")
    batch = scope(UnitBatch.organisation_id) & under_way()
    living = scope(Organisation.id) & Organisation.merged_into_id.is_(None)
    holding = scope(RoleGrant.organisation_id) & people.in_force(RoleGrant, at)
    deadlines = select(func.count(func.distinct(Task.deadline_id))).where(open_task)
    shown = select(func.count()).select_from(Publicity).join(UnitBatch, UnitBatch.id == Publicity.batch_id)
    publicities = shown.where(batch, Publicity.closed_at.is_(None), Publicity.superseded_at.is_(None))
    papers = [
        select(func.count().label("number")).select_from(table).where(scope(table.organisation_id))
        for table in (RegisterEntry, CorrectionNotice, RefusalNotice)
    ]
    return Touched(
        bodies=_number(session, select(func.count()).select_from(Organisation).where(living)),
        tasks=_counted(session, Task.name, open_task),
        people=_number(session, select(func.count(func.distinct(RoleGrant.person_id))).where(holding)),
        batches=[(batch_phases.PHASES[phase], n) for phase, n in _counted(session, batch_phases.column(), batch)],
        declarations=_declarations(session, open_task, batch),
        routes=_routes(session, scope),
        deadlines=_number(session, deadlines),
        publicities=_number(session, publicities),
        documents=_number(session, select(func.sum(union_all(*papers).subquery().c.number))),
    )


def _routes(session: Session, scope: Scope) -> int:
    """Submitted and not ended, whose route leads through one of the bodies, whether it is there yet or not."""
    named = [scope(Declaration.route[("bodies", level)].as_integer()) for level in routes.LEVEL_NAMES]
    under_way = Declaration.submitted_at.is_not(None) & Declaration.ended_at.is_(None)
    return _number(session, select(func.count(Declaration.id)).where(under_way, or_(*named)))


def _declarations(session: Session, open_task: ColumnElement[bool], batch: ColumnElement[bool]) -> int:
    """Submitted and not ended, waiting there or in a batch of it."""
    waiting = select(Task.declaration_id).where(open_task)
    inside = select(UnitBatch.id).where(batch)
    under_way = Declaration.submitted_at.is_not(None) & Declaration.ended_at.is_(None)
    there = or_(Declaration.id.in_(waiting), Declaration.batch_id.in_(inside))
    return _number(session, select(func.count(Declaration.id)).where(under_way, there))


def _counted(session: Session, column: Any, wanted: ColumnElement[bool]) -> list[tuple[str, int]]:
    number = func.count()
    rows = session.execute(select(column, number).where(wanted).group_by(column).order_by(number.desc(), column))
    return [(word, count) for word, count in rows]


def _number(session: Session, query: Select[Any]) -> int:
    return int(session.scalar(query) or 0)
