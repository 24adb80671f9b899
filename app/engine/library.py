"""What we change in SpiffWorkflow 3.2.0, each thing named; tests/engine/test_library.py holds one test for each.

1. The library reads the machine's clock for timers: it reads ours (decision D11).
2. Walking the task tree costs more than the work itself: READY and WAITING tasks are found in the flat task table.
3. Multi-instance tasks never finish on a freshly parsed specification: `prepare_spec` connects what loading forgot.
4. A failing script arrives wrapped and without its element: it arrives as DiagramFault, a function's refusal untouched.
5. What may follow a task is predicted when the task is reached, many steps ahead, and kept: stored states leave it
   out, `predict` makes the next step when the task runs, and nothing hangs below what has not been reached.
6. A task that is taken out of the tree keeps its subscription and leaves the process it called running: both end.
7. Its loggers build their records even when nobody listens: they are quiet from WARNING down, a task gathers
   nothing for them and changes its state without a word.
8. A task's id is a UUID, hashed anew at each of the thousand look-ups of a step: it is the same text, hashed once.
9. A repeated activity may be done a second time, and people may decide together in one: see `joint`.
"""

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo
from functools import partial
from typing import Any

import SpiffWorkflow.bpmn.specs.event_definitions.timer as library_timer
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app import clock
from app.engine.joint import join
from app.engine.scripts import RestrictedEnvironment, line_of
from app.errors import Conflict, DiagramFault, Refused

Asked = Callable[[str, str, Mapping[str, Any]], None]
AHEAD = TaskState.PREDICTED_MASK | TaskState.FUTURE  # states of what has not been reached
_NONE: Mapping[str, int] = {}
FAR_AWAY = "9999-12-31T00:00:00+00:00"  # what a timer waits for while its deadline is held


class _DateTimeType(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


class OurDateTime(datetime, metaclass=_DateTimeType):
    """The `datetime` that the library's timers see: its `now` is the transaction's instant."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return clock.instant().astimezone(tz)


library_timer.datetime = OurDateTime
for _name in ("spiff", "spiff.task", "spiff.workflow", "spiff.data"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class ScriptEngine(PythonScriptEngine):
    """Runs scripts and conditions in the restricted environment and tells the case who is asking.

    `lines` and `scripts` say where an element and where its script begins: a fault names the line that failed.
    """

    def __init__(
        self,
        functions: Mapping[str, Callable[..., Any]],
        asked: Asked,
        lines: Mapping[str, int],
        scripts: Mapping[str, int] = _NONE,
    ) -> None:
        super().__init__(RestrictedEnvironment(functions))
        self._asked = asked
        self._lines, self._scripts = lines, scripts

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> Any:
        return self._guarded(task, lambda: self.environment.evaluate(expression, task.data, external_context))

    def execute(self, task: Task, script: str, external_context: Any = None) -> Any:
        run = partial(self.environment.execute, script, task.data, external_context or {})
        return self._guarded(task, run, self._scripts)

    def _guarded(self, task: Task, work: Callable[[], Any], scripts: Mapping[str, int] = _NONE) -> Any:
        element = element_of(task)
        self._asked(element, task.id, task.data)
        try:
            return work()
        except (Refused, Conflict, DiagramFault):  # the person's to mend, or somebody was faster, or told already
            raise
        except Exception as error:
            inside = line_of(error) if element in scripts else None
            line = self._lines.get(element) if inside is None else scripts[element] + inside - 1
            raise DiagramFault(element, line, f"{type(error).__name__}: {error}") from error


def new_id() -> str:
    """A random id in the shape of a UUID."""
    return id_of(os.urandom(16).hex())


def id_of(digits: str) -> str:
    """The id of these 32 hexadecimal digits."""
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


class CompactTask(Task):
    """The library's task under a textual id; what comes from it is its like."""

    _state: int
    last_state_change: float

    def __init__(
        self,
        workflow: Any,
        task_spec: Any,
        parent: Task | None = None,
        state: int = TaskState.MAYBE,
        id: str | None = None,
    ) -> None:
        super().__init__(workflow, task_spec, parent, state, id or new_id())

    def _add_child(self, task_spec: Any, state: int = TaskState.MAYBE) -> Task:
        if self.has_state(TaskState.PREDICTED_MASK) and not state & TaskState.PREDICTED_MASK:
            raise WorkflowException("a task that is only predicted cannot have a definite one below", task_spec)
        task = CompactTask(self.workflow, task_spec, self, state)
        task.thread_id = self.thread_id
        if state == TaskState.READY:
            task._ready()
        return task

    def _sync_children(self, task_specs: list[Any], state: int = TaskState.MAYBE) -> None:
        if not self._state & AHEAD or self.workflow.looks_ahead:
            super()._sync_children(task_specs, state)

    def _set_state(self, value: int) -> None:
        if value != self._state:
            self._state, self.last_state_change = value, clock.machine()

    def collect_log_extras(self, dct: dict[str, Any] | None = None) -> dict[str, Any]:
        return {}


class CompactWorkflow(BpmnWorkflow):
    """The library's workflow of our tasks, without its tree walks; `looks_ahead` while it is exported."""

    looks_ahead = False

    def __init__(self, *given: Any, deserializing: bool = False, **more: Any) -> None:
        super().__init__(*given, deserializing=True, **more)
        if not deserializing:
            plant(self)

    def update_waiting_tasks(self) -> None:
        update_waiting(self)

    def create_subprocess(self, my_task: Task, spec_name: str) -> BpmnSubWorkflow:
        sub = CompactSubWorkflow(self.subprocess_specs[spec_name], parent_task_id=my_task.id, top_workflow=self)
        self.subprocesses[my_task.id] = sub
        return sub

    def _task_removed_notify(self, task: Task) -> None:
        super()._task_removed_notify(task)
        end_removed(self, task)


class CompactSubWorkflow(BpmnSubWorkflow):
    looks_ahead = False

    def __init__(self, *given: Any, deserializing: bool = False, **more: Any) -> None:
        super().__init__(*given, deserializing=True, **more)
        if not deserializing:
            plant(self)

    def update_waiting_tasks(self) -> None:
        update_waiting(self)

    def _task_removed_notify(self, task: Task) -> None:
        super()._task_removed_notify(task)
        end_removed(self.top_workflow, task)


def plant(workflow: Any) -> None:
    """Begin the tree, as the library does for a workflow that is not loaded."""
    workflow.task_tree = root = CompactTask(workflow, workflow.spec.start, state=TaskState.FUTURE)
    root._ready()
    predict(root)


def end_removed(workflow: CompactWorkflow, task: Task) -> None:
    workflow.event_manager.remove_task(task)
    sub = workflow.subprocesses.get(task.id)
    if sub is not None and not sub.completed:
        sub.cancel()


def update_waiting(workflow: Any) -> None:
    for task in [task for task in workflow.tasks.values() if task._state == TaskState.WAITING]:
        if task._state == TaskState.WAITING and task.id in workflow.tasks:  # an earlier update may have ended it
            task.task_spec._update(task)


def predict(task: Task) -> None:
    """Hang the tasks that may follow below a task that is about to run, where a stored state left them out."""
    if all(child.triggered for child in task.children):
        task.task_spec._predict_hook(task)


def look_ahead(workflow: Any, tasks: Iterable[Task]) -> None:
    """Predict below these tasks as far as the library itself does."""
    workflow.looks_ahead = True
    for task in tasks:
        predict(task)
        for child in task.children:
            child.task_spec._predict(child, mask=AHEAD)
    workflow.looks_ahead = False


def element_of(task: Task) -> str:
    """The id that the diagram gives this task, or the library's own name for what no diagram shows."""
    return task.task_spec.bpmn_id or task.task_spec.name


def prepare_spec(*specs: Any) -> None:
    """Connect the completion of repeated activities to their merge, which the library does only while parsing runs."""
    for spec in specs:
        for task_spec in spec.task_specs.values():
            if isinstance(task_spec, LoopTask):
                child = spec.task_specs[task_spec.task_spec]
                join(task_spec, child)
                if not child.completed_event.is_connected(task_spec.merge_child):
                    child.completed_event.connect(task_spec.merge_child)
