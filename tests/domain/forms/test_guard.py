"""What a person may not change: read-only and locked values, prefilled rows, everything outside a correction."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.forms import Form, FormContext
from app.errors import InvalidForm
from tests.domain.forms.samples import CONTEXT, DECLARATION, declaration, form, shipped, table, textfield

FORM = shipped("declaration")
STORED = DECLARATION
ACHIEVEMENT = STORED["achievements"][0]


def problems(built: Form, values: dict[str, Any], context: FormContext) -> list[tuple[str | None, str]]:
    with pytest.raises(InvalidForm) as caught:
        built.check(values, context)
    return [(problem.field, problem.message) for problem in caught.value.problems]


def test_locked_field_cannot_be_changed() -> None:
    context = replace(CONTEXT, locked={"insured_unit_id": 11})
    assert problems(FORM, declaration(insured_unit_id=15), context) == [
        ("insured_unit_id", "“参保单位”已核验通过，不能修改。")
    ]


def test_locked_field_left_out_is_put_back() -> None:
    context = replace(CONTEXT, locked={"insured_unit_id": 11})
    assert FORM.check(declaration(insured_unit_id=None), context)["insured_unit_id"] == 11


def test_locked_field_sent_as_text_is_the_same() -> None:
    context = replace(CONTEXT, locked={"insured_unit_id": 11})
    assert FORM.check(declaration(insured_unit_id="11"), context)["insured_unit_id"] == 11


def test_locked_row_can_neither_change_nor_go() -> None:
    row = STORED["education"][0]
    context = replace(CONTEXT, locked={"education.e1": row})
    message = "“学历学位情况”已核验通过，不能修改。"
    changed = declaration(education=[row | {"school": "别的学校"}])
    assert problems(FORM, changed, context) == [("education.0", message + "（第1行）")]
    assert problems(FORM, declaration(education=[row | {"_id": "e9"}]), context) == [("education", message)]


def test_locked_holds_in_a_draft_too() -> None:
    context = replace(CONTEXT, locked={"insured_unit_id": 11})
    with pytest.raises(InvalidForm):
        FORM.check({"insured_unit_id": 15}, context, partial=True)


def test_correction_changes_only_the_listed_field() -> None:
    context = replace(CONTEXT, current=STORED, only_fields=frozenset({"ce_hours"}))
    assert FORM.check(declaration(ce_hours=520), context)["ce_hours"] == 520
    assert problems(FORM, declaration(ce_hours=520, ce_note="改了"), context) == [
        ("ce_note", "补正仅限所列内容，“继续教育说明”不能修改。")
    ]


def test_correction_changes_only_the_listed_row() -> None:
    other = ACHIEVEMENT | {"_id": "a2"}
    stored = declaration(achievements=[ACHIEVEMENT, other])
    context = replace(CONTEXT, current=stored, only_rows=frozenset({"a2"}))
    listed = declaration(achievements=[ACHIEVEMENT, other | {"role": "参加"}])
    assert FORM.check(listed, context)["achievements"][1]["role"] == "参加"
    beside = declaration(achievements=[ACHIEVEMENT | {"role": "参加"}, other])
    message = "补正仅限所列内容，“取得现职称以来的主要业绩”不能修改。（第1行）"
    assert problems(FORM, beside, context) == [("achievements.0", message)]


def test_correction_adds_and_removes_no_row() -> None:
    context = replace(CONTEXT, current=STORED, only_rows=frozenset({"a1"}))
    added = declaration(achievements=[ACHIEVEMENT, ACHIEVEMENT | {"_id": "a9"}])
    assert problems(FORM, added, context) == [("achievements.1", "“取得现职称以来的主要业绩”不能增加行。")]
    assert problems(FORM, declaration(achievements=[]), context) == [
        ("achievements", "“取得现职称以来的主要业绩”不能删除行。")
    ]


def test_correction_may_send_the_listed_part_only() -> None:
    context = replace(CONTEXT, current=STORED, only_fields=frozenset({"ce_hours"}))
    assert FORM.check({"ce_hours": 520, "decision": "submit"}, context) == declaration(ce_hours=520)


def test_correction_is_not_stopped_by_faults_outside_it() -> None:
    stored = declaration(mobile="1390000")
    context = replace(CONTEXT, current=stored, only_fields=frozenset({"ce_hours"}))
    cleaned = FORM.check(stored | {"ce_hours": 520}, context)
    assert cleaned["ce_hours"] == 520
    assert problems(FORM, stored | {"ce_hours": -1}, context) == [("ce_hours", "“继续教育学时(分)”不能小于0。")]


def test_readonly_value_comes_from_the_record() -> None:
    built = form(textfield("rule", readonly=True), textfield("text"))
    context = replace(CONTEXT, current={"rule": "R-016"})
    assert built.check({"rule": "R-000", "text": "甲"}, context) == {"rule": "R-016", "text": "甲"}


def test_prefilled_rows_keep_their_readonly_cells() -> None:
    built = form(table("items", textfield("target", readonly=True), textfield("reply"), allowAddRemove=False))
    context = replace(CONTEXT, current={"items": [{"_id": "i1", "target": "学历"}]})
    given = {"items": [{"_id": "i1", "target": "别的", "reply": "已补"}]}
    assert built.check(given, context) == {"items": [{"_id": "i1", "target": "学历", "reply": "已补"}]}
    assert built.check({}, context) == {"items": [{"_id": "i1", "target": "学历"}]}
    assert problems(built, {"items": [{"reply": "新的"}]}, context) == [
        ("items.0", "“items”不能增加行。"),
        ("items", "“items”不能删除行。"),
    ]


def test_prefilled_surplus_of_a_row_is_left_out() -> None:
    built = form(table("items", textfield("reply"), allowAddRemove=False), table("seen", textfield("a"), readonly=True))
    stored = {"items": [{"_id": "i1", "note": "旧"}], "seen": [{"_id": "s1", "a": "甲", "b": "乙"}]}
    context = replace(CONTEXT, current=stored)
    assert built.check({"items": [{"_id": "i1", "note": "旧", "reply": "已补"}]}, context) == {
        "items": [{"_id": "i1", "reply": "已补"}],
        "seen": [{"_id": "s1", "a": "甲"}],
    }
    assert problems(built, {"items": [{"_id": "i1", "price": 3}]}, context) == [
        ("items.0.price", "“items”中没有“price”这一栏。")
    ]


def test_prefilled_rows_are_as_many_as_there_are_and_others_have_a_limit() -> None:
    many = [{"_id": f"i{number}", "a": "甲"} for number in range(501)]
    shown, fixed = table("seen", textfield("a"), readonly=True), table("items", textfield("a"), allowAddRemove=False)
    context = replace(CONTEXT, current={"seen": many, "items": many})
    assert form(shown, fixed).check({"items": many}, context) == {"seen": many, "items": many}
    assert problems(form(table("own", textfield("a"))), {"own": many}, CONTEXT) == [
        ("own", "“own”最多填写500行，现有501行。")
    ]


@pytest.mark.parametrize("rows", ["x", 5, [1], [{"_id": {}}], {"a": 1}])
def test_rows_of_a_wrong_shape_are_refused(rows: Any) -> None:
    built = form(table("items", textfield("reply"), allowAddRemove=False))
    context = replace(CONTEXT, current={"items": [{"_id": "i1"}]})
    assert problems(built, {"items": rows}, context) == [("items", "“items”的格式不正确。")]
