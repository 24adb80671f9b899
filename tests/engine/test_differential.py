"""Ours against the plain library on random diagrams: the same waits after every step, the same data at the end."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.util.task import TaskState

from app import clock
from tests.engine import play
from tests.engine.invariants import assert_sound
from tests.engine.play import Play
from tests.engine.random_diagrams import diagram

SEEDS = range(80)
STEPS = 120
Trace = list[tuple[Any, ...]]


class Plain:
    """The library as it comes: its own parser output, tree walks and timers, nothing stored in between."""

    def __init__(self, files: dict[str, bytes]) -> None:
        parser = SpiffBpmnParser()
        for content in files.values():
            parser.add_bpmn_str(content)
        scripts = PythonScriptEngine(TaskDataEnvironment({"days": play.days}))
        spec, called = parser.get_spec("random"), parser.get_subprocess_specs("random")
        self.workflow = BpmnWorkflow(spec, called, script_engine=scripts)
        self.workflow.do_engine_steps()

    @property
    def ended(self) -> bool:
        return bool(self.workflow.completed)

    def waiting(self) -> list[str]:
        return sorted(task.task_spec.bpmn_id for task in self._ready())

    def timers(self) -> list[str]:
        return sorted(task.internal_data["event_value"] for task in self.workflow.event_manager.tasks.values())

    def complete(self, element: str, **values: Any) -> None:
        task = next(task for task in self._ready() if task.task_spec.bpmn_id == element)
        task.set_data(**values)
        task.run()
        self.workflow.do_engine_steps()

    def pass_time(self) -> None:
        self.workflow.refresh_timers()
        self.workflow.do_engine_steps()

    def data(self) -> dict[str, Any]:
        return dict(self.workflow.data)

    def _ready(self) -> list[Any]:
        return self.workflow.get_tasks(state=TaskState.READY, manual=True)


class Ours(Play):
    """Stored and restored after every step, pruned each time."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(files, "random")

    @property
    def ended(self) -> bool:
        return self.run.ended

    def timers(self) -> list[str]:
        return sorted(item.due for item in self.run.waiting() if item.due)

    def pass_time(self) -> None:
        self.run.advance_timers()
        self.store()
        assert_sound(self.run)

    def data(self) -> dict[str, Any]:
        return dict(self.run._workflow.data)


def walk(make: Callable[[dict[str, bytes]], Any], seed: int) -> tuple[Trace, dict[str, Any]]:
    """The same choices for both: a person of those who wait, or time up to the earliest timer."""
    play.at(play.START)
    subject, luck, trace = make(diagram(seed)), random.Random(seed), []  # noqa: S311  # reproducible
    for number in range(STEPS):
        people, timers = subject.waiting(), subject.timers()
        trace.append((people, timers))
        if subject.ended:
            return trace, subject.data()
        assert people or timers, f"seed {seed} stands still"
        if people and (not timers or luck.random() < 0.7):
            element = luck.choice(people)
            subject.complete(element, **{f"d{element}": number})
        else:
            play.at(max(datetime.fromisoformat(min(timers)), clock.instant()) + timedelta(minutes=1))
            subject.pass_time()
    raise AssertionError(f"seed {seed} does not end")


@pytest.mark.parametrize("seed", SEEDS)
def test_ours_goes_the_way_of_the_plain_library(seed: int) -> None:
    trace, data = walk(Plain, seed)
    assert walk(Ours, seed) == (trace, data)


def test_random_diagrams_hold_every_kind_of_block() -> None:
    text = b"".join(diagram(seed)["random.bpmn"] for seed in SEEDS)
    wanted = (b"parallelGateway", b"exclusiveGateway", b"subProcess", b"callActivity", b"boundaryEvent", b"scriptTask",
              b"intermediateCatchEvent", b'cancelActivity="false"', b'cancelActivity="true"')  # fmt: skip
    assert [kind for kind in wanted if text.count(kind) < 10] == []
