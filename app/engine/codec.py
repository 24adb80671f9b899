"""State of an instance without its specification: compact rows, orjson, zstd (D8; facts in the library's own tests).

A state is `[FORMAT, top, subs]`; a workflow is `[data, correlations, last, success, completed, rows]`; a row is
`[id, parent, state, spec, changed, triggered, internal, updates, deletions]` with data as difference to the parent's.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, SafeUUID

import orjson
import zstandard
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.library import CompactSubWorkflow, CompactWorkflow, ScriptEngine

FORMAT = 1
_new_task = _new_id = object.__new__
_set_slot = object.__setattr__


def dump(workflow: CompactWorkflow) -> bytes:
    """The instance's state; needs the same bundle of diagrams to be loaded again."""
    subs = [[key.hex, sub.spec.name, _workflow(sub)] for key, sub in workflow.subprocesses.items()]
    packed = orjson.dumps([FORMAT, _workflow(workflow), subs], default=_plain)
    return zstandard.ZstdCompressor(level=3).compress(packed)


def load(state: bytes, spec: Any, called: Mapping[str, Any], scripts: ScriptEngine) -> CompactWorkflow:
    """Rebuild the workflow under its specification. Raises ValueError for a format this version does not know."""
    version, top, subs = orjson.loads(zstandard.ZstdDecompressor().decompress(state))
    if version != FORMAT:
        raise ValueError(f"state has format {version}, this version reads {FORMAT}")
    workflow = CompactWorkflow(spec, dict(called), script_engine=scripts, deserializing=True)
    _fill(workflow, top, workflow)
    for key, name, rows in subs:  # parents stand before what they call
        parent = UUID(hex=key)
        sub = CompactSubWorkflow(called[name], parent, workflow, deserializing=True)
        _fill(sub, rows, workflow)
        workflow.subprocesses[parent] = sub
        if not sub.completed:
            caller = workflow.get_task_from_id(parent)
            sub.completed_event.connect(caller.task_spec._on_subworkflow_completed, caller)
    return workflow


def _plain(value: Any) -> Any:
    if isinstance(value, set | tuple):
        return list(value)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be stored")


def _workflow(workflow: Any) -> list[Any]:
    last = workflow.last_task.id.hex if workflow.last_task is not None else None
    rows = _rows(workflow)
    return [workflow.data, workflow.correlations, last, workflow.success, workflow.completed, rows]


def _rows(workflow: Any) -> list[list[Any]]:
    rows = []
    tasks, stack = workflow.tasks, [workflow.task_tree]
    while stack:
        task = stack.pop()
        updates, deletions = _difference(task, tasks.get(task._parent))
        rows.append(
            [
                task.id.hex,
                task._parent.hex if task._parent else None,
                task._state,
                task.task_spec.name,
                task.last_state_change,
                1 if task.triggered else 0,
                _internal(task),
                updates,
                deletions,
            ]
        )
        stack.extend(tasks[child] for child in reversed(task._children))
    return rows


def _internal(task: Task) -> dict[str, Any] | None:
    """Without the events that an event gateway saw: it has gone on in the same step, and they cannot be stored."""
    return {key: value for key, value in task.internal_data.items() if key != "seen_events"} or None


def _difference(task: Task, parent: Task | None) -> tuple[dict[str, Any] | None, list[str] | None]:
    if parent is None:
        return task.data, None
    above, own = parent.data, task.data
    updates = {key: value for key, value in own.items() if key not in above or _differ(above[key], value)}
    return updates or None, [key for key in above if key not in own] or None


def _differ(one: Any, other: Any) -> bool:
    """True and 1 are equal to Python, not to whoever reads the data."""
    return one is not other and (type(one) is not type(other) or one != other)


def _fill(workflow: Any, packed: list[Any], top: CompactWorkflow) -> None:
    data, correlations, last, success, completed, rows = packed
    by_hex: dict[str, Task] = {}
    for row in rows:
        task = by_hex[row[0]] = _task(workflow, row, by_hex)
        if task._parent is None:
            workflow.task_tree = task
        if task._state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            top.event_manager.add_task(task)
    workflow.data, workflow.correlations, workflow.success, workflow.completed = data, correlations, success, completed
    workflow.last_task = by_hex.get(last) if last else None


def _id(text: str) -> UUID:
    """As UUID(hex=text) gives it, without the checks that are dear for our own writing."""
    made = _new_id(UUID)
    _set_slot(made, "int", int(text, 16))
    _set_slot(made, "is_safe", SafeUUID.unknown)
    return made


def _task(workflow: Any, row: list[Any], known: Mapping[str, Task]) -> Task:
    key, parent_key, state, spec_name, changed, triggered, internal, updates, deletions = row
    task = _new_task(Task)  # the constructor would give a new id and tell the parent a second time
    task.id, task.workflow, task._children, task._state = _id(key), workflow, [], state
    task.triggered, task.thread_id, task.last_state_change = bool(triggered), 0, changed
    task.task_spec, task.internal_data = workflow.spec.task_specs[spec_name], internal or {}
    if parent_key is None:
        task._parent, task.data = None, updates or {}
    else:
        parent = known[parent_key]
        parent._children.append(task.id)
        task._parent, task.data = parent.id, _inherited(parent.data, updates, deletions)
    workflow.tasks[task.id] = task
    return task


def _inherited(data: dict[str, Any], updates: dict[str, Any] | None, deletions: list[str] | None) -> dict[str, Any]:
    own = {key: value.copy() if type(value) in (dict, list) else value for key, value in data.items()}
    own.update(updates or {})
    for key in deletions or ():
        own.pop(key, None)
    return own
