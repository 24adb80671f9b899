"""Driving one instance of a tiny or shipped diagram in tests, without a database: time stands where the test says."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from app import clock
from app.engine.move import tokens
from app.engine.parser import Definitions, definitions
from app.engine.run import Run

START = datetime(2023, 10, 9, 9, 0, tzinfo=clock.SHANGHAI)
Functions = Mapping[str, Callable[..., Any]]


def at(moment: datetime) -> None:
    clock.stand_at(moment)


def days(count: int) -> str:
    """The instant `count` days from now, as a deadline function gives it."""
    return (clock.instant() + timedelta(days=count)).isoformat()


def period(count: int) -> str:
    """A duration of `count` days."""
    return f"P{count}D"


def daily(count: int) -> str:
    """A cycle of `count` days, one day apart."""
    return f"R{count}/P1D"


def no_one(_element: str, _task: str, _data: Mapping[str, Any]) -> None:
    """Nobody wants to know who asks."""


class Play:
    """A run of one process; every step is followed by storing and restoring when `restart` is set."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        process: str,
        functions: Functions | None = None,
        *,
        restart: bool = True,
        data: Mapping[str, Any] | None = None,
        state: bytes | None = None,
    ) -> None:
        at(START)
        self.definitions: Definitions = definitions(files)
        self.process = process
        self.functions = {"days": days, **(functions or {})}
        self.restart = restart
        if state is None:
            self.run = Run.start(self.definitions, process, self.functions, no_one, data or {})
        else:
            self.run = restored(self, state)
        self.store()

    def store(self) -> None:
        """What the house does between two steps: keep the state, forget the instance, load it again."""
        if self.restart:
            self.run = restored(self, self.run.state())

    def waiting(self) -> list[str]:
        """Element ids of what waits for people, in a steady order."""
        return sorted(task.element.id for task in self.run.user_tasks())

    def task(self, element: str) -> str:
        return next(task.id for task in self.run.user_tasks() if task.element.id == element)

    def complete(self, element: str, **values: Any) -> None:
        self.run.complete(self.task(element), values)
        self.store()

    def send(self, name: str, **payload: Any) -> None:
        found = next(item for item in self.run.waiting() if item.message == name)
        assert self.run.catch(name, payload, found.id)
        self.store()

    def next_timer(self) -> None:
        """Let time pass to just after the earliest timer."""
        due = min(datetime.fromisoformat(item.due) for item in self.run.waiting() if item.due)
        at(max(due, clock.instant()) + timedelta(microseconds=1))
        self.run.advance_timers()
        self.store()

    def size(self) -> int:
        """How many engine tasks the instance holds."""
        workflow = self.run._workflow
        return len(workflow.tasks) + sum(len(sub.tasks) for sub in workflow.subprocesses.values())


def restored(play: Play, state: bytes) -> Run:
    return Run.restore(play.definitions, play.process, play.functions, no_one, state)


def live_tokens(play: Play) -> list[str]:
    """Spec names of everything that holds a token, in all trees."""
    workflow = play.run._workflow
    trees = [workflow, *workflow.subprocesses.values()]
    return sorted(task.task_spec.name for tree in trees for task in tokens(tree))
