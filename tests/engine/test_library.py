"""One test for each thing that app.engine.library changes in SpiffWorkflow, and for each private part we lean on."""

import ast
import importlib
import logging
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import SpiffWorkflow.bpmn.specs.event_definitions.timer as library_timer
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.exceptions import TaskNotFoundException
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app import clock
from app.engine import library
from app.errors import DiagramFault, Problem, Refused
from tests.engine import play, tiny
from tests.engine.diagrams import CONSTRUCTS
from tests.engine.play import Play

TIMED = tiny.document(
    tiny.process("timed", tiny.start() + tiny.catch("wait", tiny.timer("days(3)")) + tiny.end(), "s>wait>e")
)
REPEATED = (
    '<bpmn:userTask id="vote"><bpmn:multiInstanceLoopCharacteristics isSequential="false">'
    "<bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
)
VOTES = tiny.document(
    tiny.process("votes", tiny.start() + REPEATED + tiny.user("after") + tiny.end(), "s>vote>after>e")
)


def scripted(text: str) -> dict[str, bytes]:
    elements = tiny.start() + tiny.user("do") + tiny.script("work", text) + tiny.end()
    return {"scripted.bpmn": tiny.document(tiny.process("scripted", elements, "s>do>work>e"))}


def test_library_is_the_version_whose_private_parts_are_known() -> None:
    assert version("SpiffWorkflow") == "3.2.0"


def test_timers_read_the_transaction_clock() -> None:
    walk = Play({"timed.bpmn": TIMED}, "timed")
    play.at(play.START + timedelta(days=3))
    walk.run.advance_timers()
    assert not walk.run.ended, "the library compares strictly: the due instant itself is too early"
    play.at(play.START + timedelta(days=3, microseconds=1))
    walk.run.advance_timers()
    assert walk.run.ended


def test_timer_clock_without_a_transaction_is_refused() -> None:
    clock.release()
    with pytest.raises(RuntimeError):
        library_timer.datetime.now(UTC)


def test_datetimes_of_ours_and_of_python_are_the_same_kind() -> None:
    moment = datetime(2023, 10, 9, tzinfo=UTC)
    assert isinstance(moment, library.OurDateTime)
    assert library_timer.datetime.fromisoformat(moment.isoformat()) == moment


def test_waiting_and_ready_tasks_are_found_below_a_thousand_generations() -> None:
    elements = tiny.start() + tiny.gateway("again") + tiny.user("act") + tiny.gateway("more") + tiny.end()
    loop = tiny.document(tiny.process("deep", elements, "s>again>act>more; more>again[go]; more>e!"))
    walk = Play({"deep.bpmn": loop}, "deep", restart=False)
    for _ in range(360):
        walk.run.complete(walk.task("act"), {"go": True})
    assert walk.waiting() == ["act"]
    assert walk.run._workflow.get_tasks(state=TaskState.READY, manual=True) == []  # the library's own walk gives up


def test_repeated_tasks_merge_after_a_restart_of_the_program() -> None:
    walk = Play({"votes.bpmn": VOTES}, "votes")
    for _ in range(3):
        state = walk.run.state()
        play_module_forgets(walk)
        walk.run = play.restored(walk, state)
        walk.run.complete(walk.run.user_tasks()[0].id, {})
    assert walk.waiting() == ["after"]


def play_module_forgets(walk: Play) -> None:
    """The program starts anew: its diagrams are parsed again."""
    parser = importlib.import_module("app.engine.parser")
    parser._cache.clear()
    walk.definitions = parser.definitions({"votes.bpmn": VOTES})


def test_repeated_tasks_never_merge_without_prepare_spec() -> None:
    """The library's own fault; when this fails, prepare_spec may go."""
    play.at(play.START)
    first, again = (_plain_spec(VOTES, "votes") for _ in range(2))
    workflow = BpmnWorkflow(*first, script_engine=PythonScriptEngine())
    workflow.do_engine_steps()
    stored = library_round_trip(workflow, again)
    for _ in range(3):
        task = stored.get_tasks(state=TaskState.READY, manual=True)[0]
        task.run()
        stored.do_engine_steps()
    assert [task.task_spec.name for task in stored.get_tasks(state=TaskState.READY, manual=True)] == []
    assert not stored.completed


CALLS = (
    '<bpmn:callActivity id="calls" calledElement="sleep"><bpmn:multiInstanceLoopCharacteristics isSequential="false">'
    "<bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:callActivity>"
)
SLEEP = tiny.process(
    "sleep", tiny.start("ss") + tiny.catch("asleep", tiny.timer("days(3)")) + tiny.end("se"), "ss>asleep>se"
)
ELEMENTS = tiny.start() + CALLS + tiny.boundary("stop_it", "calls", tiny.message("stop")) + tiny.user("after")
STOPPED = {
    "stopped.bpmn": tiny.document(
        tiny.messages("stop"), tiny.process("stopped", ELEMENTS + tiny.end(), "s>calls>e; stop_it>after>e")
    ),
    "sleep.bpmn": tiny.document(SLEEP),
}


def test_process_of_a_removed_repeated_call_ends_with_its_subscriptions() -> None:
    walk = Play(STOPPED, "stopped", restart=False)
    assert len(walk.run.waiting()) == 3
    walk.send("stop")
    assert (walk.waiting(), walk.run.waiting()) == (["after"], [])
    walk.complete("after")
    assert walk.run.ended


def test_library_leaves_the_process_of_a_removed_call_behind() -> None:
    """The library's own fault; when this fails, end_removed may go."""
    play.at(play.START)
    parser = SpiffBpmnParser()
    for content in STOPPED.values():
        parser.add_bpmn_str(content)
    scripts = PythonScriptEngine(TaskDataEnvironment({"days": play.days}))
    workflow = BpmnWorkflow(parser.get_spec("stopped"), parser.get_subprocess_specs("stopped"), script_engine=scripts)
    workflow.do_engine_steps()
    workflow.catch(BpmnEvent(MessageEventDefinition("stop"), payload={}))
    with pytest.raises(TaskNotFoundException):
        workflow.do_engine_steps()


def test_what_may_follow_is_predicted_anew_when_a_restored_task_runs() -> None:
    walk = Play(CONSTRUCTS["users"], "users")
    task = walk.run._task(walk.task("a"))
    assert task.children == []
    library.predict(task)
    assert [child.task_spec.name for child in task.children] == ["b"]
    assert task.children[0].children == []
    library.predict(task)
    assert len(task.children) == 1
    library.look_ahead(task.workflow, [task])
    assert task.children[0].children


def library_round_trip(workflow: BpmnWorkflow, spec: tuple[Any, Any]) -> Any:
    codec = importlib.import_module("app.engine.codec")
    return codec.load(codec.dump(workflow), *spec, library.ScriptEngine({}, play.no_one, {}))


def _plain_spec(content: bytes, process: str) -> tuple[Any, Any]:
    parser = SpiffBpmnParser()
    parser.add_bpmn_str(content)
    return parser.get_spec(process), parser.get_subprocess_specs(process)


def test_failing_script_names_element_line_and_reason() -> None:
    walk = Play(scripted("y = 0\nfor each in [1]:\n    x = each // y"), "scripted")
    with pytest.raises(DiagramFault) as fault:
        walk.complete("do")
    assert (fault.value.element, fault.value.line) == ("work", walk.definitions.scripts["work"] + 2)
    assert fault.value.reason.startswith("ZeroDivisionError")


def test_refusal_of_a_function_arrives_untouched() -> None:
    refused = Refused(Problem("no", "不行"))

    def say_no() -> None:
        raise refused

    walk = Play(scripted("say_no()"), "scripted", {"say_no": say_no})
    with pytest.raises(Refused) as caught:
        walk.complete("do")
    assert caught.value is refused


def test_condition_without_an_answer_is_the_diagrams_fault() -> None:
    elements = tiny.start() + tiny.user("do") + tiny.gateway("which") + tiny.user("a") + tiny.end()
    files = {"g.bpmn": tiny.document(tiny.process("g", elements, "s>do>which; which>a[unknown == 1]; a>e"))}
    walk = Play(files, "g")
    with pytest.raises(DiagramFault) as fault:
        walk.complete("do")
    assert fault.value.element == "which"
    assert "unknown" in fault.value.reason


def test_asking_task_is_told_before_scripts_conditions_and_timers() -> None:
    asked: list[str] = []
    elements = (
        tiny.start() + tiny.script("first", "x = 1") + tiny.gateway("which") + tiny.catch("wait", tiny.timer("days(1)"))
        + tiny.end()
    )  # fmt: skip
    files = {
        "a.bpmn": tiny.document(tiny.process("a", elements, "s>first>which; which>wait[x == 1]; which>e!; wait>e"))
    }
    play.at(play.START)
    found = play.definitions(files)
    play.Run.start(found, "a", {"days": play.days}, lambda element, _task, _data: asked.append(element), {})
    assert asked == ["first", "which", "wait"]


@pytest.mark.parametrize("name", ["spiff", "spiff.task", "spiff.workflow", "spiff.data"])
def test_loggers_of_the_library_are_quiet_below_warning(name: str) -> None:
    assert logging.getLogger(name).getEffectiveLevel() == logging.WARNING


def test_task_that_changes_its_state_builds_no_log_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("SpiffWorkflow.task.logger.info", lambda *_, **__: pytest.fail("a record was built"))
    walk = Play(CONSTRUCTS["users"], "users")
    found = walk.run._task(walk.task("a"))
    before = found.last_state_change
    walk.complete("a")
    assert (found.state, found.last_state_change > before) == (library.TaskState.COMPLETED, True)


PRIVATE = {  # class → what we use of it although it is not meant for others, or although its meaning may change
    "SpiffWorkflow.task.Task": [
        "_add_child",
        "_sync_children",
        "_ready",
        "_set_state",
        "_set_internal_data",
        "_get_internal_data",
    ],
    "SpiffWorkflow.specs.base.TaskSpec": ["_predict", "_predict_hook", "_update"],
    "SpiffWorkflow.bpmn.specs.mixins.subworkflow_task.SubWorkflowTask": ["_on_subworkflow_completed"],
    "SpiffWorkflow.bpmn.specs.mixins.multiinstance_task.StandardLoopTask": ["merge_child"],
    "SpiffWorkflow.bpmn.specs.mixins.multiinstance_task.MultiInstanceTask": [
        *("merge_child", "create_child", "check_completion_condition", "_update_hook"),
    ],
    "SpiffWorkflow.workflow.Workflow": ["_task_removed_notify", "cancel"],
    "SpiffWorkflow.bpmn.BpmnWorkflow": ["refresh_timers", "get_events", "create_subprocess", "update_waiting_tasks"],
    "SpiffWorkflow.bpmn.util.event.EventManager": ["add_task", "remove_task", "catch"],
    "SpiffWorkflow.bpmn.specs.control._EndJoin": [],
    "SpiffWorkflow.bpmn.specs.control.EventSplit": [],
    "SpiffWorkflow.bpmn.specs.control.BoundaryEventSplit": [],
    "SpiffWorkflow.bpmn.specs.control.BoundaryEventJoin": [],
    "SpiffWorkflow.bpmn.specs.mixins.unstructured_join.UnstructuredJoin": [],
}
OF_TASKS = {"_children", "_parent", "_state"}  # attributes, see the test of what the codec sets


@pytest.mark.parametrize("path", PRIVATE)
def test_private_part_is_still_there(path: str) -> None:
    module, _, name = path.rpartition(".")
    owner = getattr(importlib.import_module(module), name)
    assert [part for part in PRIVATE[path] if not hasattr(owner, part)] == []


def test_task_and_workflow_carry_the_private_attributes_that_the_codec_sets() -> None:
    walk = Play({"timed.bpmn": TIMED}, "timed", restart=False)
    workflow = walk.run._workflow
    task = next(iter(workflow.tasks.values()))
    written = {"id", "workflow", "_children", "_state", "triggered", "thread_id", "last_state_change", "task_spec",
               "internal_data", "_parent", "data"}  # fmt: skip
    assert set(vars(task)) == written
    own = {"tasks", "task_tree", "last_task", "data", "correlations", "success", "completed", "subprocesses",
           "subprocess_specs", "event_manager", "bpmn_events"}  # fmt: skip
    assert own - {*vars(workflow), "task_tree"} == set()
    assert isinstance(workflow.task_tree, Task)


def test_ids_are_texts_that_outlive_a_restart_and_tasks_gather_nothing_for_a_log() -> None:
    walk = Play(CONSTRUCTS["boundaries"], "boundaries", restart=False)
    before = [(task.id, task.element.id) for task in walk.run.user_tasks()]
    walk.restart = True
    walk.store()
    assert [(task.id, task.element.id) for task in walk.run.user_tasks()] == before
    tasks = walk.run._workflow.tasks
    assert all(str(UUID(key)) == key and type(task) is library.CompactTask for key, task in tasks.items())
    assert [task.collect_log_extras() for task in tasks.values()] == [{}] * len(tasks)


def test_names_that_the_library_gives_to_what_no_diagram_shows() -> None:
    walk = Play(CONSTRUCTS["boundaries"], "boundaries", restart=False)
    names = set(walk.run._workflow.spec.task_specs)
    assert {"Start", "End", "boundaries.EndJoin", "go.BoundaryEventSplit", "go.BoundaryEventJoin"} <= names
    assert walk.run._workflow.spec.start.name == "Start"


def test_what_the_library_keeps_of_a_waiting_timer() -> None:
    elements = tiny.start() + tiny.user("a") + tiny.boundary("once", "a", tiny.timer("days(1)"))
    elements += tiny.boundary("often", "a", tiny.cycle('"R3/P1D"'), interrupting=False) + tiny.user("b") + tiny.end()
    files = {"t.bpmn": tiny.document(tiny.process("t", elements, "s>a>b>e; once>b; often>e"))}
    tasks = Play(files, "t").run._workflow.event_manager.tasks.values()
    kept = {task.task_spec.name: task.internal_data["event_value"] for task in tasks}
    assert (type(kept["once"]), kept["often"].keys()) == (str, {"cycles", "next", "duration"})


def test_table_names_every_private_part_that_the_engine_uses_and_no_other() -> None:
    table = {part for parts in PRIVATE.values() for part in parts if part.startswith("_")}
    classes = {name for path in PRIVATE if (name := path.rpartition(".")[2]).startswith("_")}
    assert _library_privates() == table | classes | OF_TASKS


def _library_privates() -> set[str]:
    """Names with a leading underscore that engine modules take from the library or its objects."""
    found = set()
    for path in Path(library.__file__).parent.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        nodes = list(ast.walk(tree))
        imported = [
            node for node in nodes if isinstance(node, ast.ImportFrom) and "SpiffWorkflow" in (node.module or "")
        ]
        if imported:
            found |= {each.name for node in imported for each in node.names if each.name.startswith("_")}
            found |= {node.attr for node in nodes if isinstance(node, ast.Attribute) and _of_another(node)}
    return found


def _of_another(node: ast.Attribute) -> bool:
    own = isinstance(node.value, ast.Name) and node.value.id in ("self", "run")
    return node.attr.startswith("_") and not node.attr.startswith("__") and not own
