"""Moving a token: returns, withdrawal, repair; what is refused leaves no trace."""

import pytest

from app.errors import DiagramFault, MoveRefused
from tests.engine import play, tiny
from tests.engine.diagrams import CONSTRUCTS, INNER, MANY
from tests.engine.invariants import assert_sound
from tests.engine.play import Play, live_tokens

STEPS = {
    "steps.bpmn": tiny.document(
        tiny.messages("withdrawn"),
        tiny.process(
            "steps",
            tiny.start() + tiny.user("fill") + tiny.boundary("gone", "fill", tiny.message("withdrawn"))
            + tiny.call("first", "inner", "asked = 1") + tiny.user("sign") + tiny.catch("wait", tiny.timer("days(5)"))
            + tiny.user("last") + tiny.end("lost") + tiny.end(),
            "s>fill>first>sign>wait>last>e; gone>lost")),
    "inner.bpmn": tiny.document(INNER),
}  # fmt: skip


def at_sign() -> Play:
    walk = Play(STEPS, "steps")
    walk.complete("fill", answers=1)
    walk.complete("deep", checked=True)
    assert walk.waiting() == ["sign"]
    return walk


def move(walk: Play, source: str, to: str | tuple[str, ...], drop: tuple[str, ...] = (), **data: object) -> list[str]:
    gone = walk.run.move(walk.task(source), to, data, drop)
    walk.store()
    assert_sound(walk.run)
    return gone


def finish(walk: Play) -> None:
    """Whatever was moved, the instance comes to its end."""
    for _ in range(20):
        if walk.run.ended:
            return
        if walk.waiting():
            walk.complete(walk.waiting()[0], back=False)
        else:
            walk.next_timer()
    raise AssertionError(f"stands still at {walk.waiting()}")


def test_return_to_the_applicant_arms_his_boundary_anew() -> None:
    walk = at_sign()
    source = walk.task("sign")
    assert move(walk, "sign", "fill", back="sign") == [source]
    assert walk.waiting() == ["fill"]
    assert [item.message for item in walk.run.waiting()] == ["withdrawn"]
    assert walk.run.user_tasks()[0].data["back"] == "sign"
    finish(walk)


def test_return_to_the_previous_step_enters_its_call_from_the_start() -> None:
    walk = at_sign()
    move(walk, "sign", "first")
    assert walk.waiting() == ["deep"]
    assert walk.run.user_tasks()[0].path == ("first",)
    finish(walk)


def test_return_into_a_called_process_at_a_chosen_step() -> None:
    walk = Play(CONSTRUCTS["nested"], "nested")
    walk.complete("before")
    walk.complete("deep")
    move(walk, "last", ("go", "dig", "deep"))
    assert walk.waiting() == ["deep"]
    assert walk.run.user_tasks()[0].path == ("go", "dig")
    finish(walk)


def test_answer_goes_back_to_the_one_who_returned_it() -> None:
    walk = at_sign()
    move(walk, "sign", "fill", back="sign")
    move(walk, "fill", "sign", drop=("back",), answers=2)
    task = walk.run.user_tasks()[0]
    assert (task.element.id, task.data["answers"], "back" in task.data) == ("sign", 2, False)
    finish(walk)


def test_return_out_of_a_called_process_leaves_nothing_of_it() -> None:
    walk = Play(CONSTRUCTS["boundaries"], "boundaries")
    walk.complete("before")
    move(walk, "deep", "go")
    assert walk.waiting() == ["before"]
    assert sorted(item.element for item in walk.run.waiting()) == ["late", "stopped", "warned"]
    finish(walk)


def test_withdrawal_before_anybody_acted() -> None:
    walk = Play(STEPS, "steps")
    walk.complete("fill")
    move(walk, "deep", "fill")
    assert walk.waiting() == ["fill"]
    assert live_tokens(walk) == ["fill"]


def test_token_that_waits_for_time_can_be_moved() -> None:
    walk = at_sign()
    walk.complete("sign")
    timer = walk.run.waiting()[0]
    gone = walk.run.move(timer.id, "last", {})
    walk.store()
    assert (gone, walk.waiting(), walk.run.waiting()) == ([timer.id], ["last"], [])


def test_reminder_beside_a_moved_call_stays() -> None:
    walk = Play(CONSTRUCTS["boundaries"], "boundaries")
    walk.next_timer()
    assert walk.waiting() == ["before", "remind"]
    move(walk, "before", "over")
    assert walk.waiting() == ["over", "remind"]
    walk.complete("over")
    walk.complete("remind")
    assert walk.run.ended


def test_what_an_ended_reminder_brought_stays_when_the_activity_beside_it_moves() -> None:
    walk = Play(CONSTRUCTS["boundaries"], "boundaries")
    walk.next_timer()
    walk.complete("remind", reminded=True)
    move(walk, "before", "over")
    walk.complete("over")
    assert walk.run.ended
    assert walk.run._workflow.data["reminded"] is True


def test_step_that_cannot_begin_is_the_diagrams_fault() -> None:
    many = (
        '<bpmn:userTask id="vote"><bpmn:multiInstanceLoopCharacteristics isSequential="false">'
        "<bpmn:loopDataInputRef>voters</bpmn:loopDataInputRef>"
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    )
    elements = tiny.start() + tiny.user("before") + tiny.script("list", "voters = [1]") + many + tiny.end()
    walk = Play({"m.bpmn": tiny.document(tiny.process("m", elements, "s>before>list>vote>e"))}, "m")
    with pytest.raises(DiagramFault) as fault:
        walk.run.move(walk.task("before"), "vote", {})
    assert fault.value.element == "vote"


def test_hundred_returns_do_not_grow_the_state() -> None:
    walk = at_sign()
    sizes = set()
    for number in range(100):
        move(walk, walk.waiting()[0], "fill" if number % 2 == 0 else "sign")
        sizes.add(walk.size())
    assert len(sizes) <= 2


REFUSED = [
    ("forked", [], "a", "b", "parallel"),
    ("forked", [], "a", "last", "parallel"),
    ("forked", [], "a", "j", "gateway"),
    ("users", [], "a", "nowhere", "unknown"),
    ("users", [], "a", ("b", "x"), "not_a_call"),
    ("event_gateway", ["yes"], "glad", "on_no", "event_gateway"),
    ("inside", [], "ba", "last", "others"),
    ("boundaries", [], "before", "stopped", "boundary"),
    ("boundaries", [], "before", "remind", "parallel"),
    ("repeated", [], "vote", "after", "multi_instance"),
]


@pytest.mark.parametrize(("name", "messages", "source", "to", "reason"), REFUSED)
def test_refused_move_leaves_the_state_to_the_byte(
    name: str, messages: list[str], source: str, to: str | tuple[str, ...], reason: str
) -> None:
    walk = Play(CONSTRUCTS[name], name)
    for message in messages:
        walk.send(message)
    before, tasks = walk.run.state(), walk.run.user_tasks()
    with pytest.raises(MoveRefused) as refused:
        walk.run.move(walk.task(source), to, {})
    assert refused.value.reason == reason
    assert walk.run.state() == before
    assert walk.run.user_tasks() == tasks


def test_step_that_is_done_cannot_be_moved() -> None:
    walk = Play(CONSTRUCTS["users"], "users", restart=False)
    key = walk.task("a")
    walk.run.complete(key, {})
    with pytest.raises(MoveRefused) as refused:
        walk.run.move(key, "b", {})
    assert refused.value.reason == "not_live"


def test_return_behind_a_fork_makes_all_branches_do_their_work_again() -> None:
    walk = Play(CONSTRUCTS["forked"], "forked")
    for _ in range(3):
        for element in ("a", "b", "c"):
            assert element in walk.waiting()
            walk.complete(element)
        assert walk.waiting() == ["last"]
        fork = walk.run._workflow.spec.task_specs["f"]
        assert type(fork).__name__ == "ParallelGateway"
        with pytest.raises(MoveRefused):
            walk.run.move(walk.task("last"), "f", {})
        move(walk, "last", "s")


def test_moving_the_whole_container_ends_all_its_branches() -> None:
    walk = Play(CONSTRUCTS["inside"], "inside")
    box = next(task for task in walk.run._workflow.tasks.values() if task.task_spec.name == "box")
    gone = walk.run.move(str(box.id), "last", {})
    walk.store()
    assert (len(gone), walk.waiting()) == (3, ["last"])
    assert_sound(walk.run)


def test_whole_repeated_activity_can_be_moved() -> None:
    elements = tiny.start() + tiny.user("before") + MANY.format(sequential="false") + tiny.end()
    walk = Play({"m.bpmn": tiny.document(tiny.process("m", elements, "s>before>vote>e"))}, "m")
    walk.complete("before")
    holder = next(task for task in walk.run._workflow.tasks.values() if task.task_spec.bpmn_id == "vote")
    walk.run.move(str(holder.id), "before", {})
    walk.store()
    assert walk.waiting() == ["before"]
    assert_sound(walk.run)
    finish(walk)


def test_every_user_step_of_every_tiny_diagram_can_be_entered_or_is_refused_cleanly() -> None:
    for name, files in CONSTRUCTS.items():
        steps = [key for key, each in play.definitions(files).elements.items() if each.kind == "userTask"]
        for to in steps:
            walk = Play(files, name)
            before = walk.run.state()
            waiting = walk.run.user_tasks()
            if not waiting:
                continue
            try:
                walk.run.move(waiting[0].id, to, {})
            except MoveRefused:
                assert walk.run.state() == before
                continue
            walk.store()
            assert_sound(walk.run)
            assert to in walk.waiting()
            finish(walk)
