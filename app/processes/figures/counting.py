"""The past, counted once: finished tasks with the working days they took, and the elements that tokens went through.

A task is counted when it has no row in `work_time` yet, so that counting twice changes nothing; passes are counted by
the number of their event, up to a number below which no event can come any more.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, insert, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.db import Base
from app.domain import calendar, durations
from app.domain.deadline_rules import Hold
from app.domain.permissions import CONFIDENTIAL
from app.models.declaration import Declaration
from app.models.figures import EVERYBODY, PassFigure, TaskFigure, WorkTime
from app.models.process import Deadline, Event, ProcessInstance, Task
from app.processes.figures import pins

AT_ONCE = 1000  # events or tasks that one transaction counts
STOPS = {"suspended": "resumed"}  # events between which an instance stands still
_WORK, _TASKS, _PASSES = (Base.metadata.tables[name] for name in ("work_time", "task_figure", "pass_figure"))
_DIALECTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True)
class Step:
    """What one transaction counted: the last event or task it looked at, and whether there is more."""

    last: int
    more: bool


def events(session: Session, after: int, upto: int) -> Step:
    """Count what the events beyond `after` tell, up to the event `upto`: their passes, and the tasks that ended."""
    wanted = select(Event.id, Event.kind, Event.at, Event.instance_id, Event.payload)
    rows = session.execute(wanted.where(Event.id > after, Event.id <= upto).order_by(Event.id).limit(AT_ONCE)).all()
    touched = {row.instance_id for row in rows if row.instance_id is not None}
    _count_tasks(session, Task.instance_id.in_(touched))
    _count_passes(session, [row for row in rows if row.kind == "passed"])
    more = len(rows) == AT_ONCE
    return Step(rows[-1].id if more else upto, more)


def tasks(session: Session, after: int) -> Step:
    """Count finished tasks beyond the task `after`, whatever their events say: for counting all anew."""
    wanted = select(Task.id).where(Task.id > after).order_by(Task.id).limit(AT_ONCE)
    ids = session.scalars(wanted).all()
    if not ids:
        return Step(after, more=False)
    _timed(session, Task.id.between(ids[0], ids[-1]))
    return Step(ids[-1], len(ids) == AT_ONCE)


def add_up(session: Session) -> None:
    """The figures of all finished tasks from their rows, in two statements."""
    session.execute(delete(TaskFigure))
    step = (WorkTime.notice_version_id, WorkTime.process_key, WorkTime.element_id)
    days = case((WorkTime.days > durations.LONGEST, durations.LONGEST), else_=WorkTime.days)
    columns = [column.name for column in _TASKS.columns]
    everybody = select(*step, literal(EVERYBODY), literal(""), days, func.count()).group_by(*step, days)
    post = (WorkTime.organisation_id, WorkTime.role)
    of_posts = select(*step, *post, days, func.count()).where(WorkTime.organisation_id.is_not(None))
    for wanted in (everybody, of_posts.group_by(*step, *post, days)):
        session.execute(insert(_TASKS).from_select(columns, wanted))


def holds_of(session: Session, instance_ids: Iterable[int], declaration_ids: Iterable[int]) -> "Holds":
    """When the clocks of these cases stood still: any deadline held, or the whole instance suspended."""
    by_case: defaultdict[tuple[str, int | None], list[Hold]] = defaultdict(list)
    ids = list(instance_ids)
    held = select(Deadline.instance_id, Deadline.declaration_id, Deadline.held_by)
    of_case = or_(Deadline.instance_id.in_(ids), Deadline.declaration_id.in_(list(declaration_ids)))
    for instance_id, declaration_id, ledger in session.execute(held.where(of_case)):
        case = ("instance", instance_id) if declaration_id is None else ("declaration", declaration_id)
        by_case[case] += [_hold(entry) for entry in ledger]
    stopped: dict[int | None, datetime] = {}
    stops = select(Event.instance_id, Event.kind, Event.at).where(
        Event.instance_id.in_(ids), Event.kind.in_((*STOPS, *STOPS.values()))
    )
    for instance_id, kind, at in session.execute(stops.order_by(Event.instance_id, Event.number)):
        if kind in STOPS:
            stopped.setdefault(instance_id, at)
        elif instance_id in stopped:
            by_case["instance", instance_id].append(Hold("suspension", stopped.pop(instance_id), at))
    for instance_id, since in stopped.items():
        by_case["instance", instance_id].append(Hold("suspension", since))
    return Holds(by_case)


@dataclass(frozen=True)
class Holds:
    """By ("instance" or "declaration", id)."""

    by_case: Mapping[tuple[str, int | None], list[Hold]]

    def of(self, instance_id: int, declaration_id: int | None) -> list[Hold]:
        own = self.by_case.get(("instance", instance_id), [])
        return [*own, *self.by_case.get(("declaration", declaration_id), [])]


def _hold(entry: Mapping[str, Any]) -> Hold:
    until = entry["until"]
    return Hold(entry["reason"], datetime.fromisoformat(entry["since"]), until and datetime.fromisoformat(until))


def _count_tasks(session: Session, which: ColumnElement[bool]) -> None:
    _add(session, _TASKS, Counter(key for work in _timed(session, which) for key in _keys(work)))


def _timed(session: Session, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    """The rows that say how long each of the tasks took, written; none for those that have one."""
    rows = session.execute(_finished().where(which)).all()
    if not rows:
        return []
    instances = {row.instance_id for row in rows}
    known = pins.of_instances(session, instances)
    holds = holds_of(session, instances, {row.declaration_id for row in rows if row.declaration_id is not None})
    days = calendar.calendar_of(session)
    found = []
    for row in rows:
        values = dict(row._mapping)
        took = durations.used(row.entered_at, row.left_at, holds.of(row.instance_id, row.declaration_id), days)
        values["notice_version_id"] = known.at(row.instance_id, row.notice_version_id, row.left_at)
        found.append({**values, "days": took.days, "held_days": took.held})
    session.execute(insert(_WORK), found)
    return found


def _finished() -> Any:
    """Tasks not counted yet; who is asked to review is nobody's business."""
    counted = select(WorkTime.task_id).where(WorkTime.task_id == Task.id)
    columns = (
        Task.id.label("task_id"), Task.instance_id, Task.declaration_id, Declaration.committee_id,
        ProcessInstance.notice_version_id, Task.process_key, Task.element_id, Task.organisation_id, Task.role,
        Task.status, Task.created_at.label("entered_at"), Task.ended_at.label("left_at"),
    )  # fmt: skip
    return (
        select(*columns)
        .join(ProcessInstance, ProcessInstance.id == Task.instance_id)
        .outerjoin(Declaration, Declaration.id == Task.declaration_id)
        .where(Task.status != "open", Task.ended_at.is_not(None), ~counted.exists())
        .where(Task.process_key.not_in(CONFIDENTIAL))
        .order_by(Task.id)
    )


def _keys(work: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The figures that a finished task belongs to: of all, and of its own post where it has one."""
    step = (work["notice_version_id"], work["process_key"], work["element_id"])
    days = min(work["days"], durations.LONGEST)
    everybody = (*step, EVERYBODY, "", days)
    if work["organisation_id"] is None:
        return [everybody]
    return [everybody, (*step, work["organisation_id"], work["role"], days)]


def _count_passes(session: Session, passed: Sequence[Any]) -> None:
    instances = {row.instance_id for row in passed}
    if not instances:
        return
    known = pins.of_instances(session, instances)
    present = dict(
        session.execute(
            select(ProcessInstance.id, ProcessInstance.notice_version_id).where(ProcessInstance.id.in_(instances))
        ).all()
    )
    found: Counter[tuple[Any, ...]] = Counter()
    for row in passed:
        version = known.at(row.instance_id, present[row.instance_id], row.at)
        for process, element in (row.payload or {}).get("elements", []):
            if process not in CONFIDENTIAL:
                found[version, process, element] += 1
    _add(session, _PASSES, found)


def _add(session: Session, table: Any, counts: Mapping[tuple[Any, ...], int]) -> None:
    """Add to the figures that are there; a key's columns are the table's primary key in order."""
    if not counts:
        return
    key = [column.name for column in table.primary_key.columns]
    statement = _DIALECTS[session.get_bind().dialect.name](table)
    added = statement.on_conflict_do_update(
        index_elements=key, set_={"count": table.c.count + statement.excluded.count}
    )
    rows = [{**dict(zip(key, values, strict=True)), "count": count} for values, count in sorted(counts.items())]
    session.connection().execute(added, rows)


FIGURES = (WorkTime, TaskFigure, PassFigure)
