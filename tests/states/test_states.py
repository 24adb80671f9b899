"""Every stored state of every format is restored and goes on to its end; every wait point that ships has one."""

import pytest

from app.engine.codec import FORMAT
from tests.engine.shipped import SHIPPED, Walk
from tests.states import stored
from tests.states.make import finishes

STORED = [
    (version, key, diagram)
    for version in stored.formats()
    for key in stored.sets(version)
    for diagram in stored.read(version, key)
]
REMEDY = "if its diagram changed on purpose, run python -m tests.states.make"


@pytest.mark.parametrize(("version", "key", "diagram"), STORED)
def test_stored_states_are_restored_and_finish(version: int, key: str, diagram: str) -> None:
    bundle = stored.bundle_of(version, key)
    for at, state in stored.read(version, key)[diagram].items():
        assert at in Walk(bundle, state.process, 0, state.state).waits(), (
            f"{at} does not wait: see tests/states/make.py"
        )
        assert finishes(bundle, state), f"{at} comes to no end; {REMEDY}"


@pytest.mark.parametrize("key", SHIPPED)
def test_every_wait_point_of_the_shipped_diagrams_has_a_state(key: str) -> None:
    have = {diagram: set(states) for diagram, states in stored.read(FORMAT, key).items()}
    missing = {diagram: points - have.get(diagram, set()) for diagram, points in stored.wait_points(key).items()}
    assert {diagram: points for diagram, points in missing.items() if points} == {}, REMEDY


def test_every_format_since_the_first_is_kept() -> None:
    assert stored.formats() == list(range(1, FORMAT + 1))
