"""What holds of an instance after every step, whatever was done to it (D8a)."""

from collections import Counter
from typing import Any

from SpiffWorkflow.bpmn.specs.control import EventSplit
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.util.task import TaskState

from app.engine.run import Run

UNFINISHED = TaskState.NOT_FINISHED_MASK
PREDICTED = TaskState.PREDICTED_MASK | TaskState.FUTURE


def assert_sound(run: Run) -> None:
    workflow = run._workflow
    trees = [workflow, *(sub for sub in workflow.subprocesses.values() if not sub.completed)]
    for tree in trees:
        _assert_one_tree(tree)
        for task in tree.tasks.values():
            _assert_alive(task)
            _assert_armed(task)
    _assert_subscriptions(workflow, trees)
    _assert_called(workflow, trees)


def _assert_one_tree(tree: Any) -> None:
    """No orphans: all tasks hang below the root, parents and children agree, nothing hangs twice."""
    reached, stack = [], [tree.task_tree]
    while stack:
        task = stack.pop()
        reached.append(task.id)
        assert tree.tasks[task.id] is task
        for child in task._children:
            assert tree.tasks[child]._parent == task.id
            stack.append(tree.tasks[child])
    assert len(reached) == len(set(reached))
    assert set(reached) == set(tree.tasks)
    assert tree.task_tree._parent is None
    assert tree.last_task is None or tree.last_task.id in tree.tasks
    assert not tree.completed or not any(task._state & UNFINISHED for task in tree.tasks.values())
    waiting = Counter(
        task.task_spec.name
        for task in tree.tasks.values()
        if task._state == TaskState.WAITING and isinstance(task.task_spec, UnstructuredJoin)
    )
    assert not waiting or max(waiting.values()) == 1, f"two tasks wait at one gateway: {waiting}"


def _assert_alive(task: Any) -> None:
    """Nothing is predicted under what is over; a repeated activity under way has an instance under way."""
    if task._state & PREDICTED:
        assert not task.parent.has_state(TaskState.FINISHED_MASK), f"{task.task_spec.name} predicted under a dead task"
    if isinstance(task.task_spec, LoopTask) and task._state == TaskState.STARTED:
        instances = [each for each in task.children if each.task_spec.name == task.task_spec.task_spec]
        assert any(each._state & UNFINISHED for each in instances), f"{task.task_spec.name} waits for nobody"


def _assert_armed(task: Any) -> None:
    """A boundary event is armed exactly as long as its activity lives, and once."""
    spec = task.task_spec
    if isinstance(spec, BoundaryEvent) and task._state == TaskState.WAITING:
        activity = next(each for each in task.parent.children if not isinstance(each.task_spec, BoundaryEvent))
        assert activity._state & UNFINISHED, f"{spec.name} is armed, its activity is over"
    if isinstance(spec, EventSplit) and not task._state & PREDICTED:
        names = Counter(each.task_spec.name for each in task.children)
        assert not names or max(names.values()) == 1, f"armed twice: {names}"
        activity = next((each for each in task.children if not isinstance(each.task_spec, BoundaryEvent)), None)
        if activity is not None and activity._state & UNFINISHED & ~PREDICTED:
            events = {each.name for each in spec.outputs if isinstance(each, BoundaryEvent) and each.cancel_activity}
            assert events <= set(names), f"not armed: {events - set(names)}"  # others may have fired and been left


def _assert_subscriptions(workflow: Any, trees: list[Any]) -> None:
    """Each entry of the event manager belongs to exactly one live task, and each waiting event has one."""
    tasks = [task for tree in trees for task in tree.tasks.values()]
    assert len({task.id for task in tasks}) == len(tasks)
    waiting = {task.id: task for task in tasks if task._state == TaskState.WAITING and _catches(task)}
    assert workflow.event_manager.tasks == waiting


def _assert_called(workflow: Any, trees: list[Any]) -> None:
    """Each called process under way hangs below one live call of a live tree, and each live call has its process."""
    calls = {
        task.id
        for tree in trees
        for task in tree.tasks.values()
        if isinstance(task.task_spec, SubWorkflowTask) and task._state == TaskState.STARTED
    }
    assert {key for key, sub in workflow.subprocesses.items() if not sub.completed} == calls


def _catches(task: Any) -> bool:
    return isinstance(task.task_spec, CatchingEvent)
