"""The two walks of the fuzz: the same choices for every subject, drawn from the seed and from what waits."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.exceptions import TaskNotFoundException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app import clock
from app.engine.library import FAR_AWAY
from app.errors import DiagramFault, MoveRefused
from tests.engine import play
from tests.engine.subjects import Ours, Subject, label_of

STEPS = 400
MOVES = 8  # of one walk at most
ATTEMPTS = 6  # to find a move that is not refused
MOVABLE = ("userTask", "manualTask", "task", "callActivity", "subProcess", "scriptTask")
TIMED = ("until", "after")  # other events may wait for somebody who has passed already


@dataclass
class Told:
    """What a walk saw: after each step who and what waits; which actions it took; the data at the end."""

    trace: list[Any] = field(default_factory=list)
    actions: Counter[str] = field(default_factory=Counter)
    data: dict[str, Any] = field(default_factory=dict)
    gave_up: bool = False


class Walker:
    """One walk under way."""

    def __init__(self, subject: Any, seed: int) -> None:
        self.subject, self.told = subject, Told()
        self.luck = random.Random(f"walk {seed}")  # noqa: S311  # reproducible
        self.number = 0

    def see(self) -> None:
        subject: Subject = self.subject
        timers = {label: due for label, (_, due) in subject.timers().items()}
        counted = Counter(map(label_of, subject.ready()))
        self.told.trace.append((sorted(counted.items()), timers, sorted(subject.messages())))

    def step(self) -> None:
        """A person, a message, a deadline held or let go, or time up to the next deadline."""
        self.number += 1
        people, messages = self.subject.people(), self.subject.messages()
        held = [label for label, (_, due) in self.subject.timers().items() if due == FAR_AWAY]
        running = [label for label, (_, due) in self.subject.timers().items() if due != FAR_AWAY]
        ways = ["person"] * 6 * bool(people) + ["message"] * 2 * bool(messages) + ["time"] * 2 * bool(running)
        ways += ["hold"] * bool(running) + ["release"] * 2 * bool(held)
        assert ways, "stands still"
        getattr(self, f"_{self.luck.choice(ways)}")()

    def _person(self) -> None:
        people = self.subject.people()
        task = people[self.luck.choice(list(people))]
        self.told.actions["user task completed"] += 1
        self.subject.complete(task, self.answer(task))

    def answer(self, task: Task) -> dict[str, Any]:
        """What the person says."""
        return {f"d{task.task_spec.bpmn_id}": self.number}

    def _message(self) -> None:
        messages = self.subject.messages()
        label, name = self.luck.choice(sorted(messages))
        self.told.actions["message"] += 1
        self.subject.send(messages[label, name], name, self.payload(name))

    def payload(self, _message: str) -> dict[str, Any]:
        """What the message says."""
        return {"number": self.number}

    def _time(self) -> None:
        due = min(due for _, due in self.subject.timers().values())
        self.told.actions["timer fired"] += 1
        play.at(max(datetime.fromisoformat(due), clock.instant()) + timedelta(minutes=1))
        self.subject.pass_time()

    def _hold(self) -> None:
        running = {label: task for label, (task, due) in self.subject.timers().items() if due != FAR_AWAY}
        self.subject.set_due(running[self.luck.choice(list(running))], None)

    def _release(self) -> None:
        """A deadline is filled again, with an instant that lies ahead."""
        held = {label: task for label, (task, due) in self.subject.timers().items() if due == FAR_AWAY}
        self.told.actions["hold"] += 1
        self.subject.set_due(held[self.luck.choice(list(held))], play.days(self.luck.randint(1, 5)))

    def to_the_end(self) -> Told:
        for _ in range(STEPS):
            self.see()
            if self.subject.ended:
                self.told.data = self.subject.data()
                return self.told
            self.step()
        raise AssertionError("does not end")


def walk(subject: Any, seed: int) -> Told:
    """To the end, without a move."""
    walker = Walker(subject, seed)
    try:
        return walker.to_the_end()
    except TaskNotFoundException:  # the library took a call out of the tree and looks for it: ours does not
        walker.told.gave_up = True
        return walker.told


class Mover(Walker):
    """A walk that also moves tokens; what a move may not do is refused and leaves no trace."""

    subject: Ours
    moves = 0

    def step(self) -> None:
        if self.moves < MOVES and self.luck.random() < 0.2:
            self.moves += 1
            self._move()
        else:
            super().step()

    def _move(self) -> None:
        for _ in range(ATTEMPTS):
            source, to = self._source(), self._target()
            self.number += 1
            if self._moved(source, to):
                return

    def _source(self) -> Task:
        workflow = self.subject.workflow
        trees = [workflow, *workflow.subprocesses.values()]
        containers = [
            task
            for tree in trees
            for task in tree.tasks.values()
            if task.state == TaskState.STARTED and isinstance(task.task_spec, SubWorkflowTask)
        ]
        timers = [task for task, _ in self.subject.timers().values()]
        tasks = [*self.subject.people().values(), *timers, *self.subject.messages().values(), *containers]
        found = {label_of(task): task for task in tasks}
        return found[self.luck.choice(sorted(found))]

    def _target(self) -> str | tuple[str, str]:
        elements = self.subject._play.definitions.elements
        steps = sorted(key for key, each in elements.items() if each.kind in MOVABLE or key.startswith(TIMED))
        calls = [key for key in steps if key.startswith("call")]
        if calls and self.luck.random() < 0.4:
            return self.luck.choice(calls), self.luck.choice(["one", "three"])
        return self.luck.choice(steps)

    def _moved(self, source: Task, to: str | tuple[str, str]) -> bool:
        run, people = self.subject.run, {task.id for task in self.subject.run.user_tasks()}
        before = run.state() if self.subject.restart else None
        told, label, within = self.told, label_of(source), source.workflow.spec.name
        try:
            gone = run.move(str(source.id), to, {f"moved{self.number}": label}, ("v",))
        except MoveRefused as refused:
            assert before is None or run.state() == before
            told.trace.append((label, to, refused.reason))
            told.actions["move refused"] += 1
            return False
        stayed = {task.id for task in run.user_tasks()}
        last = to if isinstance(to, str) else to[-1]
        target = self.subject._play.definitions.elements[last]
        if target.kind == "userTask":
            assert people - set(gone) <= stayed, "somebody else's task went too"
            assert any(task.element.id == last for task in run.user_tasks()), "the step did not open"
        told.trace.append((label, to, len(gone)))
        told.actions["move"] += 1
        told.actions["move into a called process"] += not isinstance(to, str)
        told.actions["move out of a called process"] += isinstance(to, str) and target.process != within
        told.actions["move of a container"] += isinstance(source.task_spec, SubWorkflowTask)
        self.subject.acted()
        return True


def wander(subject: Ours, seed: int) -> Told:
    """To the end, with some moves; a fault of the diagram that a move brings about ends the walk."""
    walker = Mover(subject, seed)
    try:
        return walker.to_the_end()
    except DiagramFault as fault:
        walker.told.trace.append((fault.element, fault.reason))
        walker.told.actions["fault"] += 1
        return walker.told
