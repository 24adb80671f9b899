"""State of an instance without its specification: compact rows, orjson, zstd (D8; facts in the library's own tests).

A state is `[FORMAT, top, subs]`; a workflow is `[data, correlations, last, success, completed, rows]`, `last` and
`parent` being numbers of rows. A row is `[id, parent, state, spec, triggered, internal, updates, deletions, changed]`
with data as difference to the parent's and what is empty at its end left out. `changed` (seconds) is kept of gateways
only, which merge in its order; `deletions` is NOTHING where a task that waits has inherited nothing yet.

Format 1 named tasks by id instead of row, kept `changed` of all and the predicted tasks too; it is read, not written.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
import zstandard
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.library import CompactSubWorkflow, CompactTask, CompactWorkflow, ScriptEngine, id_of

FORMAT = 2
NOTHING = 1  # in place of deletions: a task that inherited nothing yet
_EMPTY = [None] * 9
_new_task = object.__new__


def dump(workflow: CompactWorkflow) -> bytes:
    """The instance's state; needs the same bundle of diagrams to be loaded again."""
    subs = [[_digits(key), sub.spec.name, _workflow(sub)] for key, sub in workflow.subprocesses.items()]
    return pack(_workflow(workflow), subs)


def load(state: bytes, spec: Any, called: Mapping[str, Any], scripts: ScriptEngine) -> CompactWorkflow:
    """Rebuild the workflow under its specification. Raises ValueError for a format this version does not know."""
    top, subs = unpack(state)
    workflow = CompactWorkflow(spec, dict(called), script_engine=scripts, deserializing=True)
    _fill(workflow, top, workflow)
    for key, name, rows in subs:  # parents stand before what they call
        parent = id_of(key)
        sub = CompactSubWorkflow(called[name], parent, workflow, deserializing=True)
        _fill(sub, rows, workflow)
        workflow.subprocesses[parent] = sub
        if not sub.completed:
            caller = workflow.get_task_from_id(parent)
            sub.completed_event.connect(caller.task_spec._on_subworkflow_completed, caller)
    return workflow


def pack(top: list[Any], subs: list[list[Any]]) -> bytes:
    """Packed workflows as a state; the counterpart of `unpack`."""
    return zstandard.ZstdCompressor(level=3).compress(orjson.dumps([FORMAT, top, subs], default=_plain))


def unpack(state: bytes) -> tuple[list[Any], list[list[Any]]]:
    """The packed workflow on top, and [key, process, packed workflow] of those it called, parents first.

    Raises ValueError for a format this version does not know.
    """
    version, top, subs = orjson.loads(zstandard.ZstdDecompressor().decompress(state))
    if version == 1:
        return _from_1(top), [[key, name, _from_1(rows)] for key, name, rows in subs]
    if version != FORMAT:
        raise ValueError(f"state has format {version}, this version reads up to {FORMAT}")
    return top, subs


def _plain(value: Any) -> Any:
    if isinstance(value, set | tuple):
        return list(value)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be stored")


def _workflow(workflow: Any) -> list[Any]:
    numbers: dict[Any, int] = {}
    rows = []
    tasks, stack = workflow.tasks, [workflow.task_tree]
    while stack:
        task = stack.pop()
        rows.append(_row(task, tasks.get(task._parent), numbers))
        numbers[task.id] = len(numbers)
        stack.extend(tasks[child] for child in reversed(task._children))
    last = numbers[workflow.last_task.id] if workflow.last_task is not None else None
    return [workflow.data, workflow.correlations, last, workflow.success, workflow.completed, rows]


def _row(task: Task, parent: Task | None, numbers: Mapping[Any, int]) -> list[Any]:
    spec = task.task_spec
    updates, deletions = (task.data, None) if parent is None else _difference(parent.data, task.data)
    row = [
        _digits(task.id),
        numbers[parent.id] if parent is not None else None,
        task._state,
        spec.name,
        1 if task.triggered else 0,
        _internal(task),
        updates,
        deletions,
        task.last_state_change if isinstance(spec, UnstructuredJoin) else None,
    ]
    while not row[-1]:
        row.pop()
    return row


def _internal(task: Task) -> dict[str, Any] | None:
    """Without the events that an event gateway saw: it has gone on in the same step, and they cannot be stored."""
    return {key: value for key, value in task.internal_data.items() if key != "seen_events"} or None


def _difference(
    above: Mapping[str, Any], own: Mapping[str, Any]
) -> tuple[dict[str, Any] | None, list[str] | int | None]:
    if above and not own:
        return None, NOTHING
    updates = {key: value for key, value in own.items() if key not in above or _differ(above[key], value)}
    return updates or None, sorted(key for key in above if key not in own)


def _differ(one: Any, other: Any) -> bool:
    """True and 1 are equal to Python, not to whoever reads the data."""
    return one is not other and (type(one) is not type(other) or one != other)


def _fill(workflow: Any, packed: list[Any], top: CompactWorkflow) -> None:
    data, correlations, last, success, completed, rows = packed
    made: list[Task] = []
    for row in rows:
        task = _task(workflow, row, made)
        made.append(task)
        workflow.tasks[task.id] = task
        if task._state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            top.event_manager.add_task(task)
    workflow.task_tree = made[0]
    workflow.data, workflow.correlations, workflow.success, workflow.completed = data, correlations, success, completed
    workflow.last_task = made[last] if last is not None else None


def _digits(key: Any) -> str:
    return str(key).replace("-", "")


def _task(workflow: Any, row: list[Any], made: list[Task]) -> Task:
    key, above, state, spec_name, triggered, internal, updates, deletions, changed = row + _EMPTY[len(row) :]
    task = _new_task(CompactTask)  # the constructor would give a new id and tell the parent a second time
    task.id, task.workflow, task._children, task._state = id_of(key), workflow, [], state
    task.triggered, task.thread_id, task.last_state_change = bool(triggered), 0, changed or 0
    task.task_spec, task.internal_data = workflow.spec.task_specs[spec_name], internal or {}
    if above is None:
        task._parent, task.data = None, updates or {}
    else:
        parent = made[above]
        parent._children.append(task.id)
        task._parent, task.data = parent.id, _inherited(parent.data, updates, deletions)
    return task


def _inherited(
    data: dict[str, Any], updates: dict[str, Any] | None, deletions: list[str] | int | None
) -> dict[str, Any]:
    if isinstance(deletions, int):
        return {}
    own = {key: value.copy() if type(value) in (dict, list) else value for key, value in data.items()}
    own.update(updates or {})
    for key in deletions or ():
        own.pop(key, None)
    return own


def _from_1(packed: list[Any]) -> list[Any]:
    data, correlations, last, success, completed, rows = packed
    numbers = {row[0]: number for number, row in enumerate(rows)}
    now = [[row[0], numbers.get(row[1]), row[2], row[3], *row[5:], row[4]] for row in rows]
    return [data, correlations, numbers.get(last), success, completed, now]
