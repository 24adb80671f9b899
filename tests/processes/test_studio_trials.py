"""What the table and form editors are told while somebody designs."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.forms.choices import form_choices
from app.processes.studio import trials

ROOT = Path(__file__).parents[2]
ROUTE = (ROOT / "bpmn" / "route.dmn").read_text(encoding="utf-8")
DECLARATION = (ROOT / "forms" / "declaration.json").read_text(encoding="utf-8")
TODAY = date(2023, 10, 12)


def small_form(*components: dict[str, Any]) -> str:
    return json.dumps({"type": "default", "id": "f", "components": list(components)})


NAME = {"type": "textfield", "id": "name", "key": "name", "label": "姓名", "validate": {"required": True}}
ABROAD = {"type": "checkbox", "id": "abroad", "key": "abroad", "label": "曾援外"}
COUNTRY = {
    "type": "textfield", "id": "country", "key": "country", "label": "国家", "validate": {"required": True},
    "conditional": {"hide": "=abroad != true"},
}  # fmt: skip


def test_table_answers_as_it_would_answer_a_script() -> None:
    inputs = {"category": "freelancer", "work_place": "", "archive_place": ""}
    found = trials.decision(ROUTE, inputs)
    assert found["findings"] == []
    assert found["answer"]["rules"] == ["route_rule_5"]
    assert [each["recommender"] for each in found["answer"]["outputs"]] == ["agency"]


def test_table_with_a_gap_tells_the_row_and_refuses_the_case() -> None:
    start = ROUTE.index('<rule id="route_rule_5">')
    shortened = ROUTE[:start] + ROUTE[ROUTE.index("</rule>", start) + len("</rule>") :]
    found = trials.decision(shortened, {"category": "freelancer", "work_place": "", "archive_place": ""})
    assert [(each["code"], each["row"]) for each in found["findings"]] == [("gap", ('"freelancer"', "-", "-"))]
    assert found["answer"]["rules"] == []
    assert "没有与输入相符的行" in found["answer"]["problem"]


def test_overlapping_rows_are_both_told() -> None:
    widened = ROUTE.replace('<text>"freelancer"</text>', '<text>? in ["freelancer", "self_review"]</text>')
    found = trials.decision(widened, {"category": "self_review", "work_place": "", "archive_place": ""})
    assert [(each["code"], each["other"], each["rule"]) for each in found["findings"]] == [
        ("overlap", "route_rule_5", "route_rule_7")
    ]
    assert found["answer"]["rules"] == ["route_rule_5", "route_rule_7"]
    assert "同时相符" in found["answer"]["problem"]


def test_options_of_the_declaration_that_no_row_answers_are_told() -> None:
    insurance = (ROOT / "bpmn" / "insurance.dmn").read_text(encoding="utf-8")
    declared = {
        "category": {"mobile": "流动人员", "veteran": "退役军人", "migrant": "新市民"},
        "level": {"senior": "高级"},
    }
    assert trials.decision(insurance, None, declared)["unlisted"] == {"category": ["veteran", "migrant"]}
    assert trials.decision(ROUTE, None, declared)["unlisted"] == {}  # its last row takes whoever is not named


@pytest.mark.parametrize("content", ["", "<x", "<definitions/>", '{"a": 1}', "<!DOCTYPE d []><d/>"])
def test_what_is_no_table_is_a_finding(content: str) -> None:
    found = trials.decision(content, {})
    assert [each["code"] for each in found["findings"]] == ["table_shape"]
    assert found["answer"]["problem"]


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("bpmn/*.dmn"), *ROOT.glob("notices/*/decisions/*.dmn")]), ids=lambda path: path.stem
)
def test_shipped_tables_answer_every_option_of_the_declaration(path: Path) -> None:
    declared = dict(form_choices(DECLARATION.encode()))
    assert trials.unlisted(path.read_bytes(), declared) == {}


def test_form_without_values_is_filled_with_a_sample_that_the_server_takes() -> None:
    found = trials.form(DECLARATION, None, TODAY)
    assert (found["findings"], found["problems"]) == ([], [])
    assert found["values"]["name"] == "示例姓名"
    assert {each["kind"] for each in found["context"]["organisations"]} >= {"institution", "agency"}


def test_form_is_checked_as_when_it_is_handed_in() -> None:
    content = small_form(NAME, ABROAD, COUNTRY)
    assert [each["field"] for each in trials.form(content, {"abroad": True}, TODAY)["problems"]] == ["name", "country"]
    without = trials.form(content, {"name": "甲"}, TODAY)
    assert (without["problems"], without["hidden"]) == ([], ["country"])


def test_a_button_not_pressed_is_no_problem() -> None:
    decision = {
        "type": "radio", "id": "decision", "key": "decision", "label": "决定", "validate": {"required": True},
        "values": [{"label": "通过", "value": "pass", "requires": ["name"]}],
    }  # fmt: skip
    content = small_form(NAME | {"validate": {}}, decision)
    assert trials.form(content, {}, TODAY)["problems"] == []
    assert [each["field"] for each in trials.form(content, {"decision": "pass"}, TODAY)["problems"]] == ["name"]


@pytest.mark.parametrize(
    ("component", "code"),
    [
        (COUNTRY | {"conditional": {"hide": "=abroad ="}}, "feel"),
        (COUNTRY | {"conditional": {"hide": "=elsewhere = 1"}}, "unknown_name"),
        ({"type": "image", "id": "x"}, "unsupported_component"),
        (NAME | {"key": "parameter"}, "reserved_key"),
    ],
)
def test_faults_of_the_schema_come_first(component: dict[str, Any], code: str) -> None:
    found = trials.form(small_form(ABROAD, component), None, TODAY)
    assert [each["code"] for each in found["findings"]] == [code]
    assert "values" not in found


@pytest.mark.parametrize(
    "content",
    [
        "", "[]", "{}", '{"components": [1]}', '{"components": [{"type": "radio", "values": [1]}]}',
        small_form(NAME | {"type": "number", "validate": {"min": "x"}}), small_form(NAME | {"validate": [1]}),
        small_form(NAME | {"conditional": "x"}),
    ],
)  # fmt: skip
def test_what_is_no_form_is_a_finding(content: str) -> None:
    found = trials.form(content, {"name": 3}, TODAY)
    assert [each["code"] for each in found["findings"]] in (["not_json"], ["not_a_form"])
