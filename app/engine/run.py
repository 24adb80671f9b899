"""One instance in memory: start or restore it, complete a task, catch a message, let timers fire, take its state."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import TerminateEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine import codec
from app.engine.export import export
from app.engine.faults import faults_of
from app.engine.joint import whole
from app.engine.library import FAR_AWAY, Asked, CompactWorkflow, ScriptEngine, element_of, predict
from app.engine.move import divert
from app.engine.move import move as move_token
from app.engine.parser import Definitions, Element
from app.engine.prune import prune
from app.errors import DiagramFault, NotFound

Functions = Mapping[str, Callable[..., Any]]
CALLER = "caller"
LIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED


@dataclass(frozen=True)
class UserTask:
    """A task that waits for a person. `path` names the call activities around it, outermost first; `caller` is the
    nearest of them that carries properties, from which a task whose property is `caller` takes its own."""

    id: str
    element: Element
    path: tuple[str, ...]
    caller: Element | None
    data: Mapping[str, Any]

    def setting(self, key: str) -> str | None:
        """The element's property, or the calling element's where it says `caller`."""
        own = self.element.properties.get(key)
        if own == CALLER:
            return self.caller.properties.get(key) if self.caller else None
        return own

    @property
    def called(self) -> bool:
        """Whether the task stands for the element that calls its process, whose name people then see."""
        return self.element.properties.get("role") == CALLER and self.caller is not None

    @property
    def name(self) -> str:
        return self.caller.name if self.called and self.caller else self.element.name


@dataclass(frozen=True)
class Waiting:
    """A timer (`due` is ISO text with offset) or a message subscription (`message` is its name) of one engine task."""

    id: str
    element: str
    due: str | None = None
    message: str | None = None


class Run:
    """An instance that is being worked on; whoever holds it stores `state()` in the same transaction or forgets it."""

    def __init__(self, definitions: Definitions, workflow: CompactWorkflow) -> None:
        self._definitions = definitions
        self._workflow = workflow
        self.passed: list[tuple[str, str]] = []  # (process, element) completed since start or restore, in order

    @classmethod
    def start(
        cls, definitions: Definitions, process: str, functions: Functions, asked: Asked, data: Mapping[str, Any]
    ) -> "Run":
        spec, called = definitions.spec(process)
        scripts = ScriptEngine(functions, asked, definitions.lines, definitions.scripts)
        run = cls(definitions, CompactWorkflow(spec, dict(called), script_engine=scripts))
        run._workflow.task_tree.data.update(data)
        run.advance()
        return run

    @classmethod
    def restore(cls, definitions: Definitions, process: str, functions: Functions, asked: Asked, state: bytes) -> "Run":
        spec, called = definitions.spec(process)
        scripts = ScriptEngine(functions, asked, definitions.lines, definitions.scripts)
        return cls(definitions, codec.load(state, spec, called, scripts))

    def set_due(self, due: Mapping[str, str | None]) -> None:
        """Fill waiting timers from their rows (engine task id → ISO text; None while held): the row rules (D13)."""
        for key, moment in due.items():
            task = self._task(key)
            if task is not None and task.state == TaskState.WAITING:
                stored, when = task._get_internal_data("event_value"), moment or FAR_AWAY
                task._set_internal_data(event_value={**stored, "next": when} if isinstance(stored, dict) else when)

    def complete(self, task_id: str, values: Mapping[str, Any]) -> None:
        """Complete a user task with the values that enter the workflow data, then run to the next waits."""
        task = self._ready(task_id)
        task.set_data(**values)
        self._run_task(task)
        self.advance()

    def complete_to(
        self, task_id: str, values: Mapping[str, Any], to: tuple[str, ...], before: Mapping[str, Any]
    ) -> bool:
        """Complete a user task and go to `to`, with `before` and what this changed; False where it went on as drawn."""
        task = self._ready(task_id)
        entered = dict(task.data)
        task.set_data(**values)
        self._run_task(task)
        if whole(task).state == TaskState.READY:  # the last one of a repeated activity, which now runs to its end too
            task = whole(task)
            self._run_task(task)
        changed = {key: value for key, value in task.data.items() if key not in entered or entered[key] != value}
        with self._faults():
            diverted = divert(self._workflow, task, to, {**before, **changed})
        self.advance()
        return diverted

    def catch(self, message: str, payload: Mapping[str, Any], task_id: str) -> bool:
        """Hand a message to the one engine task that waits for it; False when it does not wait any more."""
        task = self._task(task_id)
        if task is None or task.state != TaskState.WAITING:
            return False
        event = BpmnEvent(MessageEventDefinition(message), payload=dict(payload), target=task.workflow)
        self._workflow.event_manager.catch(event)
        self.advance()
        return True

    def advance(self) -> None:
        """Run engine tasks until only people, timers and messages are waited for. Raises DiagramFault, Refused."""
        with self._faults():
            ran = 1
            while ran:
                while self._spin():
                    pass
                self._workflow.refresh_timers()
                ran = self._spin()
        for event in self._workflow.get_events():
            if not isinstance(event.event_definition, TerminateEventDefinition):  # it has ended its scope already
                name = event.event_definition.name
                raise DiagramFault(None, None, f"nothing catches the event {name!r}: add a boundary event for it")

    def advance_timers(self) -> None:
        """Let every timer fire whose due instant lies before the transaction's, and run on."""
        with self._faults():
            self._workflow.refresh_timers()
        self.advance()

    def move(
        self,
        task_id: str,
        to: str | tuple[str, ...],
        data: Mapping[str, Any],
        drop: tuple[str, ...] = (),
        several: bool = False,
    ) -> list[str]:
        """Take the token out of a task and put it on `to`; returns the ids of the engine tasks that went (D8a).

        `several`: where the task is one instance of a repeated activity, the whole of it goes.
        """
        task = self._known(task_id)
        with self._faults():
            _, removed = move_token(self._workflow, whole(task) if several else task, to, dict(data), drop)
        self.advance()
        return [item.id for item in removed]

    def evaluate(self, task_id: str, expression: str) -> Any:
        """The value of a property's expression, as the task sees its data."""
        return self._workflow.script_engine.evaluate(self._known(task_id), expression)

    def is_repeated(self, element: str) -> bool:
        """Whether several people do the element, at once or one after the other."""
        return element in self._definitions.elements and self._definitions.elements[element].repeated

    @property
    def ended(self) -> bool:
        return bool(self._workflow.completed)

    def user_tasks(self) -> list[UserTask]:
        """What waits for people."""
        return [self._user_task(task) for task in self._tasks(TaskState.READY) if task.task_spec.manual]

    def waiting(self) -> list[Waiting]:
        """What waits for time and messages; an event gateway shows one row for its timer and one for each message."""
        found = []
        for task in self._workflow.event_manager.tasks.values():
            if task.state != TaskState.WAITING:
                continue
            definition = task.task_spec.event_definition
            parts = definition.event_definitions if isinstance(definition, MultipleEventDefinition) else [definition]
            for part in parts:
                if isinstance(part, TimerEventDefinition):
                    due = task._get_internal_data("event_value")
                    due = due["next"] if isinstance(due, dict) else due
                    found.append(Waiting(task.id, element_of(task), due=due))
                elif isinstance(part, MessageEventDefinition):
                    found.append(Waiting(task.id, element_of(task), message=part.name))
        return found

    def active(self) -> list[tuple[str, str]]:
        """(process, element) of everything that holds a token, called activities included; for the diagram."""
        from_library = [task for task in self._tasks(LIVE) if task.task_spec.bpmn_id is not None]
        armed = [task for task in from_library if _is_armed_boundary(task)]
        return [(task.workflow.spec.name, task.task_spec.bpmn_id) for task in from_library if task not in armed]

    def state(self) -> bytes:
        """The state to store; forgets finished branches first. Raises DiagramFault for data that cannot be stored."""
        prune(self._workflow)
        try:
            return codec.dump(self._workflow)
        except TypeError as error:
            raise DiagramFault(None, None, f"workflow data may hold plain values only: {error}") from error

    def export(self) -> str:
        """The instance as JSON that the plain library loads; see app.engine.export."""
        return export(self._workflow)

    def _spin(self) -> int:
        """One round over all trees, deepest first; how many tasks ran or subprocesses changed."""
        count, active = 0, [sub for sub in self._workflow.subprocesses.values() if not sub.completed]
        for sub in sorted(active, key=lambda sub: sub.depth, reverse=True):
            ran = self._run_ready(sub)
            count += ran
            caller = self._task(sub.parent_task_id)
            if caller is not None and (ran or sub.completed):
                caller.task_spec._update(caller)
        return count + self._run_ready(self._workflow)

    def _run_ready(self, workflow: Any) -> int:
        count = 0
        while True:
            ready = [task for task in workflow.tasks.values() if task._state == TaskState.READY]
            ready = [task for task in ready if not task.task_spec.manual]
            if not ready:
                return count
            for task in ready:
                if task._state == TaskState.READY and task.id in workflow.tasks:  # an earlier one may have ended it
                    self._run_task(task)
                    count += 1

    def _run_task(self, task: Task) -> None:
        with self._faults():
            predict(task)
            task.run()
        if task.task_spec.bpmn_id is not None and task._state == TaskState.COMPLETED:
            self.passed.append((task.workflow.spec.name, task.task_spec.bpmn_id))

    def _faults(self) -> AbstractContextManager[None]:
        return faults_of(self._definitions.lines)

    def _tasks(self, state: int) -> list[Task]:
        trees = [self._workflow, *self._workflow.subprocesses.values()]
        return [task for tree in trees for task in tree.tasks.values() if task._state & state]

    def _ready(self, task_id: str) -> Task:
        task = self._known(task_id)
        if task.state != TaskState.READY:
            raise NotFound
        return task

    def _known(self, task_id: str) -> Task:
        task = self._task(task_id)
        if task is None:
            raise NotFound
        return task

    def _task(self, key: str) -> Task | None:
        for tree in (self._workflow, *self._workflow.subprocesses.values()):
            if key in tree.tasks:
                return tree.tasks[key]
        return None

    def _user_task(self, task: Task) -> UserTask:
        callers = []
        at = task.workflow
        while at.parent_task_id is not None:
            calling = self._task(at.parent_task_id)
            assert calling is not None
            callers.append(calling.task_spec.bpmn_id)
            at = calling.workflow
        elements = self._definitions.elements
        caller = next((elements[key] for key in callers if elements[key].properties), None)
        return UserTask(task.id, elements[element_of(task)], tuple(reversed(callers)), caller, task.data)


def _is_armed_boundary(task: Task) -> bool:
    spec = task.task_spec
    return (
        hasattr(spec, "cancel_activity") and task.state == TaskState.WAITING and not isinstance(spec, SubWorkflowTask)
    )
