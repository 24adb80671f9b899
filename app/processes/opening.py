"""The first statement of a completion: the task, its instance and record under their locks, the clock, the rights."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, select, true
from sqlalchemy.orm import Session

from app import clock
from app.db import Base
from app.domain import grants
from app.domain.grants import Grants
from app.errors import NotFound
from app.models.declaration import Declaration
from app.models.process import ProcessInstance, Task
from app.models.recommendation import UnitBatch
from app.rows import adopt

INSTANCE, TASK, DECLARATION, BATCH = (
    Base.metadata.tables[name] for name in ("process_instance", "task", "declaration", "unit_batch")
)
_WANTED: BindParameter[int] = bindparam("task")
# Locks in order, the instance first, as whoever fires a timer does: what is read of the task, and of the declaration or
# batch that it works on, is as fresh as the lock on its instance. A record's lock lets others refer to it (PostgreSQL).
_HELD = (
    select(INSTANCE)
    .where(INSTANCE.c.id == select(TASK.c.instance_id).where(TASK.c.id == _WANTED).scalar_subquery())
    .with_for_update()
    .cte("held")
)
_DECLARATION = (
    select(DECLARATION)
    .where(DECLARATION.c.id == select(_HELD.c.declaration_id).scalar_subquery())
    .with_for_update(key_share=True)
    .cte("held_declaration")
)
_BATCH = (
    select(BATCH)
    .where(BATCH.c.instance_id == select(_HELD.c.id).scalar_subquery())
    .with_for_update(key_share=True)
    .cte("held_batch")
)
_GRANTED = grants.held_by_person()


@dataclass(frozen=True)
class Opened:
    """A task and its instance, held until the transaction ends, and all that the person who asks may act as now."""

    task: Task
    instance: ProcessInstance
    grants: Grants


def of_task(session: Session, task_id: int, person_id: int) -> Opened:
    """The declaration or batch that the task works on is met again in the session. Raises NotFound."""
    reading = clock.columns(session)
    rows = session.connection().execute(_opening(*reading), {"task": task_id, "person": person_id}).all()
    if not rows:
        raise NotFound
    clocked = grants.WIDTH + len(reading)
    now = clock.take(session, rows[0][grants.WIDTH : clocked])
    task, instance, *_ = adopt(session, rows[0][clocked:], Task, ProcessInstance, Declaration, UnitBatch)
    assert task is not None
    assert instance is not None
    return Opened(task, instance, grants.of_rows(person_id, rows, now))


@lru_cache(maxsize=4)
def _opening(*reading: ColumnElement[Any]) -> Select[Any]:
    """A row for each grant of `:person`; `reading` are the clock's columns."""
    return (
        select(*_GRANTED.c, *reading, TASK, _HELD, _DECLARATION, _BATCH)
        .select_from(TASK)
        .join(_HELD, _HELD.c.id == TASK.c.instance_id)
        .outerjoin(_DECLARATION, true())
        .outerjoin(_BATCH, true())
        .outerjoin(_GRANTED, true())
        .where(TASK.c.id == _WANTED)
        .with_for_update(of=TASK)
    )
