"""Forget what an instance no longer needs, so that its size and the time of a step stop growing with its past (D8).

What stays of a tree: tasks that hold a token or wait; joins that hold an arrived branch, although the library marks
them cancelled; the parent of each of these, whose data a waiting task inherits again on every update and by which a
gateway knows the branch that arrived; the split of an activity whose boundary events are armed, with all it arms; and
the root. All else goes, wherever it stands: finished branches, finished stretches above and below a fork, finished
instances of a repeated activity, and predicted tasks, which `library.predict` makes anew when their parent runs.

What cannot go safely: arrived branches of an open parallel gateway, because it counts the elements that they came
from; and of several branches that have reached an end all those whose data the next one to end does not repeat,
because the last one merges their data in the order of their arrival.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, EventSplit, _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.specs.Join import Join
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.library import CompactWorkflow

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


def prune(workflow: CompactWorkflow) -> None:
    """Drop finished sub-workflows and collapse every tree."""
    _drop_finished(workflow)
    collapse(workflow)
    for sub in workflow.subprocesses.values():
        collapse(sub)


def parked(workflow: Any) -> set[Any]:
    """Ids of joins that hold an arrived branch although cancelled: the library leaves only the latest one WAITING.

    At the end even that one may be gone: what a repeating timer began goes with the timer's activity.
    """
    if workflow.completed:
        return set()
    joins = [task for task in workflow.tasks.values() if isinstance(task.task_spec, UnstructuredJoin)]
    waiting = {task.task_spec for task in joins if task._state == TaskState.WAITING}
    return {
        task.id
        for task in joins
        if task._state == TaskState.CANCELLED and (task.task_spec in waiting or isinstance(task.task_spec, _EndJoin))
    }


def collapse(workflow: Any) -> int:
    """Cut out of the tree all that is not needed any more; returns the number of tasks forgotten."""
    tasks, root = workflow.tasks, workflow.task_tree
    keep = _kept(workflow)
    forgotten = len(tasks) - len(keep)
    if not forgotten:
        return 0
    below = _joined(workflow, keep)
    heirs = [tasks[key] for key in below[root.id]]
    if not any(task._state & LIVE for task in heirs):
        # nobody inherits from the root any more: with a child's data it makes the rows of the others short
        root.data = heirs[0].data if heirs else workflow.last_task.data
    for key in [key for key in tasks if key not in keep]:
        del tasks[key]
    for key, children in below.items():
        tasks[key]._children = children
    if workflow.last_task is not None and workflow.last_task.id not in tasks:
        workflow.last_task = root
    return forgotten


def _kept(workflow: Any) -> set[Any]:
    tasks = workflow.tasks
    keep = {workflow.task_tree.id}
    for task in [*_live(workflow), *(tasks[key] for key in parked(workflow) - _repeated(workflow))]:
        keep.update((task.id, task._parent))
        split = _split(task)
        if split is not None:
            keep.update((split.id, *split._children))
    return keep


def _live(workflow: Any) -> list[Task]:
    """What holds a token or waits. A timer that repeats adds a join each time it fires: the first stands for all."""
    found, joins = [], set()
    for task in workflow.tasks.values():
        if task._state & LIVE and (task._parent, task.task_spec) not in joins:
            found.append(task)
            if isinstance(task.task_spec, BoundaryEventJoin):
                joins.add((task._parent, task.task_spec))
    return found


def _split(task: Task) -> Task | None:
    """The split whose children the library counts as long as this task is live: its own, or the one its join names."""
    if isinstance(task.parent.task_spec, EventSplit):
        return task.parent
    spec = task.task_spec
    return task.find_ancestor(spec.split_task) if isinstance(spec, Join) and spec.split_task else None


def _joined(workflow: Any, keep: set[Any]) -> dict[Any, list[Any]]:
    """Hang each kept task below the nearest kept one above it; returns the children of each, in the tree's order."""
    tasks = workflow.tasks
    below: dict[Any, list[Any]] = {key: [] for key in keep}
    stack = [(workflow.task_tree, None)]
    while stack:
        task, above = stack.pop()
        if task.id in keep:
            if above is not None:
                below[above].append(task.id)
                task._parent = above
            above = task.id
        stack.extend((tasks[child], above) for child in reversed(task._children))
    return below


def _repeated(workflow: Any) -> set[Any]:
    """Ids of branches at an end whose data the next to arrive there repeats or overwrites: they say nothing any more.

    The latest arrival is not the next of any: if a repeating timer began it, the library drops it with its timer.
    """
    arrived = [
        task
        for task in workflow.tasks.values()
        if task._state == TaskState.CANCELLED and isinstance(task.task_spec, _EndJoin)
    ]
    arrived.sort(key=lambda task: task.last_state_change)
    found: set[Any] = set()
    later = arrived.pop() if arrived else None
    for task in reversed(arrived):
        if later is not None and _covers(later.parent.data, task.parent.data):
            found.add(task.id)
        else:
            later = task
    return found


def _covers(later: dict[str, Any], earlier: dict[str, Any]) -> bool:
    """Whether merging `earlier` and then `later` into data is the same as merging `later` alone."""
    return all(key in later and _overwrites(later[key], value) for key, value in earlier.items())


def _overwrites(later: Any, earlier: Any) -> bool:
    return later == earlier or not isinstance(later, dict | list)


def _drop_finished(workflow: CompactWorkflow) -> None:
    """Sub-workflows whose call is over, or that the library took out of the tree without a word to its process."""
    for key in list(workflow.subprocesses):
        if key not in workflow.subprocesses:
            continue  # went with the process that called it
        trees = (workflow, *workflow.subprocesses.values())
        call = next((tree.tasks[key] for tree in trees if key in tree.tasks), None)
        if call is None or call.has_state(TaskState.FINISHED_MASK):
            _drop(workflow, key)


def _drop(workflow: CompactWorkflow, key: Any) -> None:
    sub = workflow.subprocesses.pop(key)
    for task in sub.tasks.values():
        workflow.event_manager.remove_task(task)
        if task.id in workflow.subprocesses:
            _drop(workflow, task.id)
