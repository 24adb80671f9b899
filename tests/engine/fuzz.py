"""`python -m tests.engine.fuzz [--seeds 300] [--seed N]`: random diagrams walked by ours and by the plain library.

Each seed is one diagram and two walks. The first takes no move: ours, stored and restored after every action, must show
the plain library's waits after every step and its data at the end. The second moves tokens about, which the library
cannot do: there an instance that is never stored or pruned is the measure. What holds of every instance is checked
after every step. Prints how often each construct was drawn and passed, and each kind of action taken.
"""

import argparse
import os
import sys
from collections import Counter
from dataclasses import dataclass, field

from tests.engine import random_diagrams
from tests.engine.random_diagrams import CONSTRUCTS
from tests.engine.subjects import InMemory, Ours, Plain
from tests.engine.walks import walk, wander

FIXED, NEW = 200, 100  # seeds of a whole run
LEAST = 30  # times that every construct is drawn and passed, and every action taken, in a whole run
ACTIONS = ("user task completed", "message", "hold", "timer fired", "move", "move into a called process",
           "move out of a called process", "move of a container", "move refused", "error end")  # fmt: skip


@dataclass
class Counts:
    """What occurred in a run, by construct or action."""

    drawn: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, written: dict[str, dict[str, int]]) -> "Counts":
        return cls(*(Counter(written[name]) for name in ("drawn", "passed", "actions")))

    def add(self, other: "Counts") -> None:
        self.drawn += other.drawn
        self.passed += other.passed
        self.actions += other.actions

    def rare(self) -> dict[str, int]:
        """What occurred too seldom for a whole run."""
        every = {f"{name} drawn": self.drawn[name] for name in CONSTRUCTS.values()}
        every |= {f"{name} passed": self.passed[name] for name in CONSTRUCTS.values()}
        every |= {name: self.actions[name] for name in ACTIONS}
        return {name: count for name, count in every.items() if count < LEAST}

    def table(self) -> str:
        given_up = "the plain library gave up"
        lines = [f"{'drawn':>8} {'passed':>8}"]
        lines += [f"{self.drawn[name]:8} {self.passed[name]:8} {name}" for name in CONSTRUCTS.values()]
        return "\n".join([*lines, "", *(f"{self.actions[name]:17} {name}" for name in (*ACTIONS, given_up))])


def play_seed(seed: int) -> Counts:
    """Both walks of one seed. Raises AssertionError that names the seed and how to see it again."""
    again = f"seed {seed}: .venv/bin/python -m tests.engine.fuzz --seed {seed}"
    drawn = random_diagrams.diagram(seed)
    counts = Counts(drawn.counts)
    try:
        assert drawn.findings() == []
        expected = walk(Plain(drawn.files), seed)
        ours = Ours(drawn.files)
        found = walk(ours, seed)
        counts.passed, counts.actions = Counter(ours.passed), found.actions
        assert not found.gave_up
        seen = len(expected.trace) if expected.gave_up else len(found.trace)
        assert found.trace[:seen] == expected.trace
        assert expected.gave_up or found.data == expected.data
        counts.actions["the plain library gave up"] += expected.gave_up
        measure = wander(InMemory(drawn.files), seed)
        ours = Ours(drawn.files)  # each sets the clock back to the start
        moved = wander(ours, seed)
        counts.passed += Counter(ours.passed)
        counts.actions += moved.actions
        assert moved.trace == measure.trace
        assert moved.data == measure.data
    except Exception as error:
        raise AssertionError(f"{again}\n{type(error).__name__}: {error}") from error
    counts.actions["error end"] = counts.passed["error end event"]
    return counts


def new_seed() -> int:
    """One that no run has had."""
    return int.from_bytes(os.urandom(4)) + FIXED


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=FIXED + NEW, help="how many; beyond the first 200 they are new")
    options.add_argument("--seed", type=int, help="this one only")
    given = options.parse_args()
    if given.seed is not None:
        play_seed(given.seed)
        return 0
    counts, failed = Counts(), 0
    for number in range(given.seeds):
        try:
            counts.add(play_seed(number if number < FIXED else new_seed()))
        except AssertionError as error:
            failed += 1
            sys.stdout.write(f"{error}\n")
    sys.stdout.write(f"{counts.table()}\n{given.seeds} seeds, {failed} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
