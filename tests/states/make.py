"""`python -m tests.states.make`: a state for every wait point of the shipped diagrams that has none that still runs.

Run it after a diagram got a new wait point or changed under a stored state. `--freeze` keeps the diagrams of the day
too: run it before `FORMAT` in app/engine/codec.py is raised, and the folder it leaves is never written again.
"""

import itertools
import sys

from app.engine.codec import FORMAT
from tests.engine.shipped import SHIPPED, Bundle, Walk, shipped
from tests.states import stored
from tests.states.stored import Stored

STEPS = 60
WALKS = 300  # of each process at most; about thirty are enough
TO_THE_END = 400  # steps, enough for every loop of the shipped diagrams to be left by chance


def finishes(bundle: Bundle, state: Stored, seed: int = 0) -> bool:
    """Restored, walked at random and restored after each step, the instance comes to an end."""
    walk = Walk(bundle, state.process, seed, state.state)
    for _ in range(TO_THE_END):
        if walk.run.ended:
            return True
        if not walk.step():
            return walk.left
    return False


def _still_runs(bundle: Bundle, at: str, state: Stored) -> bool:
    try:
        return at in Walk(bundle, state.process, 0, state.state).waits() and finishes(bundle, state)
    except Exception:  # the diagram changed under the state: whatever it raises, another state is wanted
        return False


def main() -> None:
    for key in SHIPPED:
        bundle = shipped(key)
        wanted = dict(sorted(stored.wait_points(key).items()))
        before = stored.read(FORMAT, key)
        kept = {
            diagram: {at: each for at, each in before.get(diagram, {}).items()
                      if at in points and _still_runs(bundle, at, each)}
            for diagram, points in wanted.items()
        }  # fmt: skip
        found = _walked(bundle, {at for diagram, points in wanted.items() for at in points - kept[diagram].keys()})
        for diagram, points in wanted.items():
            states = kept[diagram] | {at: found[at] for at in points & found.keys()}
            if states != before.get(diagram):
                stored.write(key, diagram, states)
            new = len(points & found.keys())
            sys.stdout.write(f"{key}/{diagram}: {len(states)} of {len(points)} wait points, {new} new\n")
        if "--freeze" in sys.argv:
            stored.freeze(key)


def _walked(bundle: Bundle, missing: set[str]) -> dict[str, Stored]:
    """Element → a state that waits there, from random walks by fixed seeds."""
    found: dict[str, Stored] = {}
    for seed, process in itertools.product(range(WALKS), bundle.processes):
        if not missing - found.keys():
            break
        walk = Walk(bundle, process, seed)
        for _ in range(STEPS):
            for at in walk.waits() & missing - found.keys():
                found[at] = Stored(process, walk.run.state())
            if walk.run.ended or not walk.step():
                break
    return found


if __name__ == "__main__":
    main()
