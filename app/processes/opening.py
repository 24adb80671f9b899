"""The first statement of a completion: the task, its instance and record under their locks, the clock, the rights.

What the task's record will ask comes along (see `app.ahead`): READINGS. On PostgreSQL a statement sees what was
committed when it began; only a row for whose lock it waits it sees as it is afterwards. So this one waits for no lock:
where somebody holds one of the rows, or has written it since the statement began, it is asked again with all locks
in hand. Who changes what READINGS read under the lock of an instance, declaration or batch is thereby never overlooked.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypedDict

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    literal_column,
    select,
    true,
)
from sqlalchemy.orm import Session

from app import ahead, clock
from app.db import Base
from app.domain import (
    acceptance,
    attachments,
    batches,
    grants,
    levels,
    publicity_content,
    publicity_rounds,
    quotas,
    submission,
    targeted_rechecks,
    verification,
)
from app.domain.grants import Grants
from app.domain.said import ids
from app.errors import Conflict, NotFound
from app.models.declaration import Declaration
from app.models.operators import is_one_of
from app.models.process import ProcessInstance, Task
from app.models.recommendation import UnitBatch
from app.rows import adopt

INSTANCE, TASK, DECLARATION, BATCH = (
    Base.metadata.tables[name] for name in ("process_instance", "task", "declaration", "unit_batch")
)
_WANTED: BindParameter[int] = bindparam("task")
_FILES: BindParameter[str] = bindparam("ids", type_=String)
_GRANTED = grants.held_by_person()


@dataclass(frozen=True)
class Opened:
    """A task and its instance, held until the transaction ends, and all that the person who asks may act as now."""

    task: Task
    instance: ProcessInstance
    grants: Grants


@dataclass(frozen=True)
class Reading:
    """A question that the record of tasks with one of these forms will ask.

    `about` gives its parameters as columns of the declaration or batch that the task works on. Tasks with other forms,
    as a diagram of one's own may have them, put the question themselves.
    """

    question: ahead.Question
    about: Mapping[str, Column[Any]]
    forms: Collection[str]


_ITS_BATCH, _SHOWN = {"batch": BATCH.c.id}, ("unit_publicity", "unit_close")
_ITS_DECLARATION, _ITS_PERSON = {"declaration": DECLARATION.c.id}, {"person": DECLARATION.c.person_id}
_ITS_UNIT = {"notice": BATCH.c.notice_key, "organisation": BATCH.c.organisation_id}
READINGS = (
    Reading(submission.STANDING, _ITS_PERSON, ("declaration",)),
    Reading(verification.REGISTERED, _ITS_PERSON, ("declaration",)),
    Reading(batches.LINES, _ITS_BATCH, ("unit_merit", *_SHOWN, "unit_submit")),
    Reading(quotas.IN_FORCE, _ITS_UNIT, ("unit_merit",)),
    Reading(publicity_rounds.NEWEST, _ITS_BATCH, _SHOWN),
    Reading(publicity_content.FILES, _ITS_BATCH, _SHOWN),
    Reading(batches.OPEN_OBJECTIONS, _ITS_BATCH, ("unit_submit",)),
    Reading(targeted_rechecks.UNHEEDED, _ITS_DECLARATION, ("dept_check", "top_body_check", "district_check")),
    Reading(acceptance.LAST_NOTICE, _ITS_DECLARATION, ("committee_accept",)),
    Reading(levels.SENT_UP, _ITS_DECLARATION, ("committee_accept",)),
)


def of_task(session: Session, task_id: int, person_id: int, values: Any = None) -> Opened:
    """The task for whom these values are posted; uploads that they name come along. Raises NotFound, Conflict.

    The declaration or batch that the task works on is met again in the session; what an earlier opening in the same
    transaction brought along and nobody asked for is forgotten.
    """
    reading, files = clock.columns(session), attachments.ids_of(_listed(values))
    rows = _fresh(session, {"task": task_id, "person": person_id, **files})
    row = tuple(rows[0])
    clocked = grants.WIDTH + len(reading)
    now = clock.take(session, row[grants.WIDTH : clocked])
    ahead.forget(session)
    met = adopt(session, row[clocked:], Task, ProcessInstance, Declaration, UnitBatch)
    *answers, named, _ = row[-len(READINGS) - 2 :]
    _lay(session, dict(zip((DECLARATION, BATCH), met[2:], strict=True)), answers)
    ahead.lay(session, attachments.NAMED, files, named)
    attachments.meet(session, files)
    return Opened(met[0], met[1], grants.of_rows(person_id, rows, now))


def _lay(session: Session, records: Mapping[Table, Any], answers: Sequence[str | None]) -> None:
    for each, answer in zip(READINGS, answers, strict=True):
        if answer is not None:
            about = {key: getattr(records[column.table], column.name, None) for key, column in each.about.items()}
            ahead.lay(session, each.question, about, answer)


def _listed(values: Any) -> set[int]:
    """The numbers that stand in lists, as a form names uploads, by themselves or in the rows of a table."""
    posted = list(values.values()) if isinstance(values, Mapping) else []
    lists = [each for each in posted if isinstance(each, list)]
    rows = [row for each in lists for row in each if isinstance(row, Mapping)]
    lists += [each for row in rows for each in row.values() if isinstance(each, list)]
    return ids(each for found in lists for each in found)


def _fresh(session: Session, about: Mapping[str, Any]) -> Sequence[Row[Any]]:
    """The rows of the opening, all of them as they are under the locks; the last column says whether they are."""
    dialect, reading = session.get_bind().dialect.name, clock.columns(session)
    for waiting in (False, True, False):
        rows = session.connection().execute(_opening(dialect, waiting, *reading), about).all()
        if not waiting and rows and rows[0][-1]:
            return rows
        if not rows and (waiting or dialect == "sqlite"):
            raise NotFound
    raise Conflict


class _Lock(TypedDict, total=False):
    skip_locked: bool
    key_share: bool


class _Held:
    """A row under its lock, and whether it is `unchanged` since the statement began."""

    def __init__(self, table: Table, which: ColumnElement[bool], dialect: str, lock: _Lock) -> None:
        written: ColumnElement[Any] = literal_column(f"{table.name}.xmin" if dialect == "postgresql" else "0")
        locked = select(table, written.label("written")).where(which).with_for_update(**lock)
        self.row = locked.cte(f"held_{table.name}")
        self.columns = [self.row.c[column.name] for column in table.c]
        seen = _alone(select(written).select_from(table).where(which))
        self.unchanged = seen.is_not_distinct_from(self.row.c.written)

    def its(self, column: str) -> ScalarSelect[Any]:
        return _alone(select(self.row.c[column]))


@lru_cache(maxsize=8)
def _opening(dialect: str, waiting: bool, *reading: ColumnElement[Any]) -> Select[Any]:
    """A row for each grant of `:person`; `reading` are the clock's columns. None where it may not wait and has to.

    Locks in order, the instance first, as whoever fires a timer does. A record's lock lets others refer to it.
    """
    lock = _Lock(skip_locked=not waiting)
    its_instance = INSTANCE.c.id == _alone(select(TASK.c.instance_id).where(TASK.c.id == _WANTED))
    instance = _Held(INSTANCE, its_instance, dialect, lock)
    lock["key_share"] = True
    declaration = _Held(DECLARATION, DECLARATION.c.id == instance.its("declaration_id"), dialect, lock)
    batch = _Held(BATCH, BATCH.c.instance_id == instance.its("id"), dialect, lock)
    held = {DECLARATION: declaration, BATCH: batch}
    answers = (case((is_one_of(TASK.c.form_key, each.forms), _answer(each, held, dialect))) for each in READINGS)
    named = ahead.packed(attachments.NAMED, {"ids": _FILES}, dialect)
    fresh = and_(instance.unchanged, declaration.unchanged, batch.unchanged)
    records = (*instance.columns, *declaration.columns, *batch.columns)
    opening: Select[Any] = (
        select(*_GRANTED.c, *reading, *TASK.c, *records, *answers, case((_FILES != "", named)), fresh)
        .select_from(TASK)
        .join(instance.row, instance.row.c.id == TASK.c.instance_id)
        .outerjoin(declaration.row, true())
        .outerjoin(batch.row, true())
        .outerjoin(_GRANTED, true())
        .where(TASK.c.id == _WANTED)
        .with_for_update(of=TASK, skip_locked=not waiting)
    )
    return _known_by_itself(opening)


def _known_by_itself(built: Select[Any]) -> Select[Any]:
    """A statement that is built once, found among the compiled ones by its identity: hashing all of it takes longer.

    Private door: `_generate_cache_key`.
    """
    key = built._generate_cache_key()
    assert key is not None
    short = key._replace(key=(object(),))
    built._generate_cache_key = lambda: short  # type: ignore[method-assign]
    return built


def _answer(each: Reading, held: Mapping[Any, _Held], dialect: str) -> ColumnElement[str | None]:
    given = {key: held[column.table].its(column.name) for key, column in each.about.items()}
    return ahead.packed(each.question, given, dialect)


def _alone(wanted: Select[Any]) -> ScalarSelect[Any]:
    """One value, asked once for the whole statement."""
    return wanted.correlate(None).scalar_subquery()
