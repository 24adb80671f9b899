"""Trials of unpublished diagrams: what works goes through, what runs wild is stopped."""

import os
import time
from datetime import datetime
from pathlib import Path

import pytest

from app.engine.script_rules import check_source
from app.engine.trial import Limits, Stage, Step, trial

DIAGRAMS = Path(__file__).parents[1] / "diagrams"
SCRIPT = (DIAGRAMS / "script_syntax.good.bpmn").read_text(encoding="utf-8")
GATEWAY = {"sample.bpmn": (DIAGRAMS / "gateway_without_default.good.bpmn").read_bytes()}
WAIT = {"sample.bpmn": (DIAGRAMS / "bare_timer.good.bpmn").read_bytes()}
STAGE = Stage(datetime.fromisoformat("2023-10-09T09:00:00+08:00"))
TIGHT = Limits(cpu=1.0, wall=20.0)


def script(source: str) -> dict[str, bytes]:
    text = source.replace("&", "&amp;").replace("<", "&lt;")
    return {"sample.bpmn": SCRIPT.replace("result = (1 + 2)", text).encode()}


NESTED = f"a = [0]\nb = [0]\nfor i in {list(range(40))}:\n    a = [a, a]\n    b = [b, b]\n"
TEN = list(range(32))
BOMBS = {
    "comparison_in_c": (NESTED + "same = a == b", "cpu"),
    "text_of_nested_lists": (NESTED + "text = str(a)", "cpu"),
    "list_of_long_texts": (
        (
            f't = "a"\nfor i in {TEN[:16]}:\n    t = t + t\nbig = []\nfor i in {TEN}:\n    for j in {TEN}:\n'
            f"        for k in {TEN}:\n            big.append(t + str(k))"
        ),
        "memory",
    ),
    "loops_without_end": (
        (
            f"big = []\nfor i in {TEN}:\n    for j in {TEN}:\n        for k in {TEN}:\n            big.append(k)\n"
            "n = 0\nfor i in big:\n    for j in big:\n        n = n + 1"
        ),
        "cpu",
    ),
}


def test_trial_stops_where_people_are_asked() -> None:
    result = trial(GATEWAY, "sample", [], STAGE)

    assert (result.outcome, result.waiting, result.passed) == ("waiting", ["check"], ["start"])


@pytest.mark.parametrize(("decision", "last"), [("accept", "done"), ("incomplete", "repaired")])
def test_trial_completes_steps_to_the_end(decision: str, last: str) -> None:
    steps = [Step("check", {"decision": decision}), Step("repair")][: 1 if decision == "accept" else 2]
    result = trial(GATEWAY, "sample", steps, STAGE)

    assert (result.outcome, result.passed[-1]) == ("ended", last)


def test_trial_says_which_step_does_not_wait() -> None:
    result = trial(GATEWAY, "sample", [Step("repair")], STAGE)

    assert (result.outcome, result.element, result.waiting) == ("no_such_task", "repair", ["check"])


def test_trial_answers_functions_with_the_values_given() -> None:
    due = Stage(STAGE.moment, {"deadline": "2023-10-16T00:00:00+08:00"})
    past = Stage(datetime.fromisoformat("2023-10-16T00:00:01+08:00"), due.answers)

    assert trial(WAIT, "sample", [], due).waiting == ["wait"]
    assert trial(WAIT, "sample", [], past).outcome == "ended"


def test_trial_names_element_and_line_of_a_fault() -> None:
    result = trial(script("result = missing + 1"), "sample", [], STAGE)

    assert (result.outcome, result.element) == ("fault", "compute")
    assert "missing" in result.message
    assert result.line == 1 + SCRIPT[: SCRIPT.index("<bpmn:script>", SCRIPT.index('id="compute"'))].count("\n")


@pytest.mark.parametrize("name", BOMBS)
def test_script_that_runs_wild_is_stopped(name: str) -> None:
    source, outcome = BOMBS[name]
    assert check_source(source, "exec", ()) == []  # the whitelist alone does not hold it

    begin = time.monotonic()
    result = trial(script(source), "sample", [], STAGE, TIGHT)

    assert result.outcome == outcome
    assert result.message.endswith("。") or "已停止" in result.message
    assert time.monotonic() - begin < TIGHT.wall


def test_wall_clock_stops_what_does_not_use_the_processor() -> None:
    result = trial(GATEWAY, "sample", [], STAGE, Limits(wall=0.01))

    assert result.outcome == "wall"
    assert "0.01 秒" in result.message


def test_trial_has_none_of_our_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZHIPING_SECRET_KEY", "known only to the server")
    seen = tmp_path / "environment"
    (tmp_path / "python").write_text(f"#!/bin/sh\nenv > {seen}\nexit 9\n", encoding="utf-8")
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setattr("sys.executable", os.fspath(tmp_path / "python"))

    result = trial(GATEWAY, "sample", [], STAGE)

    assert result.outcome == "crashed"
    names = {line.partition("=")[0] for line in seen.read_text(encoding="utf-8").splitlines()}
    assert names - {"PWD", "SHLVL", "_", "OLDPWD"} == {"PYTHONPATH", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE"}


def test_process_that_is_not_there_is_refused() -> None:
    result = trial(GATEWAY, "other", [], STAGE)

    assert result.outcome == "refused"
    assert "other" in result.message
