"""What an instance waits for: tasks and deadlines as rows, written only where they differ; messages on its own row.

`ProcessInstance.waits` names all three; its `messages` are {"<engine task> <message>": element}.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    SQLColumnExpression,
    Text,
    bindparam,
    cast,
    literal,
    literal_column,
    or_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.db import Base
from app.domain import deadline_rows, deadlines, organisations, people
from app.engine.run import Run, UserTask, Waiting
from app.errors import ConfigurationError, DiagramFault
from app.functions.case import Case
from app.models.declaration import Declaration
from app.models.process import Deadline, Incident, ProcessInstance, Task

# `deadlines` are [row id, engine task, rule] of those still open: nobody has to ask the database for them. `timers` are
# {engine task: element} of those among them that wake the instance
NOTHING: dict[str, Any] = {"tasks": [], "timers": {}, "messages": {}, "active": [], "deadlines": []}
TASK = Base.metadata.tables["task"]
_GONE: BindParameter[Any] = bindparam("gone", expanding=True)
_ITS_POST: tuple[ColumnElement[Any], ...] = tuple(
    literal_column(f"task.{name}", TASK.c[name].type) for name in ("role", "organisation_id", "created_at")
)
# as text: for SQLite, SQLAlchemy takes the tables' names away from whatever RETURNING says
_ATTENDED: ColumnElement[bool] = literal_column(str(people.somebody(*_ITS_POST)))
_WRITTEN = tuple(column.name for column in TASK.columns if column.name != "id")
_CLOSING = ("status", "values", "draft", "decision", "ended_at", "ended_by", "on_behalf_of", "idempotency_key")
# one statement for the task that was done and those that came of it; both databases speak it
_TASKS = {
    name: begin.on_conflict_do_update(
        index_elements=[TASK.c.instance_id, TASK.c.engine_task_id],
        set_={column: begin.excluded[column] for column in _CLOSING},
    ).returning(TASK.c.engine_task_id, or_(TASK.c.role == "applicant", _ATTENDED))
    for name, begin in (("sqlite", sqlite.insert(TASK)), ("postgresql", postgresql.insert(TASK)))
}
_CLOSE_TASK = (
    update(TASK)
    .where(TASK.c.id == bindparam("closed"))
    .values({column: bindparam(f"to_{column}") for column in _CLOSING})
)
_CANCEL_TASKS = (
    update(TASK)
    .where(TASK.c.instance_id == bindparam("instance"), TASK.c.engine_task_id.in_(_GONE), TASK.c.status == "open")
    .values(status="cancelled", ended_at=bindparam("now"))
)


@dataclass
class Work:
    """`before` is what the instance waited for when it was stored last; `save` writes only what differs."""

    session: Session
    instance: ProcessInstance
    case: Case
    run: Run
    events: list[dict[str, Any]] = field(default_factory=list)
    fired: Deadline | None = None  # the timer that woke the instance

    @property
    def before(self) -> dict[str, Any]:
        return self.instance.waits or NOTHING

    def woken_by(self, timer: Deadline) -> None:
        """It is closed; `save` opens it again if the timer still waits, and writes what is awaited in any case."""
        self.fired, before = timer, self.before
        left = {key: element for key, element in before["timers"].items() if key != timer.engine_task_id}
        others = [entry for entry in before.get("deadlines", []) if entry[0] != timer.id]
        set_committed_value(self.instance, "waits", {**before, "timers": left, "deadlines": others})


def note(work: Work, kind: str, **facts: Any) -> None:
    """Keep an event of this work; `facts` are columns of Event."""
    payload = facts.pop("payload", {})
    work.events.append({"kind": kind, "payload": payload, **facts})


@dataclass(frozen=True)
class Seen:
    """What the run waits for after its work."""

    waiting: list[Waiting]
    tasks: Mapping[str, UserTask]

    @property
    def timers(self) -> dict[str, Waiting]:
        return {item.id: item for item in self.waiting if item.due is not None}

    @property
    def messages(self) -> dict[str, Waiting]:
        return {f"{item.id} {item.message}": item for item in self.waiting if item.message is not None}


def awaits(name: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """SQL predicate: the instance waits for a message of that name; `taker` has the last word."""
    return cast(ProcessInstance.waits, Text).contains(literal(" ").concat(name).concat('"'))


def taker(instance: ProcessInstance, name: str) -> tuple[str, str] | None:
    """The engine task that would take such a message now, and its element."""
    messages = (instance.waits or NOTHING).get("messages", {})
    found = ((*key.split(" ", 1), element) for key, element in messages.items())
    return next(((task, element) for task, said, element in found if said == name), None)


def sync(work: Work, done: Task | None, now: datetime) -> dict[str, Any]:
    """Bring the rows in line with the run; returns what to keep as `ProcessInstance.waits`."""
    run = work.run
    seen = Seen(run.waiting(), {task.id: task for task in run.user_tasks()})
    begun = [task for key, task in seen.tasks.items() if key not in work.before["tasks"]]
    new_tasks = [_task_row(work, seen, task, now) for task in begun]
    still_open = _sync_deadlines(work, seen)
    _sync_tasks(work, seen.tasks, new_tasks, done, now)
    return {
        "tasks": sorted(seen.tasks),
        "timers": {key: item.element for key, item in seen.timers.items()},
        "messages": {key: item.element for key, item in seen.messages.items()},
        "active": run.active(),
        "deadlines": still_open,
    }


def _sync_deadlines(work: Work, seen: Seen) -> list[list[Any]]:
    """Arm what waits for time from now on, close the deadlines whose wait is over; gives the entries of the open."""
    for key, item in seen.timers.items():
        if key not in work.before["timers"]:
            _arm(work, item)
    woken = [] if work.fired is None else [work.fired.engine_task_id]
    over = {*work.before["tasks"], *work.before["timers"], *woken} - seen.tasks.keys() - seen.timers.keys()
    before = work.before.get("deadlines", [])
    made = deadline_rows.turn(work.session, work.instance.id, [entry for entry in before if entry[1] in over])
    return [*(entry for entry in before if entry[1] not in over), *made]


def _arm(work: Work, item: Waiting) -> None:
    """The deadline that the timer asked for is what wakes it; one that asked for none keeps its own time."""
    row = _deadline_of(work, item.id)
    if row is None:
        due_at = datetime.fromisoformat(item.due or "")
        if work.fired is not None and work.fired.engine_task_id == item.id:
            row = deadline_rows.again(work.session, work.fired, due_at)
        else:
            row = deadline_rows.of_diagram(work.session, work.instance, item.id, due_at)
    row.element_id = item.element


def _sync_tasks(
    work: Work, tasks: Mapping[str, UserTask], new: list[dict[str, Any]], done: Task | None, now: datetime
) -> None:
    over = None if done is None else done.engine_task_id
    gone = [key for key in work.before["tasks"] if key not in tasks and key != over]
    if gone:
        work.session.connection().execute(_CANCEL_TASKS, {"instance": work.instance.id, "gone": gone, "now": now})
    for row in new:
        found = row.pop("deadline")
        row["deadline_id"] = found.id if isinstance(found, Deadline) else found
        facts = {"task": row["name"], "role": row["role"], "level": row["level"]}
        note(work, "waiting", element_id=row["element_id"], organisation_id=row["organisation_id"], payload=facts)
    connection = work.session.connection()
    if not new:
        if done is not None:
            closing = {f"to_{name}": getattr(done, name) for name in _CLOSING}
            connection.execute(_CLOSE_TASK, {"closed": done.id, **closing})
        return
    closed = [] if done is None else [{name: getattr(done, name) for name in _WRITTEN}]
    nothing = dict.fromkeys(_WRITTEN)
    written = connection.execute(_TASKS[connection.dialect.name], [*closed, *(nothing | row for row in new)]).all()
    unattended = {task for task, attended in written if not attended}
    lost = [row for row in new if row["engine_task_id"] in unattended and row["person_id"] is None]
    work.session.add_all(nobody(work, row) for row in lost)


def nobody(work: Work, row: Mapping[str, Any]) -> Incident:
    """A task that nobody could do is an incident for the process administrator, never a lost task (D17)."""
    reason = f"no one holds the role {row['role']!r} for organisation {row['organisation_id']}"
    about = {"instance_id": work.instance.id, "element_id": row["element_id"]}
    return Incident(kind="nobody", reason=reason, at=row["created_at"], **about)


def _task_row(work: Work, seen: Seen, task: UserTask, now: datetime) -> dict[str, Any]:
    said = drawn(work, task)
    return {
        **said,
        "instance_id": work.instance.id,
        "engine_task_id": task.id,
        "person_id": person(work, task, said["role"]),
        "declaration_id": work.instance.declaration_id,
        "status": "open",
        "deadline": _task_deadline(work, seen, task),
        "created_at": now,
    }


def drawn(work: Work, task: UserTask) -> dict[str, Any]:
    """What the diagram says of the task: columns of Task."""
    return {
        "element_id": task.caller.id if task.called and task.caller else task.element.id,
        "path": list(task.path),
        "process_key": task.element.process,
        "name": task.name,
        "form_key": task.setting("form"),
        "record": task.element.properties.get("record"),
        "clauses": task.setting("clauses"),
        "level": task.data.get("level"),
        "role": _role(work, task),
        "organisation_id": _organisation(work, task),
    }


def _role(work: Work, task: UserTask) -> str:
    """A role's name, or what an expression over functions gives (D17)."""
    said = task.setting("role")
    if not said:
        raise DiagramFault(task.element.id, task.element.line, "the user task says no role")
    return str(work.run.evaluate(task.id, said)) if "(" in said else said


def _organisation(work: Work, task: UserTask) -> int | None:
    found = _id(work, task, "organisation")
    return None if found is None else organisations.resolve(work.session, found).id


def _id(work: Work, task: UserTask, key: str) -> int | None:
    """What the task's property says, an expression over functions that gives an id; None where it says nothing."""
    expression = task.setting(key)
    if not expression:
        return None
    found = work.run.evaluate(task.id, expression)
    if not isinstance(found, int):
        raise DiagramFault(task.element.id, task.element.line, f"{expression} gives no {key}: {found!r}")
    return found


def person(work: Work, task: UserTask, role: str) -> int | None:
    """The task's own person where its property `person` names one; the applicant's tasks are his; others wait."""
    if task.setting("person"):
        return _id(work, task, "person")
    if role != "applicant" or work.instance.declaration_id is None:
        return None
    declaration = work.session.get(Declaration, work.instance.declaration_id)
    return declaration.person_id if declaration else None


def _task_deadline(work: Work, seen: Seen, task: UserTask) -> Deadline | int | None:
    """The row (or its id) behind the badge: the one a timer on the same rule already made, else the task's own."""
    rule = task.setting("deadline")
    if not rule:
        return None
    if "(" in rule:
        rule = str(work.run.evaluate(task.id, rule))
    made = [row for row in deadline_rows.made(work.session, work.instance.id) if row.rule == rule]
    waiting = {*seen.tasks, *seen.timers}
    before = work.before.get("deadlines", [])
    known = [key for key, of, its_rule in before if its_rule == rule and of in waiting]
    found = next(iter([*made, *known]), None)
    if found is not None:
        return found
    try:
        return deadlines.ask(work.session, deadlines.Asker(work.instance, task.id), rule)
    except ConfigurationError as silent:
        raise DiagramFault(task.element.id, task.element.line, silent.message) from silent


def _deadline_of(work: Work, engine_task_id: str) -> Deadline | None:
    own = deadline_rows.made(work.session, work.instance.id)
    made = next((row for row in own if row.engine_task_id == engine_task_id), None)
    known = next((key for key, task, _ in work.before.get("deadlines", []) if task == engine_task_id), None)
    return made if made is not None or known is None else work.session.get(Deadline, known)
