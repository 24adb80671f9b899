"""Forget what an instance no longer needs: finished called processes and the finished prefix of each tree (D8)."""

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.specs.Join import Join
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.library import CompactWorkflow

UNFINISHED = TaskState.NOT_FINISHED_MASK


def prune(workflow: CompactWorkflow) -> None:
    """Drop finished sub-workflows and collapse every tree; size and time of a step then stop growing with its past."""
    _drop_finished(workflow)
    collapse(workflow)
    for sub in workflow.subprocesses.values():
        collapse(sub)


def parked(workflow: Any) -> set[Any]:
    """Ids of joins that hold an arrived branch although cancelled: the library leaves only the latest one WAITING."""
    waiting = {
        task.task_spec
        for task in workflow.tasks.values()
        if task._state == TaskState.WAITING and isinstance(task.task_spec, UnstructuredJoin)
    }
    return {
        task.id for task in workflow.tasks.values() if task._state == TaskState.CANCELLED and task.task_spec in waiting
    }


def collapse(workflow: Any) -> int:
    """Cut the finished prefix of the tree: keep the root and the highest task under which all live tasks hang.

    Returns the number of tasks forgotten; 0 where a join that is still open refers to something in the prefix.
    """
    live = _live(workflow)
    top = _top(workflow, live)
    root = workflow.task_tree
    if top is None or top is root or _refers_above(workflow, top):
        return 0
    # a waiting task inherits from its parent again on every update: the root must carry what the cut parent carried
    root.data = workflow.tasks[top._parent].data
    keep = {root.id}
    stack = [top]
    while stack:
        task = stack.pop()
        keep.add(task.id)
        stack.extend(workflow.tasks[child] for child in task._children)
    gone = [key for key in workflow.tasks if key not in keep]
    for key in gone:
        del workflow.tasks[key]
    root._children, top._parent = [top.id], root.id
    if workflow.last_task is not None and workflow.last_task.id not in workflow.tasks:
        workflow.last_task = root
    return len(gone)


def _drop_finished(workflow: CompactWorkflow) -> None:
    for key, sub in list(workflow.subprocesses.items()):
        if key not in workflow.subprocesses:
            continue  # went with the process that called it
        caller = workflow.get_task_from_id(key)
        if sub.completed and (caller is None or caller.has_state(TaskState.FINISHED_MASK)):
            _drop(workflow, key)


def _drop(workflow: CompactWorkflow, key: Any) -> None:
    sub = workflow.subprocesses.pop(key)
    for task_id in sub.tasks:
        if task_id in workflow.subprocesses:
            _drop(workflow, task_id)


def _live(workflow: Any) -> set[Any]:
    """Ids of unfinished and parked tasks and of all their ancestors."""
    held = parked(workflow)
    live: set[Any] = set()
    for task in workflow.tasks.values():
        if task._state & UNFINISHED or task.id in held:
            at: Task | None = task
            while at is not None and at.id not in live:
                live.add(at.id)
                at = workflow.tasks.get(at._parent)
    return live


def _top(workflow: Any, live: set[Any]) -> Task | None:
    at = workflow.task_tree
    if at.id not in live or at._state & UNFINISHED:
        return None
    while not at._state & UNFINISHED:
        below = [workflow.tasks[child] for child in at._children if child in live]
        if len(below) != 1:
            break
        at = below[0]
    return at


def _refers_above(workflow: Any, top: Task) -> bool:
    above = set()
    at = workflow.tasks.get(top._parent)
    while at is not None:
        above.add(at.task_spec.name)
        at = workflow.tasks.get(at._parent)
    return any(
        task._state & UNFINISHED and isinstance(task.task_spec, Join) and task.task_spec.split_task in above
        for task in workflow.tasks.values()
    )
