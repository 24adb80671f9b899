"""State without its specification: the same instance comes back, at every wait of every kind of diagram."""

import itertools

import pytest
import zstandard

from app.engine import codec
from app.errors import DiagramFault
from tests.engine import play, tiny
from tests.engine.diagrams import CONSTRUCTS
from tests.engine.invariants import assert_sound
from tests.engine.play import Play
from tests.engine.shipped import SHARED, SHIPPED, Walk, shipped
from tests.states.stored import Stored, read

STEPS = 60
WALKS = 12  # of each process from its start


def assert_same(walk: Play) -> None:
    """Stored, restored and stored again, the instance is the same to the byte, and waits for the same."""
    state = walk.run.state()
    again = play.restored(walk, state)
    assert again.state() == state
    assert again.user_tasks() == walk.run.user_tasks()
    assert sorted(again.waiting(), key=str) == sorted(walk.run.waiting(), key=str)
    assert again.ended == walk.run.ended
    assert_sound(walk.run)


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_tiny_diagram_survives_every_wait(name: str) -> None:
    """First through the users' steps in order, then once through the messages and timers."""
    for events_first in (False, True):
        walk = Play(CONSTRUCTS[name], name)
        for number in range(STEPS):
            assert_same(walk)
            if walk.run.ended:
                break
            waits = walk.run.waiting()
            if waits and (events_first or not walk.waiting()):
                named = [item.message for item in waits if item.message]
                walk.send(named[0], seen=number) if named and number % 2 == 0 else walk.next_timer()
            else:
                walk.complete(walk.waiting()[0], back=number < 2, number=number)
        assert walk.run.ended, f"{name} stands still at {walk.waiting()}"


@pytest.mark.parametrize("key", SHIPPED)
def test_shipped_diagrams_survive_every_wait(key: str) -> None:
    """Random walks until every user task and every catching event of the bundle has been a wait once."""
    bundle = shipped(key)
    missing = bundle.waits()
    for seed, process in itertools.product(range(WALKS), bundle.processes):
        missing -= _waits_survived(Walk(bundle, process, seed))
    for at, stored in _stored(key).items():  # most walks end early: on from where the others did not come
        if at in missing:
            missing -= _waits_survived(Walk(bundle, stored.process, 0, stored.state))
    assert missing == set(), "if a diagram got a new wait point, run python -m tests.states.make"


def _waits_survived(walk: Walk) -> set[str]:
    """Where the walk waited, each time the same after a restart."""
    found: set[str] = set()
    for _ in range(STEPS):
        assert_same(walk)
        found |= walk.waits()
        if walk.run.ended or not walk.step():
            break
    return found


def _stored(key: str) -> dict[str, Stored]:
    """Wait point → a state that waits there, of the shared diagrams too."""
    sets = dict.fromkeys((SHARED, key))
    return {at: state for each in sets for states in read(codec.FORMAT, each).values() for at, state in states.items()}


def test_data_comes_back_with_its_types() -> None:
    values = {
        "n": 1,
        "flag": True,
        "ratio": 0.5,
        "none": None,
        "text": "职称",
        "rows": [{"_id": "a"}],
        "map": {"k": [1]},
    }
    walk = Play(CONSTRUCTS["users"], "users", restart=False)
    walk.complete("a", **values)
    found = dict(play.restored(walk, walk.run.state()).user_tasks()[0].data)
    assert found == values
    assert {key: type(value) for key, value in found.items()} == {key: type(value) for key, value in values.items()}


def test_value_that_changes_only_its_type_is_kept() -> None:
    elements = tiny.start() + tiny.script("one", "x = 1") + tiny.user("a") + tiny.script("true", "x = x == 1")
    files = {"t.bpmn": tiny.document(tiny.process("t", elements + tiny.user("b") + tiny.end(), "s>one>a>true>b>e"))}
    walk = Play(files, "t", restart=False)
    walk.complete("a")
    assert play.restored(walk, walk.run.state()).user_tasks()[0].data["x"] is True


def test_event_gateway_before_an_end_is_stored() -> None:
    elements = (
        tiny.start() + tiny.gateway("which", "eventBased") + tiny.catch("yes", tiny.message("yes"))
        + tiny.catch("late", tiny.timer("days(1)")) + tiny.end()
    )  # fmt: skip
    flows = "s>which>yes>e; which>late>e"
    files = {"g.bpmn": tiny.document(tiny.messages("yes"), tiny.process("g", elements, flows))}
    for said in (True, False):
        walk = Play(files, "g")
        if said:
            walk.send("yes")
        else:
            walk.next_timer()
        assert walk.run.ended
        assert_same(walk)


def test_removed_variable_stays_removed() -> None:
    walk = Play(CONSTRUCTS["users"], "users", restart=False, data={"gone": 1})
    walk.run._workflow.get_next_task(spec_name="a").data.pop("gone")
    assert "gone" not in play.restored(walk, walk.run.state()).user_tasks()[0].data


def test_restored_siblings_do_not_share_lists() -> None:
    walk = Play(CONSTRUCTS["forked"], "forked", data={"rows": []})
    first, second, *_ = walk.run.user_tasks()
    first.data["rows"].append(1)
    assert second.data["rows"] == []


def test_state_is_small_and_carries_no_specification() -> None:
    walk = Play(CONSTRUCTS["boundaries"], "boundaries")
    plain = zstandard.ZstdDecompressor().decompress(walk.run.state())
    assert b"outputs" not in plain
    assert len(walk.run.state()) < 2_000


def test_state_of_another_format_is_refused() -> None:
    walk = Play(CONSTRUCTS["users"], "users")
    packed = zstandard.ZstdCompressor().compress(b"[99,[],[]]")
    with pytest.raises(ValueError, match="format 99"):
        codec.load(packed, *walk.definitions.spec("users"), walk.run._workflow.script_engine)


@pytest.mark.parametrize("value", [object(), {1: "a"}, b"bytes"])
def test_data_that_cannot_be_stored_is_a_fault_of_the_diagram(value: object) -> None:
    walk = Play(CONSTRUCTS["users"], "users", restart=False)
    walk.complete("a", odd=value)
    with pytest.raises(DiagramFault, match="plain values"):
        walk.run.state()
