"""The rows of deadlines as the work on an instance makes, arms and closes them.

A timer is a deadline that names the element that waits for it: while it is open, it wakes its instance when it is due.
Where the diagram itself says when (a plain duration), the row has no rule of the notice: the tick fires it, and nobody
is shown it as a deadline.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app import clock
from app.models.process import Deadline, ProcessInstance

WAKES: ColumnElement[bool] = Deadline.closed_at.is_(None) & Deadline.element_id.is_not(None)
OF_NOTICE: ColumnElement[bool] = Deadline.rule != ""
MADE = "deadlines_made"  # in session.info, see `made`
_DEADLINE = Deadline.metadata.tables["deadline"]
_CLOSE = (
    update(_DEADLINE)
    .where(_DEADLINE.c.id.in_(bindparam("over", expanding=True)), _DEADLINE.c.closed_at.is_(None))
    .values(closed_at=bindparam("now"))
)
_KEY = [_DEADLINE.c[name] for name in ("instance_id", "engine_task_id", "rule", "round")]
# one statement for those that are over and those that came instead; both databases speak it
_TURN = {
    name: begin.on_conflict_do_update(index_elements=_KEY, set_={"closed_at": begin.excluded.closed_at}).returning(
        _DEADLINE.c.engine_task_id, _DEADLINE.c.rule, _DEADLINE.c.id
    )
    for name, begin in (("sqlite", sqlite.insert(_DEADLINE)), ("postgresql", postgresql.insert(_DEADLINE)))
}
_BLANK = {column.name: None for column in _DEADLINE.columns if column.name != "id"} | {
    "kind": "", "round": 1, "held_by": [], "history": [], "provisional": False, "calendar_revision": 0, "attempts": 0,
    "dead": False,
}  # fmt: skip

Entry = Sequence[Any]  # [row id, engine task, rule]: what an instance keeps of a deadline that is open


def add(session: Session, row: Deadline) -> Deadline:
    """A row made in this work; `turn` writes it, or whatever asks the database before."""
    session.add(row)
    session.info.setdefault(MADE, []).append(row)
    return row


def of_diagram(session: Session, instance: ProcessInstance, engine_task_id: str, due_at: datetime) -> Deadline:
    """A new row for an instant that the diagram itself gives."""
    about = {"instance_id": instance.id, "declaration_id": instance.declaration_id, "engine_task_id": engine_task_id}
    return add(session, Deadline(rule="", kind="diagram", due_at=due_at, **about))


def again(session: Session, row: Deadline, due_at: datetime) -> Deadline:
    """The row of a timer that fired and goes on: a cycle's next turn."""
    row.closed_at, row.due_at = None, due_at
    session.info.setdefault(MADE, []).append(row)
    return row


def made(session: Session, instance_id: int) -> list[Deadline]:
    """The rows made for an instance since it was stored last; its `waits` do not name them yet."""
    return [row for row in session.info.get(MADE, ()) if row.instance_id == instance_id]


def turn(session: Session, instance_id: int, over: Sequence[Entry]) -> list[list[Any]]:
    """Write the rows that were made for an instance and close those that are over; gives the entries of the new."""
    rows = made(session, instance_id)
    unwritten = [row for row in rows if row in session.new]
    if over and unwritten:
        for row in unwritten:
            session.expunge(row)
        _write(session, instance_id, over, unwritten)
    elif over:
        close(session, [key for key, *_ in over])
    session.flush()
    session.info[MADE] = [row for row in session.info.get(MADE, ()) if row.instance_id != instance_id]
    return [[row.id, row.engine_task_id, row.rule] for row in rows]


def close(session: Session, ids: Sequence[int]) -> None:
    """The waits are over: their deadlines are past, whatever they said."""
    if ids:
        session.connection().execute(_CLOSE, {"over": list(ids), "now": clock.now(session)})


def open_of(session: Session, instance_id: int) -> Sequence[Deadline]:
    """Its open deadlines, those of the diagram's own too."""
    return session.scalars(
        select(Deadline).where(Deadline.instance_id == instance_id, Deadline.closed_at.is_(None))
    ).all()


def _write(session: Session, instance_id: int, over: Sequence[Entry], new: Sequence[Deadline]) -> None:
    past = {**_BLANK, "instance_id": instance_id, "closed_at": clock.now(session)}
    closed = [{**past, "engine_task_id": task, "rule": rule} for _, task, rule in over]
    connection = session.connection()
    statement = _TURN[connection.dialect.name]
    written = connection.execute(statement, [*closed, *map(_values, new)]).all()
    numbers = {(task, rule): number for task, rule, number in written}
    for row in new:
        row.id = numbers[row.engine_task_id, row.rule]


def _values(row: Deadline) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in _BLANK}
    return _BLANK | {name: value for name, value in said.items() if value is not None}
