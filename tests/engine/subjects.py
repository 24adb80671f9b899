"""What is walked: an instance of ours, one of ours that is never stored, and one of the plain library."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
import zstandard
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine import xml
from app.engine.library import FAR_AWAY
from tests.engine import play
from tests.engine.invariants import assert_sound
from tests.engine.play import Play
from tests.engine.random_diagrams import FUNCTIONS, construct
from tests.engine.random_events import INSIDE


class Subject:
    """Tasks go by labels that mean the same in every subject: calls around it, element, item of a repeated activity."""

    workflow: Any
    ready: Callable[[], list[Task]]

    def people(self) -> dict[str, Task]:
        return _labelled(self.ready())

    def timers(self) -> dict[str, tuple[Task, str]]:
        """Label → task and due instant; those held are due far away."""
        return {label: (task, _due(task)) for label, task in _labelled(self._waiting(TimerEventDefinition)).items()}

    def messages(self) -> dict[tuple[str, str], Task]:
        """(Label, message) → task, of messages that come from outside."""
        tasks = _labelled(self._waiting(MessageEventDefinition))
        return {
            (label, part.name): task
            for label, task in tasks.items()
            for part in _parts(task)
            if isinstance(part, MessageEventDefinition) and not part.name.startswith(INSIDE)
        }

    def _waiting(self, kind: type) -> list[Task]:
        tasks = [task for task in self.workflow.event_manager.tasks.values() if _in_tree(task)]
        return [task for task in tasks if any(isinstance(part, kind) for part in _parts(task))]

    @property
    def ended(self) -> bool:
        return bool(self.workflow.completed)

    def data(self) -> dict[str, Any]:
        return dict(self.workflow.data)


class Plain(Subject):
    """The library as it comes: its own parser output, tree walks and timers, nothing stored in between."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        play.at(play.START)
        parser = SpiffBpmnParser()
        for name, content in files.items():
            if name.endswith(".dmn"):
                parser.add_dmn_xml(xml.parse(content))
            else:
                parser.add_bpmn_str(content)
        scripts = PythonScriptEngine(TaskDataEnvironment(dict(FUNCTIONS)))
        spec, called = parser.get_spec("random"), parser.get_subprocess_specs("random")
        self.workflow = BpmnWorkflow(spec, called, script_engine=scripts)
        self.workflow.do_engine_steps()

    def ready(self) -> list[Task]:
        return self.workflow.get_tasks(state=TaskState.READY, manual=True)

    def complete(self, task: Task, values: Mapping[str, Any]) -> None:
        task.set_data(**values)
        task.run()
        self.workflow.do_engine_steps()

    def send(self, task: Task, message: str, payload: Mapping[str, Any]) -> None:
        event = BpmnEvent(MessageEventDefinition(message), payload=dict(payload), target=task.workflow)
        self.workflow.event_manager.catch(event)
        self.workflow.do_engine_steps()

    def set_due(self, task: Task, due: str | None) -> None:
        stored, when = task.internal_data["event_value"], due or FAR_AWAY
        task.internal_data["event_value"] = {**stored, "next": when} if isinstance(stored, dict) else when

    def pass_time(self) -> None:
        self.workflow.refresh_timers()
        self.workflow.do_engine_steps()


class Ours(Subject):
    """Stored, pruned and restored after every action; what holds of every instance is checked each time."""

    restart = True

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.passed: list[str] = []
        self._play = Play(files, "random", FUNCTIONS, restart=False)
        self.acted()

    @property
    def run(self):  # type: ignore[no-untyped-def]
        return self._play.run

    @property
    def workflow(self) -> Any:  # type: ignore[override]
        return self.run._workflow

    def acted(self) -> None:
        self.passed += filter(None, (construct(element) for _, element in self.run.passed))
        assert_sound(self.run)
        if self.restart:
            state = self.run.state()
            assert_sound(self.run)
            self._play.run = play.restored(self._play, state)
            assert contents(self.run.state()) == contents(state)
            assert_sound(self.run)
        else:
            self.run.passed.clear()

    def ready(self) -> list[Task]:
        return [self.run._task(task.id) for task in self.run.user_tasks()]

    def complete(self, task: Task, values: Mapping[str, Any]) -> None:
        self.run.complete(str(task.id), values)
        self.acted()

    def send(self, task: Task, message: str, payload: Mapping[str, Any]) -> None:
        assert self.run.catch(message, payload, str(task.id))
        self.acted()

    def set_due(self, task: Task, due: str | None) -> None:
        self.run.set_due({str(task.id): due})
        self.acted()

    def pass_time(self) -> None:
        self.run.advance_timers()
        self.acted()


class InMemory(Ours):
    """Never stored: its past and all that may follow stay in the tree."""

    restart = False


def contents(state: bytes) -> Any:
    """What a state says, whatever the order in which data hold their names."""
    return orjson.loads(zstandard.ZstdDecompressor().decompress(state))


def label_of(task: Task) -> str:
    calls, at = [], task.workflow
    while at.parent_task_id is not None:
        calling = at.top_workflow.get_task_from_id(at.parent_task_id)
        calls.append(calling.task_spec.bpmn_id)
        at = calling.workflow
    items = [f"{key}={value}" for key, value in sorted(task.data.items()) if key.startswith("i_")]
    return "/".join([*reversed(calls), task.task_spec.bpmn_id or task.task_spec.name, *items])


def _labelled(tasks: list[Task]) -> dict[str, Task]:
    """By label, in order; where two cannot be told apart, the one whose data come first."""
    found: dict[str, Task] = {}
    for task in sorted(tasks, key=lambda task: (label_of(task), _sight(task))):
        found.setdefault(label_of(task), task)
    return found


def _sight(task: Task) -> str:
    return repr(sorted(task.data.items())) + str(task.internal_data.get("event_value"))


def _in_tree(task: Task) -> bool:
    """The library keeps subscriptions of tasks that it took out of the tree; ours does not."""
    return task.workflow.tasks.get(task.id) is task


def _parts(task: Task) -> Iterator[Any]:
    definition = task.task_spec.event_definition
    yield from definition.event_definitions if isinstance(definition, MultipleEventDefinition) else [definition]


def _due(task: Task) -> str:
    value = task.internal_data["event_value"]
    return value["next"] if isinstance(value, dict) else value
