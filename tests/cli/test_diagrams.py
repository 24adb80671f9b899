"""`zhiping lint`, `import-diagram` and `functions`: what a designer asks from the command line."""

import json
import shutil
from pathlib import Path

from app import functions
from app.cli.places import DIAGRAMS, NOTICES
from tests.cli.conftest import Run

TWINS = Path(__file__).parents[1] / "diagrams"
FOREIGN = Path(__file__).parents[1] / "foreign"


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
        assert result.output.splitlines()[-1].endswith("0 处问题"), result.output


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


def test_foreign_diagram_is_written_under_the_name_of_its_file_with_the_list(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "leave.bpmn"

    result = run("import-diagram", str(FOREIGN / "camunda" / "timers.bpmn"), str(target))

    assert result.exit_code == 0, result.output
    assert b'<bpmn:process id="leave"' in target.read_bytes()
    assert "wait [timer] “等三天”：过一段时间的时间 3日4小时 改成了期限 wait。" in result.output
    assert result.output.splitlines()[-1].startswith(f"Camunda 7 的流程图已写入 {target}，5 处须核对")


def test_refused_import_says_why_and_leaves_nothing_behind(run: Run, tmp_path: Path) -> None:
    hostile, kept = tmp_path / "hostile.bpmn", tmp_path / "kept.bpmn"
    hostile.write_text('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', encoding="utf-8")
    kept.write_text("mine", encoding="utf-8")
    sound = str(FOREIGN / "flowable" / "timers.bpmn")

    refused = run("import-diagram", str(hostile), str(tmp_path / "out.bpmn"))
    exists = run("import-diagram", sound, str(kept))

    assert (refused.exit_code, refused.output) == (
        2, "文件带有 DOCTYPE 或实体声明，可能借此读取服务器上的文件。删去 DOCTYPE 与 ENTITY 声明，流程图用不到它们。\n"
    )  # fmt: skip
    assert (exists.exit_code, kept.read_text(encoding="utf-8")) == (2, "mine")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hostile.bpmn", "kept.bpmn"]
    told = json.loads(run("import-diagram", sound, str(kept), "--force", "--json").output)
    assert (told["process"], told["dialect"], {entry["code"] for entry in told["dropped"]}) == (
        "kept", "Flowable", {"extension", "timer"}
    )  # fmt: skip


def test_lint_of_a_notice_compares_its_text_with_its_parameters(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "notices"
    folder = shutil.copytree(NOTICES / "n2_2023_bigdata", root / "n2_2023_bigdata")
    said = (folder / "parameters.yaml").read_text(encoding="utf-8")
    changed = said.replace("unit_publicity_wd: {value: 5", "unit_publicity_wd: {value: 3", 1)
    (folder / "parameters.yaml").write_text(changed, encoding="utf-8")

    result = run("lint", str(folder))

    assert result.exit_code == 1
    assert "unit_publicity_wd [number_differs]" in result.output
    assert "与条款（渝大数据发〔2023〕54号四(二)3(1)）写的不少于5个工作日不一致" in result.output
