"""What publishing a form refuses, and the sound twin beside each fault."""

from typing import Any

import pytest

from app.domain.forms import UnusableSchema, check_schema, compile_form
from tests.domain.forms.samples import table, textfield

Fault = tuple[str | None, str]


def found(*components: dict[str, Any], reserved: frozenset[str] = frozenset()) -> list[Fault]:
    schema = {"type": "default", "components": list(components)}
    return [(problem.field, problem.code) for problem in check_schema(schema, reserved)]


def select(key: str, *values: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "select", "id": f"f_{key}", "key": key, "label": key, "values": list(values)} | more


def decision(*values: dict[str, Any]) -> dict[str, Any]:
    return {"type": "radio", "id": "d", "key": "decision", "label": "办理决定", "values": list(values)}


def hidden(text: str) -> dict[str, Any]:
    return textfield("b", conditional={"hide": text})


A, B = {"label": "甲", "value": "a"}, {"label": "乙", "value": "b"}
PASS = {"label": "审核通过", "value": "pass"}

CASES: dict[str, tuple[list[dict[str, Any]], list[Fault], list[dict[str, Any]]]] = {
    "unsupported component": (
        [{"type": "filepicker", "id": "f", "key": "f", "label": "文件"}],
        [("f", "unsupported_component")],
        [textfield("f")],
    ),
    "expression out of the subset": (
        [textfield("a"), hidden("=a in [1..9]")],
        [("b", "feel")],
        [textfield("a"), hidden("=a in [1, 9]")],
    ),
    "expression without its sign": (
        [textfield("a"), hidden("a = 1")],
        [("b", "feel")],
        [textfield("a"), hidden("=a = 1")],
    ),
    "expression over an unknown field": (
        [textfield("a"), hidden("=c = 1")],
        [("b", "unknown_name")],
        [textfield("a"), hidden("=a = 1")],
    ),
    "condition on a column from outside": (
        [table("t", textfield("c")), hidden("=c = 1")],
        [("b", "unknown_name")],
        [table("t", textfield("c")), hidden("=count(t) = 1")],
    ),
    "expression in another place": (
        [textfield("a", readonly="=b")],
        [("a", "formula_place")],
        [textfield("a", readonly=True)],
    ),
    "expression in a limit": (
        [textfield("a", validate={"maxLength": "=b"})],
        [("a", "formula_place")],
        [textfield("a", validate={"maxLength": 3})],
    ),
    "options from data": ([select("a", A, valuesKey="b")], [("a", "formula_place")], [select("a", A)]),
    "no options": ([select("a")], [("a", "options")], [select("a", A)]),
    "an option twice": ([select("a", A, A)], [("a", "options")], [select("a", A, B)]),
    "an option without words": ([select("a", {"value": "a"})], [("a", "options")], [select("a", A)]),
    "duplicate key": (
        [textfield("a"), textfield("a", id="f2")],
        [("a", "duplicate_key")],
        [textfield("a"), table("t", textfield("a", id="f2"))],
    ),
    "duplicate id": (
        [textfield("a"), textfield("b", id="f_a")],
        [("b", "duplicate_id")],
        [textfield("a"), textfield("b")],
    ),
    "key in capitals": ([textfield("Name")], [("Name", "bad_key")], [textfield("name")]),
    "key with a path": ([textfield("a.b")], [("a.b", "bad_key")], [textfield("a_b")]),
    "key that is a word of FEEL": ([textfield("count")], [("count", "bad_key")], [textfield("counted")]),
    "missing label": ([textfield("a", label=" ")], [("a", "missing_label")], [textfield("a", label="甲")]),
    "group with a path": (
        [{"type": "group", "id": "g", "path": "g", "label": "组", "components": []}],
        [("g", "group_path")],
        [{"type": "group", "id": "g", "label": "组", "components": []}],
    ),
    "table in a table": (
        [table("t", table("u", textfield("a")))],
        [("u", "nested_table")],
        [table("t", textfield("a"))],
    ),
    "pattern that does not parse": (
        [textfield("a", validate={"pattern": "("})],
        [("a", "pattern")],
        [textfield("a", validate={"pattern": "()"})],
    ),
    "decision option without value": (
        [decision({"label": "审核通过"})],
        [("decision", "decision_option")],
        [decision(PASS)],
    ),
    "decision option in Chinese": (
        [decision({"label": "审核通过", "value": "通过"})],
        [("decision", "decision_option")],
        [decision(PASS)],
    ),
    "decision that asks for an unknown field": (
        [decision(PASS | {"requires": ["opinion"]})],
        [("decision", "decision_option")],
        [textfield("opinion"), decision(PASS | {"requires": ["opinion"]})],
    ),
    "decision with a checklist that is none": (
        [textfield("checks"), decision(PASS | {"allOk": ["checks"]})],
        [("decision", "decision_option")],
        [textfield("checks"), decision(PASS | {"requires": ["checks"]})],
    ),
    "decision that is no radio": ([textfield("decision")], [("decision", "decision")], [decision(PASS)]),
}


@pytest.mark.parametrize(("faulty", "expected", "sound"), CASES.values(), ids=CASES)
def test_fault_is_found_and_its_sound_twin_passes(
    faulty: list[dict[str, Any]], expected: list[Fault], sound: list[dict[str, Any]]
) -> None:
    assert found(*faulty) == expected
    assert found(*sound) == []


def test_key_named_like_a_function_is_refused() -> None:
    reserved = frozenset({"deadline"})
    assert found(textfield("deadline"), reserved=reserved) == [("deadline", "reserved_key")]
    assert found(table("rows", textfield("deadline")), reserved=reserved) == []


def test_date_field_may_have_its_words_in_its_own_property() -> None:
    date = {"type": "datetime", "id": "f", "key": "a", "subtype": "date"}
    assert found(date) == [("a", "missing_label")]
    assert found(date | {"dateLabel": "日期"}) == []


def test_computed_field_needs_no_words() -> None:
    assert found(textfield("a"), {"type": "expression", "id": "e", "key": "b", "expression": "=a"}) == []


def test_all_faults_are_told_at_once() -> None:
    faulty = [textfield("a", label=""), {"type": "iframe", "id": "i", "label": "页"}, hidden("=today() = a")]
    assert found(*faulty) == [("a", "missing_label"), ("i", "unsupported_component"), ("b", "feel")]


@pytest.mark.parametrize(
    ("component", "message"),
    [
        (
            {"type": "filepicker", "id": "f", "key": "files", "label": "材料"},
            "不支持的表单组件“filepicker”（材料）。",
        ),
        (hidden("=a > today()"), "“b”的表达式“=a > today()”第5个字符处：不支持“today”。"),
        (decision(PASS | {"requires": ["opinion"]}), "决定“审核通过”要求的字段“opinion”不存在。"),
    ],
)
def test_compiling_names_what_it_cannot_carry(component: dict[str, Any], message: str) -> None:
    with pytest.raises(UnusableSchema) as caught:
        compile_form({"components": [component]})
    assert caught.value.problems[0].message == message


def test_compiling_refuses_a_key_twice() -> None:
    with pytest.raises(UnusableSchema) as caught:
        compile_form({"components": [textfield("a"), textfield("a")]})
    assert caught.value.problem.code == "duplicate_key"


def test_schema_without_components_is_no_form() -> None:
    assert [problem.code for problem in check_schema({"type": "default"}, ())] == ["not_a_form"]
