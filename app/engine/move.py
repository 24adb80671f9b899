"""Move a token: return to a chosen step, withdraw, repair (D8a). A refusal leaves the workflow untouched.

Works from the diagram alone, without the target's old task, so also after finished branches were forgotten. Any other
exception than MoveRefused leaves a half-changed copy that the caller discards with its transaction. Not undone: what
scripts wrote; timers that the move arms anew take their instant from their deadline rows.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit, _EndJoin
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent, EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.events.start_event import StartEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.branches import same_token
from app.engine.joint import whole
from app.engine.library import CompactTask, predict
from app.engine.prune import parked
from app.errors import MoveRefused

LIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED
BOOKKEEPING = (BoundaryEventJoin, _EndJoin)  # the library's own joins, never a token


def move(
    workflow: Any, source: Task, to: str | tuple[str, ...], data: dict[str, Any], drop: tuple[str, ...] = ()
) -> tuple[Task, list[Task]]:
    """Move the token of `source` to an element of its process or of a calling one; a tuple enters called processes.

    The new step gets what flowed into `source` (or into the call that is left) without the names in `drop`, plus
    `data`. Returns the new task and the tokens that went: the source and all inside it. Raises MoveRefused with the
    reason not_live, not_a_step, multi_instance, unknown, others, parallel, not_a_call, gateway, boundary, start,
    event_gateway.
    """
    path = (to,) if isinstance(to, str) else tuple(to)
    leaving = _leave(workflow, source, path[0])
    legs = _legs(workflow, leaving, path)
    removed: list[Task] = []
    for number, spec in enumerate(legs):
        flowed = {key: value for key, value in deepcopy(leaving.parent.data).items() if key not in drop}
        at, gone = _vacate(workflow, leaving)
        removed += gone if number == 0 else []
        new = _place(workflow, leaving.workflow, at, spec, flowed | deepcopy(data))
        if number + 1 < len(legs):
            leaving = _first_inside(workflow, new)
    return new, removed


def divert(workflow: Any, done: Task, to: tuple[str, ...], data: dict[str, Any]) -> bool:
    """Put the token that has just left `done` on `to` instead of the next step; False where it cannot, unchanged."""
    named = [child for child in done.children if getattr(child.task_spec, "bpmn_id", None) is not None]
    following = [child for child in named if whole(child) is child]  # not the instances of a repeated activity
    if len(following) != 1:
        return False
    try:
        move(workflow, following[0], to, data)
    except MoveRefused:
        return False
    return True


def tokens(workflow: Any) -> list[Task]:
    """Live tasks that stand for a token: neither armed boundary events nor the library's bookkeeping."""
    return [
        task
        for task in workflow.tasks.values()
        if task.has_state(LIVE) and not _armed(task) and not isinstance(task.task_spec, BOOKKEEPING)
    ]


def _leave(workflow: Any, source: Task, element: str) -> Task:
    """The task whose token moves: the source, or the call activity above it that stands beside the target."""
    _require_movable(source)
    leaving = source
    while _entry(leaving.workflow.spec, element) is None:
        inside = leaving.workflow
        if inside.parent_task_id is None:
            raise MoveRefused("unknown", f"{element} is neither in this process nor in one that calls it")
        rest = [task.task_spec.name for task in tokens(inside) if task is not leaving and leaving not in _up(task)]
        if rest:
            raise MoveRefused("others", f"{', '.join(rest)} would be cancelled too: move the calling activity")
        leaving = workflow.get_task_from_id(inside.parent_task_id)
        _require_movable(leaving)
    return leaving


def _legs(workflow: Any, leaving: Task, path: tuple[str, ...]) -> list[Any]:
    """The task specs to enter one after the other; all refusals happen here, before anything changes."""
    spec, source, legs = leaving.workflow.spec, leaving.task_spec.name, []
    for number, element in enumerate(path):
        entry = _entry(spec, element)
        if entry is None:
            raise MoveRefused("unknown", f"{element} is not in {spec.name}")
        if not same_token(spec, source, element):
            raise MoveRefused("parallel", f"{source} and {element} are on different parallel branches")
        legs.append(entry)
        if number + 1 < len(path):
            if not isinstance(spec.task_specs[element], SubWorkflowTask):
                raise MoveRefused("not_a_call", f"{element} is not a called process")
            spec = workflow.subprocess_specs[spec.task_specs[element].spec]
            source = plain_start(spec)
    return legs


def plain_start(spec: Any) -> str:
    """The start event that waits for nothing. Raises MoveRefused where a process has none."""
    for item in spec.start.outputs:
        if isinstance(item, StartEvent) and isinstance(item.event_definition, NoneEventDefinition):
            return str(item.name)
    raise MoveRefused("start", f"{spec.name} has no plain start event")


def _entry(spec: Any, element: str) -> Any | None:
    """The task spec a token enters for this element (its boundary split where it has boundary events), or None."""
    found = spec.task_specs.get(element)
    if found is None or getattr(found, "bpmn_id", None) != element:
        return None
    if isinstance(found, UnstructuredJoin):
        raise MoveRefused("gateway", f"{element} is a parallel or inclusive gateway: choose the step before it")
    if isinstance(found, BoundaryEvent):
        raise MoveRefused("boundary", f"{element} is a boundary event: choose the step it leads to")
    if isinstance(found, StartEvent) and not isinstance(found.event_definition, NoneEventDefinition):
        raise MoveRefused("start", f"{element} waits for a start event")
    if any(isinstance(item, EventBasedGateway) for item in found.inputs):
        raise MoveRefused("event_gateway", f"{element} follows an event gateway: choose the gateway")
    return spec.task_specs.get(f"{element}.BoundaryEventSplit", found)


def _require_movable(task: Task) -> None:
    if not task.has_state(LIVE) or task.workflow.tasks.get(task.id) is not task:
        raise MoveRefused("not_live", "the step is no longer active")
    spec = task.task_spec
    if getattr(spec, "bpmn_id", None) is None or isinstance(spec, BoundaryEvent | UnstructuredJoin):
        raise MoveRefused("not_a_step", f"{spec.name} is not a step: move the activity it belongs to")
    if isinstance(task.parent.task_spec, LoopTask) and spec.name == task.parent.task_spec.task_spec:
        raise MoveRefused("multi_instance", f"{spec.name} is one instance of a repeated activity: move the activity")


def _vacate(workflow: Any, task: Task) -> tuple[Task, list[Task]]:
    """Remove the task and all that served only it; returns the task to attach to and the tokens that went."""
    tree = task.workflow
    own = {item.id for item in _below(task)}
    keep = {tree.task_tree.id}
    for item in tokens(tree) + _arrived(tree):
        if item.id not in own:
            keep.update(above.id for above in _up(item))
    highest = task
    while highest.parent.id not in keep and not _armed(highest.parent):
        highest = highest.parent
    at = highest.parent
    while isinstance(at.task_spec, BoundaryEventSplit) or _armed(at):  # never attach inside a boundary's scope
        at = at.parent
    split = highest.parent
    if not isinstance(split.task_spec, BoundaryEventSplit) or isinstance(highest.task_spec, BoundaryEvent):
        return at, _forget(workflow, _below(highest), tree)
    gone = _forget(workflow, _below(highest)[1:], tree)
    if highest is task:
        gone += _leave_handler(workflow, task, split, at, keep)
    return at, gone


def _arrived(tree: Any) -> list[Task]:
    """What branches leave at a join or at the end: the last one to come merges their data."""
    at_end = [task for task in tree.tasks.values() if isinstance(task.task_spec, _EndJoin) and task.has_state(LIVE)]
    return at_end + [tree.tasks[key] for key in parked(tree)]


def _leave_handler(workflow: Any, task: Task, split: Task, at: Task, keep: set[Any]) -> list[Task]:
    """The activity goes, the live handler of its non-interrupting boundary event stays."""
    tree = task.workflow
    gone = [task]
    sub = workflow.subprocesses.pop(task.id, None)
    if sub is not None:
        gone += _forget(workflow, list(sub.tasks.values()), sub)
    workflow.event_manager.remove_task(task)
    task._set_state(TaskState.CANCELLED)
    armed = [item for item in split.children if _armed(item)]
    for event in armed:
        for handler in event.children:  # a repeating timer's handlers hang below the event that is about to go
            if any(item.id in keep for item in _below(handler)):
                event._children.remove(handler.id)
                handler.parent = at
                at._children.append(handler.id)
    gone += _forget(workflow, [item for event in armed for item in _below(event)], tree)
    joins = [item for item in _below(split) if isinstance(item.task_spec, BoundaryEventJoin)]
    for join in joins:
        if join.state == TaskState.WAITING:
            join.task_spec._update(join)
    return gone


def _forget(workflow: Any, tasks: list[Task], tree: Any) -> list[Task]:
    """Delete tasks with their sub-workflows and subscriptions; returns the tokens among them."""
    live = {task.id for task in tokens(tree)}
    gone = []
    for task in tasks:
        workflow.event_manager.remove_task(task)
        sub = workflow.subprocesses.pop(task.id, None)
        if sub is not None:
            gone += _forget(workflow, list(sub.tasks.values()), sub)
        if task.id in live:
            gone.append(task)
    for task in tasks:
        del tree.tasks[task.id]
        tree._task_removed_notify(task)
    for task in tasks:
        if task.parent is not None:
            task.parent._children.remove(task.id)
    return gone


def _place(workflow: Any, tree: Any, at: Task, spec: Any, data: dict[str, Any]) -> Task:
    """Hang the target under a finished start that carries the data: waiting tasks inherit from their parent again."""
    _drop_stale_joins(workflow, tree, at)
    carrier = CompactTask(tree, tree.spec.start, at, TaskState.COMPLETED)
    carrier.data = data
    if tree.last_task is None or tree.last_task.id not in tree.tasks:
        tree.last_task = carrier
    new = carrier._add_child(spec, TaskState.FUTURE)
    spec._update(new)
    return new


def _drop_stale_joins(workflow: Any, tree: Any, at: Task) -> None:
    """Joins of finished rounds would make the next round's join fire early."""
    held, line = parked(tree), {item.id for item in _up(at)}
    for task in list(tree.tasks.values()):
        if task.id not in tree.tasks or task.id in line or not isinstance(task.task_spec, UnstructuredJoin):
            continue
        below = _below(task)
        if not any(item.has_state(TaskState.NOT_FINISHED_MASK) or item.id in held for item in below):
            _forget(workflow, below, tree)


def _first_inside(workflow: Any, entered: Task) -> Task:
    if isinstance(entered.task_spec, BoundaryEventSplit):
        predict(entered)
        entered.run()
        entered = next(child for child in entered.children if not isinstance(child.task_spec, BoundaryEvent))
    return next(task for task in tokens(workflow.subprocesses[entered.id]))


def _armed(task: Task) -> bool:
    return isinstance(task.task_spec, BoundaryEvent) and task.state == TaskState.WAITING


def _up(task: Task | None) -> Iterator[Task]:
    while task is not None:
        yield task
        task = task.parent


def _below(task: Task) -> list[Task]:
    found = [task]
    for item in found:
        found.extend(item.children)
    return found
