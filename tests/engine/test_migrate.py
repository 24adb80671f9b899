"""Instances put under redrawn diagrams: what may go over goes on as drawn anew, the rest is named with its reason."""

from collections.abc import Mapping

import pytest

from app.engine.codec import FORMAT
from app.engine.migrate import obstacles, rewritten
from app.engine.parser import definitions
from tests.engine import tiny
from tests.engine.diagrams import CONSTRUCTS, INNER, MIDDLE
from tests.engine.invariants import assert_sound
from tests.engine.play import Play
from tests.engine.shipped import Walk, shipped
from tests.states import stored
from tests.states.make import finishes

Files = Mapping[str, bytes]


def one(elements: str, flows: str, *, before: str = tiny.messages("stop", "other") + tiny.errors("BAD")) -> Files:
    return {"one.bpmn": tiny.document(before, tiny.process("one", elements, flows))}


def over(walk: Play, files: Files) -> Play:
    """The walk's instance under the new files."""
    new = definitions(files)
    state = walk.run.state()
    assert obstacles(state, walk.process, walk.definitions, new) == []
    gone_over = Play(files, walk.process, state=rewritten(state, walk.process, walk.definitions, new))
    gone_over.run.advance()
    gone_over.store()
    assert_sound(gone_over.run)
    return gone_over


def refused(walk: Play, files: Files) -> list[tuple[str, str]]:
    found = obstacles(walk.run.state(), walk.process, walk.definitions, definitions(files))
    return [(each.element, each.reason) for each in found]


STEPS = tiny.start() + tiny.user("a") + tiny.user("b") + tiny.end()


def at_b(files: Files | None = None) -> Play:
    walk = Play(files or one(STEPS, "s>a>b>e"), "one")
    walk.complete("a", said=1)
    return walk


def test_a_step_more_ahead_is_done_and_one_behind_is_not_missed() -> None:
    walk = at_b()
    task = walk.task("b")
    new = over(walk, one(tiny.start() + tiny.user("b") + tiny.user("c") + tiny.end(), "s>b>c>e"))
    assert (new.task("b"), new.run.user_tasks()[0].data["said"]) == (task, 1)
    new.complete("b")
    new.complete("c")
    assert new.run.ended


def test_boundary_events_are_armed_and_disarmed_as_drawn_anew() -> None:
    plain = at_b()
    drawn = (
        STEPS + tiny.boundary("stopped", "b", tiny.message("stop")) + tiny.boundary("late", "b", tiny.timer("days(3)"))
        + tiny.end("cut")
    )  # fmt: skip
    armed = over(plain, one(drawn, "s>a>b>e; stopped>cut; late>cut"))
    waits = {item.element: (item.message, item.due is not None) for item in armed.run.waiting()}
    assert waits == {"stopped": ("stop", False), "late": (None, True)}
    due = next(item.due for item in armed.run.waiting() if item.element == "late")

    other = STEPS + tiny.boundary("stopped", "b", tiny.message("other")) + tiny.boundary(
        "late", "b", tiny.timer("days(9)")
    ) + tiny.end("cut")  # fmt: skip
    again = over(armed, one(other, "s>a>b>e; stopped>cut; late>cut"))
    waits_now = {item.element: item.message or item.due for item in again.run.waiting()}
    assert waits_now == {"stopped": "other", "late": due}, "the announced instant stays"

    bare = over(again, one(STEPS, "s>a>b>e"))
    assert bare.run.waiting() == []
    again.send("other")
    assert again.run.ended
    bare.complete("b")
    assert bare.run.ended


def test_what_fired_once_is_not_armed_again() -> None:
    drawn = STEPS + tiny.boundary("remind", "b", tiny.timer("days(2)"), interrupting=False) + tiny.end("told")
    walk = at_b(one(drawn, "s>a>b>e; remind>told"))
    walk.next_timer()
    assert walk.run.waiting() == []
    more = drawn + tiny.boundary("stopped", "b", tiny.message("stop")) + tiny.end("cut")
    new = over(walk, one(more, "s>a>b>e; remind>told; stopped>cut"))
    assert [item.element for item in new.run.waiting()] == ["stopped"]


@pytest.mark.parametrize(
    ("elements", "flows", "expected"),
    [
        (tiny.start() + tiny.user("a") + tiny.user("c") + tiny.end(), "s>a>c>e", [("b", "gone")]),
        (tiny.start() + tiny.user("a") + tiny.script("b", "x = 1") + tiny.end(), "s>a>b>e", [("b", "kind")]),
        (
            tiny.start() + tiny.user("a") + tiny.gateway("f", "parallel") + tiny.user("b") + tiny.user("c")
            + tiny.gateway("j", "parallel") + tiny.end(),
            "s>a>f>b>j>e; f>c>j",
            [("b", "parallel")],
        ),
        (tiny.start("s2") + tiny.user("b") + tiny.end(), "s2>b>e", []),
    ],
)  # fmt: skip
def test_a_token_needs_its_element_of_the_same_kind_and_outside_new_branches(
    elements: str, flows: str, expected: list[tuple[str, str]]
) -> None:
    assert refused(at_b(), one(elements, flows)) == expected


def test_a_process_that_is_no_longer_drawn() -> None:
    assert refused(at_b(), {"two.bpmn": tiny.document(tiny.process("two", STEPS, "s>a>b>e"))}) == [("one", "gone")]


def test_branches_that_wait_for_each_other_keep_their_gateways() -> None:
    walk = Play(CONSTRUCTS["forked"], "forked")
    walk.complete("a")
    fewer = {"forked.bpmn": tiny.document(
        tiny.process("forked", tiny.start() + tiny.gateway("f", "parallel") + tiny.user("a") + tiny.user("b")
                     + tiny.gateway("j", "parallel") + tiny.user("last") + tiny.end(),
                     "s>f>a>j; f>b>j; j>last>e"))}  # fmt: skip
    assert ("j", "join") in refused(walk, fewer)
    assert ("c", "gone") in refused(walk, fewer)
    renamed = {"forked.bpmn": CONSTRUCTS["forked"]["forked.bpmn"].replace(b'"last"', b'"finally"')}
    new = over(walk, renamed)
    new.complete("b")
    new.complete("c")
    assert new.waiting() == ["finally"]


def test_a_message_that_is_waited_for_keeps_its_name() -> None:
    files = one(tiny.start() + tiny.catch("hear", tiny.message("stop")) + tiny.end(), "s>hear>e")
    walk = Play(files, "one")
    new = one(tiny.start() + tiny.catch("hear", tiny.message("other")) + tiny.end(), "s>hear>e")
    assert refused(walk, new) == [("hear", "message")]


def test_inside_called_processes() -> None:
    walk = Play(CONSTRUCTS["nested"], "nested")
    walk.complete("before")
    middle = MIDDLE.replace('calledElement="inner"', 'calledElement="deeper"')
    inner = INNER.replace('"inner"', '"deeper"').replace('id="is"', 'id="d_is"')
    other = {**CONSTRUCTS["nested"], "middle.bpmn": tiny.document(middle), "deeper.bpmn": tiny.document(inner)}
    del other["inner.bpmn"]
    assert set(refused(walk, other)) == {("dig", "called"), ("inner", "called")}
    longer = tiny.process(
        "inner", tiny.start("is") + tiny.user("deep") + tiny.user("deeper") + tiny.end("ie"), "is>deep>deeper>ie"
    )
    new = over(walk, {**CONSTRUCTS["nested"], "inner.bpmn": tiny.document(longer)})
    new.complete("deep")
    new.complete("deeper")
    assert new.waiting() == ["last"]


@pytest.mark.parametrize("construct", sorted(CONSTRUCTS))
def test_an_instance_under_the_same_diagrams_is_as_it_was(construct: str) -> None:
    walk = Play(CONSTRUCTS[construct], construct)
    for _ in range(6):
        new = over(walk, CONSTRUCTS[construct])
        assert new.waiting() == walk.waiting()
        assert sorted(map(str, new.run.waiting())) == sorted(map(str, walk.run.waiting()))
        if not walk.waiting():
            break
        walk.complete(walk.waiting()[0], back=False)


def test_every_stored_state_of_the_shipped_diagrams_goes_over_to_the_next_edition_or_says_why_not() -> None:
    """One step of the payment bears another id, one boundary event of the climb is new, another is gone."""
    bundle = shipped("shared")
    files = {
        **bundle.files,
        "payment.bpmn": bundle.files["payment.bpmn"].replace(b'"pay"', b'"pay_now"'),
        "check_level.bpmn": bundle.files["check_level.bpmn"].replace(b'"warning_due"', b'"warned_early"'),
    }
    new = type(bundle)(files, bundle.forms, bundle.kinds)
    moved, named = 0, set()
    for states in stored.read(FORMAT, "shared").values():
        for at, state in states.items():
            found = obstacles(state.state, state.process, bundle.definitions, new.definitions)
            named |= {(each.element, each.reason) for each in found}
            if not found:
                going = rewritten(state.state, state.process, bundle.definitions, new.definitions)
                waits = Walk(new, state.process, 0, going).waits()
                assert at.replace("warning_due", "warned_early") in waits
                assert finishes(new, stored.Stored(state.process, going))
                moved += 1
    assert moved > 100
    assert named == {("pay", "gone")}
