"""One instance in memory: what waits, what is handed in, what is refused."""

from datetime import timedelta

import pytest

from app.engine.run import Run
from app.errors import DiagramFault, NotFound
from tests.engine import play, tiny
from tests.engine.diagrams import CONSTRUCTS
from tests.engine.invariants import assert_sound
from tests.engine.play import Play

INNER = tiny.process(
    "level",
    tiny.start("ls") + tiny.user("check", role="caller", form="caller", organisation="caller") + tiny.end("le"),
    "ls>check>le",
)  # fmt: skip
LEVELS = {
    "route.bpmn": tiny.document(
        tiny.process(
            "route",
            tiny.start() + tiny.call("unit", "level", 'level = "unit"', role="unit_clerk", form="unit_check")
            + tiny.call("plain", "middle") + tiny.end(), "s>unit>plain>e")),
    "middle.bpmn": tiny.document(
        tiny.process("middle", tiny.start("ms") + tiny.call("dept", "level", role="dept_admin") + tiny.end("me"),
                     "ms>dept>me")),
    "level.bpmn": tiny.document(INNER),
}  # fmt: skip


def test_task_takes_what_it_leaves_open_from_the_calling_element() -> None:
    task = Play(LEVELS, "route").run.user_tasks()[0]
    assert (task.element.id, task.path, task.name, task.called) == ("check", ("unit",), "unit", True)
    assert [task.setting(key) for key in ("role", "form", "organisation", "deadline")] == [
        "unit_clerk", "unit_check", None, None,
    ]  # fmt: skip
    assert task.data["level"] == "unit"


def test_nearest_caller_with_properties_counts_and_the_path_is_outermost_first() -> None:
    walk = Play(LEVELS, "route")
    walk.complete("check")
    task = walk.run.user_tasks()[0]
    assert (task.path, task.setting("role")) == (("plain", "dept"), "dept_admin")


def test_active_names_processes_and_elements_but_not_armed_boundaries() -> None:
    walk = Play(CONSTRUCTS["boundaries"], "boundaries")
    assert sorted(walk.run.active()) == [("boundaries", "go"), ("middle", "before")]


def test_passed_names_what_was_completed_since_the_restore() -> None:
    walk = Play(CONSTRUCTS["users"], "users", restart=False)
    assert walk.run.passed == [("users", "s")]
    walk.store()
    walk.run = play.restored(walk, walk.run.state())
    walk.run.complete(walk.task("a"), {})
    assert walk.run.passed == [("users", "a")]


def test_event_gateway_shows_a_row_for_its_timer_and_each_message() -> None:
    found = Play(CONSTRUCTS["event_gateway"], "event_gateway").run.waiting()
    due = (play.START + timedelta(days=3)).isoformat()
    assert [(item.element, item.due, item.message) for item in found] == [
        ("which", None, "yes"), ("which", None, "no"), ("which", due, None),
    ]  # fmt: skip
    assert len({item.id for item in found}) == 1


@pytest.mark.parametrize(("said", "element"), [("yes", "glad"), ("no", "sad")])
def test_event_gateway_goes_where_the_message_leads(said: str, element: str) -> None:
    walk = Play(CONSTRUCTS["event_gateway"], "event_gateway")
    walk.send(said, rank=1)
    assert walk.waiting() == [element]
    assert walk.run.waiting() == []
    assert walk.run.user_tasks()[0].data == ({"answer": {"rank": 1}} if said == "yes" else {})


def test_message_that_is_waited_for_no_more_is_not_taken() -> None:
    walk = Play(CONSTRUCTS["event_gateway"], "event_gateway")
    waiting = walk.run.waiting()[0]
    walk.send("yes")
    assert not walk.run.catch("yes", {}, waiting.id)


def test_completing_twice_is_not_found() -> None:
    walk = Play(CONSTRUCTS["users"], "users", restart=False)
    key = walk.task("a")
    walk.run.complete(key, {})
    with pytest.raises(NotFound):
        walk.run.complete(key, {})


def test_timer_waits_for_what_its_row_says() -> None:
    walk = Play(CONSTRUCTS["boundaries"], "boundaries")
    warned = next(item for item in walk.run.waiting() if item.element == "warned")
    later = (play.START + timedelta(days=5)).isoformat()
    walk.run.set_due({warned.id: later})
    play.at(play.START + timedelta(days=4))
    walk.run.advance_timers()
    assert walk.waiting() == ["before"]
    play.at(play.START + timedelta(days=5, seconds=1))
    walk.run.advance_timers()
    assert walk.waiting() == ["before", "remind"]


def test_held_timer_never_fires() -> None:
    walk = Play(CONSTRUCTS["boundaries"], "boundaries")
    walk.run.set_due({item.id: None for item in walk.run.waiting() if item.due})
    play.at(play.START + timedelta(days=4000))
    walk.run.advance_timers()
    assert walk.waiting() == ["before"]


def test_non_interrupting_timer_leaves_the_call_and_its_other_events() -> None:
    walk = Play(CONSTRUCTS["boundaries"], "boundaries")
    walk.next_timer()
    assert walk.waiting() == ["before", "remind"]
    assert sorted(item.element for item in walk.run.waiting()) == ["late", "stopped"]
    walk.next_timer()
    assert walk.waiting() == ["over", "remind"]
    assert_sound(walk.run)


def test_reminder_that_its_activity_took_along_in_the_same_step_does_nothing() -> None:
    reminded: list[int] = []
    box = tiny.subprocess(
        "box", tiny.start("bs") + tiny.catch("soon", tiny.timer("days(1)")) + tiny.end("be"), "bs>soon>be"
    )
    elements = (
        tiny.start() + box + tiny.boundary("daily", "box", tiny.cycle('"R/P1D"'), interrupting=False)
        + tiny.script("remind", "reminded(1)") + tiny.end("re") + tiny.user("after") + tiny.end()
    )  # fmt: skip
    files = {"r.bpmn": tiny.document(tiny.process("r", elements, "s>box>after>e; daily>remind>re"))}
    walk = Play(files, "r", {"reminded": reminded.append})
    play.at(play.START + timedelta(days=1, seconds=1))
    walk.run.advance_timers()
    walk.store()
    assert_sound(walk.run)
    assert (walk.waiting(), reminded) == (["after"], [])


def test_terminate_end_beside_a_waiting_reminder_keeps_the_data_and_no_subscription() -> None:
    box = tiny.subprocess(
        "box",
        tiny.start("bs") + tiny.gateway("f", "parallel") + tiny.user("quick") + tiny.user("slow")
        + tiny.boundary("daily", "slow", tiny.cycle('"R3/P1D"'), interrupting=False)
        + tiny.catch("later", tiny.timer("days(5)")) + tiny.end("re") + tiny.end("be")
        + tiny.end("over", "<bpmn:terminateEventDefinition/>"),
        "bs>f>quick>over; f>slow>be; daily>later>re",
    )  # fmt: skip
    elements = tiny.start() + box + tiny.user("after") + tiny.end()
    walk = Play({"r.bpmn": tiny.document(tiny.process("r", elements, "s>box>after>e"))}, "r")
    walk.next_timer()
    walk.complete("quick", said=1)
    assert_sound(walk.run)
    assert (walk.waiting(), walk.run.waiting()) == (["after"], [])
    assert walk.run.user_tasks()[0].data["said"] == 1


def test_uncaught_error_is_the_diagrams_fault() -> None:
    bad = tiny.start() + tiny.user("a") + tiny.end("bad", tiny.error("BAD"))
    files = {"x.bpmn": tiny.document(tiny.errors("BAD"), tiny.process("x", bad, "s>a>bad"))}
    walk = Play(files, "x")
    with pytest.raises(DiagramFault, match="nothing catches"):
        walk.complete("a")


def test_error_of_a_nested_process_reaches_the_outer_boundary() -> None:
    inner = tiny.process(
        "inner", tiny.start("is") + tiny.user("deep") + tiny.end("ie", tiny.error("BAD")), "is>deep>ie"
    )
    middle = tiny.process("middle", tiny.start("ms") + tiny.call("dig", "inner") + tiny.end("me"), "ms>dig>me")
    outer = tiny.process(
        "outer",
        tiny.start() + tiny.call("go", "middle") + tiny.boundary("bad", "go", tiny.error("BAD"))
        + tiny.script("why", "x = 1")
        + tiny.end("over", "<bpmn:terminateEventDefinition/>") + tiny.end(),
        "s>go>e; bad>why>over",
    )  # fmt: skip
    parts = {"inner": inner, "middle": middle, "outer": outer}
    files = {f"{key}.bpmn": tiny.document(tiny.errors("BAD"), part) for key, part in parts.items()}
    walk = Play(files, "outer")
    walk.complete("deep")
    assert walk.run.ended


def test_timer_that_gives_no_instant_is_the_diagrams_fault() -> None:
    elements = tiny.start() + tiny.user("a") + tiny.catch("wait", tiny.timer('"soon"')) + tiny.end()
    walk = Play({"t.bpmn": tiny.document(tiny.process("t", elements, "s>a>wait>e"))}, "t")
    with pytest.raises(DiagramFault, match="soon") as fault:
        walk.complete("a")
    assert fault.value.element == "wait"


def test_domain_error_of_a_function_is_the_diagrams_fault() -> None:
    def missing() -> None:
        raise NotFound("没有")

    elements = tiny.start() + tiny.user("a") + tiny.script("ask", "missing()") + tiny.end()
    walk = Play({"t.bpmn": tiny.document(tiny.process("t", elements, "s>a>ask>e"))}, "t", {"missing": missing})
    with pytest.raises(DiagramFault, match="没有"):
        walk.complete("a")


def test_evaluate_sees_the_tasks_data_and_the_functions() -> None:
    walk = Play(CONSTRUCTS["users"], "users", {"double": lambda number: number * 2}, data={"n": 21})
    assert walk.run.evaluate(walk.task("a"), "double(n)") == 42


def test_restore_needs_no_function_to_be_called() -> None:
    walk = Play(CONSTRUCTS["boundaries"], "boundaries")
    definitions, state = walk.definitions, walk.run.state()
    assert Run.restore(definitions, "boundaries", {}, play.no_one, state).waiting() == walk.run.waiting()
