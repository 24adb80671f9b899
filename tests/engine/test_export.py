"""The way out: the plain library loads what an instance exports, and goes on to its end."""

import json
import random
from typing import Any

import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.task import Task

from app.engine.codec import FORMAT
from tests.engine import play
from tests.engine.diagrams import CONSTRUCTS
from tests.engine.play import Play
from tests.engine.shipped import CALLER, PAYLOADS, Bundle, shipped, stand_ins
from tests.engine.subjects import Plain
from tests.engine.walks import Walker
from tests.states import stored

STEPS = 400
STORED = [(key, diagram) for key in stored.sets(FORMAT) for diagram in stored.read(FORMAT, key)]


class Loaded(Plain):
    """What the plain library makes of an export."""

    def __init__(self, exported: str, functions: dict[str, Any]) -> None:
        self.workflow = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG)).deserialize_json(
            exported
        )
        self.workflow.script_engine = PythonScriptEngine(TaskDataEnvironment({"days": play.days, **functions}))

    @property
    def ended(self) -> bool:
        """At its end, or left by an error that the calling process would catch."""
        return super().ended or bool(self.workflow.bpmn_events)


class ShippedWalker(Walker):
    """People answer what their forms ask, messages bring what their senders send."""

    def __init__(self, subject: Loaded, seed: int, bundle: Bundle) -> None:
        super().__init__(subject, seed)
        self.bundle = bundle

    def answer(self, task: Task) -> dict[str, Any]:
        form = CALLER
        while form == CALLER:
            form = self.bundle.definitions.elements[task.task_spec.bpmn_id].properties.get("form", CALLER)
            if task.workflow.parent_task_id is None:
                break
            task = task.workflow.top_workflow.get_task_from_id(task.workflow.parent_task_id)
        fields = self.bundle.forms.get(form, {})
        return {
            key: values[0] if self.luck.random() < 0.6 else self.luck.choice(values) for key, values in fields.items()
        }

    def payload(self, message: str) -> dict[str, Any]:
        return PAYLOADS.get(message, {})


class TinyWalker(Walker):
    def answer(self, _task: Task) -> dict[str, Any]:
        return {"back": False}


@pytest.mark.parametrize(("key", "diagram"), STORED)
def test_every_stored_state_leaves_by_the_export_and_finishes(key: str, diagram: str) -> None:
    bundle = shipped(key)
    for at, state in stored.read(FORMAT, key)[diagram].items():
        luck = random.Random(at)  # noqa: S311  # reproducible
        functions = stand_ins(bundle.kinds, luck)
        walk = Play(bundle.files, state.process, functions, state=state.state)
        loaded = Loaded(walk.run.export(), functions)
        assert type(loaded.workflow) is BpmnWorkflow
        people = sorted(task.element.id for task in walk.run.user_tasks())
        assert sorted(task.task_spec.bpmn_id for task in loaded.ready()) == people, at
        told = ShippedWalker(loaded, 0, bundle).to_the_end()
        assert told.trace, at


@pytest.mark.parametrize("name", sorted(CONSTRUCTS.keys() - {"repeated", "one_by_one"}))
def test_tiny_diagrams_go_on_in_the_plain_library(name: str) -> None:
    walk = Play(CONSTRUCTS[name], name)
    loaded = Loaded(walk.run.export(), {})
    told = TinyWalker(loaded, 0).to_the_end()
    assert told.data == dict(loaded.workflow.data)
    assert loaded.ended


def test_export_leaves_the_instance_as_it_was() -> None:
    walk = Play(CONSTRUCTS["boundaries"], "boundaries")
    before = walk.run.state()
    exported = json.loads(walk.run.export())
    assert exported["typename"] == "BpmnWorkflow"
    assert walk.run.state() == before
