"""Forgetting the past: state stays flat, and nothing that is still needed goes."""

import pytest

from app.engine.prune import collapse, parked, prune
from tests.engine.diagrams import CONSTRUCTS
from tests.engine.play import Play, assert_sound

LOOPS = 300


def test_three_hundred_rounds_of_a_loop_keep_the_state_flat() -> None:
    walk = Play(CONSTRUCTS["looped"], "looped")
    sizes, lengths = set(), set()
    for number in range(LOOPS):
        walk.complete("act", back=True, note=number % 10)
        if number >= 3:
            sizes.add(walk.size())
            lengths.add(len(walk.run.state()) // 100)
    assert len(sizes) == 1
    assert max(lengths) - min(lengths) <= 1
    walk.complete("act", back=False)
    walk.complete("last")
    assert walk.run.ended


def test_called_process_that_a_boundary_cut_off_is_forgotten() -> None:
    walk = Play(CONSTRUCTS["boundaries"], "boundaries")
    walk.complete("before")
    assert len(walk.run._workflow.subprocesses) == 2
    walk.send("stop")
    assert walk.waiting() == ["cut"]
    assert walk.run._workflow.subprocesses == {}


def test_finished_called_processes_are_forgotten_with_what_they_called() -> None:
    walk = Play(CONSTRUCTS["nested"], "nested")
    walk.complete("before")
    walk.complete("deep")
    assert walk.run._workflow.subprocesses == {}
    assert walk.waiting() == ["last"]


@pytest.mark.parametrize("order", [["b1", "b2", "b3"], ["b3", "b1", "b2"], ["b2", "b3", "b1"], ["b3", "b2", "b1"]])
def test_join_fed_from_two_fork_levels_does_not_deadlock(order: list[str]) -> None:
    walk = Play(CONSTRUCTS["two_levels"], "two_levels")
    for element in order:
        walk.complete(element)
        assert_sound(walk)
    assert walk.waiting() == ["z"]


def test_join_that_holds_an_arrived_branch_counts_as_live() -> None:
    walk = Play(CONSTRUCTS["forked"], "forked")
    walk.complete("a")
    assert parked(walk.run._workflow) == set()
    walk.complete("b")
    assert len(parked(walk.run._workflow)) == 1
    walk.complete("c")
    assert walk.waiting() == ["last"]


def test_collapse_keeps_the_fork_of_an_open_join() -> None:
    walk = Play(CONSTRUCTS["forked"], "forked", restart=False)
    walk.complete("a")
    collapse(walk.run._workflow)
    kept = {task.task_spec.name for task in walk.run._workflow.tasks.values()}
    assert {"f", "b", "c", "j"} <= kept
    assert "s" not in kept


def test_collapse_twice_forgets_nothing_more() -> None:
    walk = Play(CONSTRUCTS["users"], "users", restart=False)
    walk.complete("a")
    assert collapse(walk.run._workflow) > 0
    assert collapse(walk.run._workflow) == 0


def test_waiting_events_keep_their_data_when_what_stood_above_them_went() -> None:
    walk = Play(CONSTRUCTS["boundaries"], "boundaries", data={"kept": 7})
    walk.complete("before", seen=8)
    prune(walk.run._workflow)
    walk.next_timer()
    reminder = next(task for task in walk.run.user_tasks() if task.element.id == "remind")
    assert reminder.data["kept"] == 7
