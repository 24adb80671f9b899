"""`zhiping lint` and `zhiping functions`: what a designer asks from the command line."""

import json
from pathlib import Path

from app import functions
from app.cli.places import DIAGRAMS, NOTICES
from tests.cli.conftest import Run

TWINS = Path(__file__).parents[1] / "diagrams"


def test_manual_lists_every_function_with_its_text(run: Run) -> None:
    result = run("functions", "--json")
    entries = json.loads(result.output)
    assert sorted(entry["name"] for entry in entries) == sorted(functions.registered())
    assert [entry["name"] for entry in entries if not entry["text"].strip() or "case" in entry["call"]] == []


def test_manual_in_plain_words_names_each_call(run: Run) -> None:
    output = run("functions").output
    assert [entry.call for entry in functions.manual() if entry.call not in output] == []


def test_every_function_begins_its_text_in_chinese() -> None:
    assert [entry.name for entry in functions.manual() if entry.text.splitlines()[0].isascii()] == []


def test_lint_of_the_shipped_diagrams_is_clean(run: Run) -> None:
    result = run("lint", str(DIAGRAMS))
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1].endswith("0 处问题")


def test_lint_of_each_notice_is_clean(run: Run) -> None:
    for folder in sorted(path.parent for path in NOTICES.glob("*/notice.yaml")):
        result = run("lint", str(folder))
        assert result.exit_code == 0, f"{folder.name}: {result.output}"


def test_lint_of_a_faulty_diagram_fails_and_says_where(run: Run) -> None:
    faulty = TWINS / "unknown_function.bad.bpmn"
    result = run("lint", "--json", str(faulty))
    findings = json.loads(result.output)
    assert result.exit_code == 1
    assert "unknown_function" in {finding["code"] for finding in findings}
    assert all(
        finding["file"] == faulty.name and finding["line"]
        for finding in findings
        if finding["code"] == "unknown_function"
    )


def test_lint_without_a_file_is_a_usage_error(run: Run) -> None:
    assert run("lint").exit_code == 2


def test_lint_of_a_missing_file_is_a_usage_error(run: Run) -> None:
    assert run("lint", "nowhere.bpmn").exit_code == 2


def test_notice_anywhere_brings_its_own_forms_lanes_and_words(run: Run) -> None:
    result = run("lint", str(TWINS.parent / "notices" / "made_up_2024"))
    assert result.exit_code == 0, result.output


def test_one_file_of_a_notice_is_read_with_what_its_notice_brings(run: Run) -> None:
    climb = TWINS.parent / "notices" / "made_up_2024" / "diagrams" / "climb.bpmn"
    codes = {finding["code"] for finding in json.loads(run("lint", "--json", str(climb)).output)}
    assert codes & {"unknown_form", "unknown_lane", "unknown_parameter"} == set()
