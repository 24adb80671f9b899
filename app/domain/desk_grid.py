"""人员进度: who declares through a desk and which of its steps each has reached: done when, or missing what at whom.

The steps are those of the unit's part of the way: filling in, submitting, the check, and the tasks of its batches.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select
from sqlalchemy.orm import Session, aliased

from app.domain import desk, dictionaries, people, statuses
from app.domain.desk import Desk
from app.models.declaration import Declaration
from app.models.office import CheckRecord
from app.models.people import Person
from app.models.process import Task
from app.models.recommendation import BatchEntry, Publicity, UnitBatch

STEPS = {
    "draft": "填写申请书",
    "submit": "提交申报",
    "check": "单位审核",
    "unit_merit": "择优确定推荐人选",
    "unit_publicity": "开始公示",
    "unit_close": "结束公示",
    "unit_sign": "签字盖章",
    "unit_submit": "推荐上报",
}
OF_BATCH = ("unit_merit", "unit_publicity", "unit_close", "unit_sign")


@dataclass(frozen=True)
class Cell:
    """`state` done, now, held, ended or empty (still to come); `words` say what is missing, `who` holds it."""

    state: str = ""
    at: datetime | None = None
    words: str = ""
    who: str = ""


@dataclass(frozen=True)
class Line:
    """One person: his cells in the order of STEPS; `step` is the one he stands at, empty once all are done."""

    declaration_id: int
    applicant: str
    title: str
    cells: Mapping[str, Cell]
    step: str


def lines(session: Session, at: Desk, notice_key: str) -> list[Line]:
    """Everyone who fills in or has submitted through the desk under the notice; four statements."""
    rows = session.execute(_people(at, notice_key)).all()
    checked = _checks(session, at, [row.Declaration.id for row in rows])
    open_tasks = _open_tasks(session, [row.Declaration.id for row in rows])
    batch_tasks = _batch_tasks(session, {row.instance_id for row in rows if row.instance_id is not None})
    return [_line(row, checked, open_tasks, batch_tasks) for row in rows]


def kept(found: Iterable[Line], step: str = "", words: str = "") -> list[Line]:
    """Those who stand at `step` and whose name has `words`; an empty condition keeps all."""
    return [line for line in found if step in ("", line.step) and words in line.applicant]


def _people(at: Desk, notice_key: str) -> Any:
    mine = desk.through(at) | desk.drafted_for(at)
    staying = and_(BatchEntry.declaration_id == Declaration.id, BatchEntry.batch_id == Declaration.batch_id)
    return (
        select(Declaration, Person.name, BatchEntry, UnitBatch.instance_id, Publicity.closed_at)
        .join(Person, Person.id == Declaration.person_id)
        .outerjoin(BatchEntry, and_(staying, BatchEntry.left_at.is_(None)))
        .outerjoin(UnitBatch, UnitBatch.id == BatchEntry.batch_id)
        .outerjoin(Publicity, and_(Publicity.batch_id == UnitBatch.id, Publicity.superseded_at.is_(None)))
        .where(mine, Declaration.notice_key == notice_key)
        .order_by(Declaration.submitted_at.is_(None), Declaration.submitted_at, Declaration.id)
    )


def _checks(session: Session, at: Desk, ids: list[int]) -> dict[int, datetime]:
    """Declaration → when the desk's level let it pass last."""
    wanted = select(CheckRecord.declaration_id, CheckRecord.at).where(
        CheckRecord.declaration_id.in_(ids), CheckRecord.level == at.level, CheckRecord.decision == "pass"
    )
    return {row[0]: row[1] for row in session.execute(wanted.order_by(CheckRecord.id))}


def _open_tasks(session: Session, ids: list[int]) -> dict[int, tuple[str, str]]:
    """Declaration → (what it waits for, who holds it)."""
    held = _held(session, Task.declaration_id.in_(ids))
    return {task.declaration_id: (task.name, who) for task, who in held if task.declaration_id is not None}


def _batch_tasks(session: Session, instances: set[int]) -> dict[tuple[int, str], tuple[datetime | None, str]]:
    """(batch's instance, element) → when it was done last, and who holds it while it is not."""
    wanted = and_(Task.instance_id.in_(instances), Task.element_id.in_(STEPS))
    done = select(Task.instance_id, Task.element_id, Task.ended_at).where(wanted, Task.status == "completed")
    found: dict[tuple[int, str], tuple[datetime | None, str]] = {
        (instance, element): (ended, "") for instance, element, ended in session.execute(done.order_by(Task.id))
    }
    for task, who in _held(session, wanted):
        found[task.instance_id, task.element_id] = (None, who)
    return found


def _held(session: Session, wanted: ColumnElement[bool]) -> list[tuple[Task, str]]:
    holder = aliased(Person)
    rows = session.execute(
        select(Task, holder.name)
        .outerjoin(holder, holder.id == Task.person_id)
        .where(wanted, Task.status == "open")
        .order_by(Task.id)
    )
    return [(task, _who(task, name)) for task, name in rows]


def _who(task: Task, holder: str | None) -> str:
    return "申报人" if task.role == "applicant" else holder or people.ROLES.get(task.role, task.role)


def _line(
    row: Row[Any],
    checked: Mapping[int, datetime],
    open_tasks: Mapping[int, tuple[str, str]],
    batch_tasks: Mapping[tuple[int, str], tuple[datetime | None, str]],
) -> Line:
    declaration, entry = row.Declaration, row.BatchEntry
    cells: dict[str, Cell] = defaultdict(Cell)
    cells["draft"] = Cell("done", declaration.created_at)
    if declaration.submitted_at is None:
        cells["draft"] = Cell("now", declaration.created_at, "尚未提交", "申报人")
    else:
        cells["submit"] = Cell("done", declaration.submitted_at)
        cells["check"] = _check(declaration.id, entry is not None and not entry.correcting, checked, open_tasks)
    if entry is not None:
        cells |= _of_batch(entry, row.instance_id, batch_tasks)
        if row.closed_at is not None:
            cells["unit_close"] = Cell("done", row.closed_at)
    step = next((key for key in STEPS if cells[key].state in ("now", "held")), "")
    if declaration.ended_as is not None:
        cells, step = _ended(cells, declaration), ""
    return Line(declaration.id, row.name, dictionaries.label("title", declaration.title), dict(cells), step)


def _check(
    declaration_id: int, joined: bool, checked: Mapping[int, datetime], open_tasks: Mapping[int, tuple[str, str]]
) -> Cell:
    if joined or (declaration_id in checked and declaration_id not in open_tasks):
        return Cell("done", checked.get(declaration_id))
    task, who = open_tasks.get(declaration_id, ("", ""))
    return Cell("now", None, task, who)


def _of_batch(
    entry: BatchEntry, instance_id: int | None, tasks: Mapping[tuple[int, str], tuple[datetime | None, str]]
) -> dict[str, Cell]:
    """The steps of the batch for one of its names; a name held by an objection waits where it is."""
    cells = {}
    for element in OF_BATCH:
        if instance_id is not None and (instance_id, element) in tasks:
            at, who = tasks[instance_id, element]
            cells[element] = Cell("done", at) if at else Cell("now", None, "待办理", who)
    if entry.gone_up_at is not None:
        cells["unit_submit"] = Cell("done", entry.gone_up_at)
    elif entry.held:
        cells["unit_submit"] = Cell("held", None, "公示异议核实中")
    elif instance_id is not None and (instance_id, "unit_submit") in tasks:
        cells["unit_submit"] = Cell("now", None, "待办理", tasks[instance_id, "unit_submit"][1])
    return cells


def _ended(cells: Mapping[str, Cell], declaration: Declaration) -> dict[str, Cell]:
    """The end stands in the first step that was not done."""
    found = {key: cell for key, cell in cells.items() if cell.state == "done"}
    first = next((key for key in STEPS if key not in found), None)
    if first is not None:
        found[first] = Cell("ended", declaration.ended_at, statuses.label(str(declaration.ended_as)))
    return defaultdict(Cell, found)
