"""Forgetting the past: state stays flat, and nothing that is still needed goes."""

import pytest
from SpiffWorkflow.util.task import TaskState

from app.engine.prune import _covers, _repeated, collapse, parked, prune
from tests.engine import tiny
from tests.engine.diagrams import CONSTRUCTS
from tests.engine.invariants import assert_sound
from tests.engine.play import Play

LOOPS = 300
BRANCHES = {"branches.bpmn": tiny.document(tiny.process(
    "branches",
    tiny.start() + tiny.gateway("f", "parallel") + "".join(tiny.user(key) for key in ("a1", "a2", "a3", "b", "c"))
    + tiny.end("a_end") + tiny.gateway("j", "parallel") + tiny.user("last") + tiny.end(),
    "s>f>a1>a2>a3>a_end; f>b>j; f>c>j; j>last>e"))}  # fmt: skip
REMINDED = {"reminded.bpmn": tiny.document(tiny.process(
    "reminded",
    tiny.start() + tiny.user("work") + tiny.boundary("daily", "work", tiny.cycle('"R/P1D"'), interrupting=False)
    + tiny.script("remind", "reminders = reminders + 1") + tiny.end("re") + tiny.end(),
    "s>work>e; daily>remind>re"))}  # fmt: skip


def kept(walk: Play) -> list[str]:
    """Spec names of all that is left of the outermost tree, root first."""
    return [task.task_spec.name for task in walk.run._workflow.task_tree]


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
        assert_sound(walk.run)
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
    assert {"f", "b", "c", "j"} <= set(kept(walk))
    assert "s" not in kept(walk)


def test_finished_stretch_below_a_fork_goes() -> None:
    walk = Play(BRANCHES, "branches")
    walk.complete("a1")
    walk.complete("a2")
    assert kept(walk) == ["Start", "f", "a2", "a3", "b", "c"]


def test_finished_branch_goes_but_for_the_data_it_brought_to_its_end() -> None:
    walk = Play(BRANCHES, "branches")
    for element in ("a1", "a2", "a3"):
        walk.complete(element, **{element: 1})
    assert kept(walk) == ["Start", "f", "a_end", "branches.EndJoin", "b", "c"]
    for element in ("b", "c", "last"):
        walk.complete(element)
    assert walk.run._workflow.data == {"a1": 1, "a2": 1, "a3": 1}
    assert kept(walk) == ["Start"]


def test_arrived_branches_of_an_open_join_keep_only_the_element_they_came_from() -> None:
    walk = Play(BRANCHES, "branches")
    walk.complete("b", b=1)
    assert kept(walk) == ["Start", "f", "a1", "b", "j", "c"]
    walk.complete("c", c=1)
    walk.complete("last")
    assert walk.run.user_tasks()[0].element.id == "a1"
    assert kept(walk) == ["Start", "f", "a1", "e", "branches.EndJoin"]


def test_what_may_follow_is_not_kept() -> None:
    walk = Play(CONSTRUCTS["boundaries"], "boundaries")
    states = {task._state for task in walk.run._workflow.tasks.values()}
    assert states == {TaskState.COMPLETED, TaskState.STARTED, TaskState.WAITING}


@pytest.mark.parametrize("name", ["repeated", "one_by_one"])
def test_finished_instances_of_a_repeated_activity_go(name: str) -> None:
    walk = Play(CONSTRUCTS[name], name)
    walk.complete("vote")
    walk.complete("vote")
    assert len([each for each in kept(walk) if each == "vote [child]"]) == 1
    walk.complete("vote")
    assert walk.waiting() == ["after"]


def test_hundred_reminders_leave_no_more_than_one() -> None:
    walk = Play(REMINDED, "reminded", data={"reminders": 0})
    sizes = set()
    for _ in range(100):
        walk.next_timer()
        sizes.add(walk.size())
    assert max(sizes) <= min(sizes) + 3
    walk.complete("work", reminders=0)
    assert walk.run.ended


def test_ends_that_a_later_one_does_not_repeat_are_kept() -> None:
    walk = Play(BRANCHES, "branches")
    assert _repeated(walk.run._workflow) == set()
    for element in ("b", "c"):
        walk.complete(element)
    walk.complete("last", ended="last")
    for element in ("a1", "a2", "a3"):
        walk.complete(element, **{element: 1})
    assert walk.run._workflow.data == {"ended": "last", "a1": 1, "a2": 1, "a3": 1}


@pytest.mark.parametrize(
    ("later", "earlier", "expected"),
    [
        ({"x": 2, "y": 0}, {"x": 1}, True),
        ({"x": [1]}, {"x": [1]}, True),
        ({"x": [1]}, {"x": [2]}, False),
        ({"x": {"a": 1}}, {"x": 1}, False),
        ({"y": 1}, {"x": 1}, False),
    ],
)
def test_later_data_covers_what_it_repeats_or_overwrites(
    later: dict[str, object], earlier: dict[str, object], expected: bool
) -> None:
    assert _covers(later, earlier) is expected


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
