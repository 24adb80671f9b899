"""Form 8 as shipped: a good declaration passes, and each fault gives its own problem."""

import copy
import time
from dataclasses import replace
from typing import Any

import pytest

from app.errors import InvalidForm
from tests.domain.forms.samples import CONTEXT, DECLARATION, declaration, shipped

FORM = shipped("declaration")
A1 = DECLARATION["achievements"][0]
P1 = DECLARATION["patents"][0]


def row(source: dict[str, Any], **changes: Any) -> list[dict[str, Any]]:
    return [{key: value for key, value in (source | changes).items() if value is not None}]


def problems(values: dict[str, Any]) -> list[tuple[str | None, str, str]]:
    with pytest.raises(InvalidForm) as caught:
        FORM.check(values, CONTEXT)
    return [(problem.field, problem.code, problem.message) for problem in caught.value.problems]


def test_good_declaration_comes_back_unchanged() -> None:
    assert FORM.check(DECLARATION, CONTEXT) == DECLARATION


BROKEN: dict[str, tuple[dict[str, Any], tuple[str, str, str]]] = {
    "name missing": ({"name": ""}, ("name", "required", "请填写“姓名”。")),
    "name of blanks": ({"name": "  "}, ("name", "required", "请填写“姓名”。")),
    "sex not among the options": ({"sex": "x"}, ("sex", "option", "“性别”：请从所列选项中选择。")),
    "month out of range": (
        {"work_start": "2009-13"},
        ("work_start", "month", "“参加工作时间”：请填写年月，如 2014.05。"),
    ),
    "wrong check digit": (
        {"id_number": "500104198607120019"},
        ("id_number", "identity_number", "身份证号校验未通过，请核对第18位附近的数字；应为18位。"),
    ),
    "one digit short": (
        {"id_number": "50010419860712001"},
        ("id_number", "identity_number", "身份证号校验未通过，请核对第18位附近的数字；应为18位。"),
    ),
    "letter inside": (
        {"id_number": "5001O4198607120013"},
        ("id_number", "identity_number", "身份证号校验未通过，请核对第5位附近的数字；应为18位。"),
    ),
    "birth month unlike the number": (
        {"birth_month": "1987-07"},
        ("id_number", "id_birth", "身份证号中的出生年月为1986.07，与填写的不一致，请核对。"),
    ),
    "sex unlike the number": (
        {"sex": "female"},
        ("id_number", "id_sex", "身份证号对应的性别与填写的“女”不一致，请核对。"),
    ),
    "mobile too short": ({"mobile": "1390000"}, ("mobile", "pattern", "手机号码有误，请核对；应为11位。")),
    "date that does not exist": (
        {"current_title_date": "2015-02-30"},
        ("current_title_date", "type", "“何时取得何职称：取得日期”的格式不正确。"),
    ),
    "title date missing": (
        {"current_title_date": None},
        ("current_title_date", "required", "请填写“何时取得何职称：取得日期”。"),
    ),
    "hours below zero": ({"ce_hours": -1}, ("ce_hours", "min", "“继续教育学时(分)”不能小于0。")),
    "hours as text": ({"ce_hours": "500"}, ("ce_hours", "type", "“继续教育学时(分)”的格式不正确。")),
    "months with a point": (
        {"insurance_months": 1.5},
        ("insurance_months", "decimals", "“社保缴费月数”：应为整数。"),
    ),
    "department not chosen": ({"department_id": None}, ("department_id", "required", "请选择“单位主管部门”。")),
    "organisation of another kind": (
        {"department_id": 13},
        ("department_id", "organisation", "所选“单位主管部门”不在可选范围内，请联系该机构先行注册后重新选择。"),
    ),
    "organisation that is not there": (
        {"unit_id": 99},
        ("unit_id", "organisation", "所选“所在单位”不在可选范围内，请联系该机构先行注册后重新选择。"),
    ),
    "no education row": ({"education": []}, ("education", "min_rows", "“学历学位情况”至少填写1行，现有0行。")),
    "table that is no list": ({"papers": "无"}, ("papers", "type", "“论文情况”的格式不正确。")),
    "achievement without evidence": (
        {"achievements": [A1, *row(A1, _id="a2", evidence=[])]},
        (
            "achievements.1.evidence",
            "evidence_missing",
            "“取得现职称以来的主要业绩”第2行尚未上传佐证材料，请上传后再提交。涉密内容请先脱密处理。",
        ),
    ),
    "evidence that was deleted": (
        {"achievements": row(A1, evidence=[77])},
        (
            "achievements.0.evidence",
            "attachment_unknown",
            "“取得现职称以来的主要业绩”第1行：“佐证材料”中有文件未上传成功或已删除，请重新上传。",
        ),
    ),
    "evidence of a false type": (
        {"achievements": row(A1, evidence=[3])},
        (
            "achievements.0.evidence",
            "attachment_type",
            "“取得现职称以来的主要业绩”第1行：“现场录像.mp4”为video/mp4、2.9MB，要求PDF、JPG、PNG、不超过20MB。原有内容未受影响。",
        ),
    ),
    "evidence too large": (
        {"achievements": row(A1, evidence=[4])},
        (
            "achievements.0.evidence",
            "attachment_size",
            "“取得现职称以来的主要业绩”第1行：“全套图纸.pdf”为PDF、24.0MB，要求PDF、JPG、PNG、不超过20MB。原有内容未受影响。",
        ),
    ),
    "period that ends before it starts": (
        {"achievements": row(A1, period="2018-11/2016-03")},
        (
            "achievements.0.period",
            "period_order",
            "“取得现职称以来的主要业绩”第1行“起止时间”：结束时间早于开始时间。",
        ),
    ),
    "rank behind the number of people": (
        {"patents": row(P1, rank="7/5")},
        ("patents.0.rank", "rank_order", "“专利情况”第1行“排名”：排名 7/5 有误：名次不能大于总人数。"),
    ),
    "column that is not there": (
        {"patents": row(P1, price=3)},
        ("patents.0.price", "unknown_field", "“专利情况”中没有“price”这一栏。"),
    ),
    "two rows of one id": (
        {"achievements": [A1, A1]},
        ("achievements", "row_id", "“取得现职称以来的主要业绩”中有重复的行，请刷新页面后重试。"),
    ),
    "field that is not there": (
        {"hack": 1},
        ("hack", "unknown_field", "本表单没有“hack”这一项，请刷新页面后重试。"),
    ),
    "no performance condition for a senior title": (
        {"performance_conditions": []},
        ("performance_conditions", "required", "请至少选择一项业绩、成果符合的条件。"),
    ),
    "undertaking not signed": (
        {"undertaking": False},
        ("undertaking", "required", "请阅读并签订《个人承诺书》后再提交。"),
    ),
    "redaction not confirmed": (
        {"redaction_confirmed": None},
        ("redaction_confirmed", "required", "请确认已对涉密内容进行脱密处理。"),
    ),
    "no decision": ({"decision": None}, ("decision", "required", "请选择办理决定。")),
}


@pytest.mark.parametrize(("changes", "expected"), BROKEN.values(), ids=BROKEN)
def test_broken_declaration_gives_its_problem(changes: dict[str, Any], expected: tuple[str, str, str]) -> None:
    assert problems(declaration(**changes)) == [expected]


def test_several_faults_are_all_told() -> None:
    found = problems(declaration(name="", mobile="1", achievements=[]))
    assert [field for field, _, _ in found] == ["name", "mobile", "achievements"]


def test_entrusted_review_may_do_without_an_own_copy_of_the_letter() -> None:
    bodies = {21: "local_top_body", 22: "entrusting_unit", 23: "non_local_unit"}
    values = declaration(
        category="non_local_unit",
        department_id=None,
        unit_id=23,
        insured_unit_id=23,
        top_body_id=21,
        entrusting_unit_id=22,
    )
    context = replace(CONTEXT, organisations=bodies)
    assert "entrustment_letter" not in FORM.check(values, context)  # the entrusting unit may have recorded it
    assert FORM.check(values | {"entrustment_letter": [1]}, context)["entrustment_letter"] == [1]


def test_archive_elsewhere_needs_form_5_and_no_agency() -> None:
    changes = {"category": "non_public", "archive_place": "elsewhere", "department_id": None, "district_id": 14}
    sentence = "档案存放异地的，请上传存档机构盖章的《查档情况》，且所在单位应与参保单位一致。"
    assert problems(declaration(**changes)) == [("archive_record", "required", sentence)]


def test_freelancer_leaves_unit_and_department_out() -> None:
    values = declaration(category="freelancer", agency_id=13, district_id=14, tax_record=True, tax_evidence=[1])
    cleaned = FORM.check(values, CONTEXT)
    asked = ("unit_id", "insured_unit_id", "department_id", "unit_and_post", "agency_id", "district_id")
    assert [key for key in asked if key in cleaned] == ["agency_id", "district_id"]


def test_draft_keeps_what_is_half_filled() -> None:
    draft = {
        "name": "林",
        "mobile": "139",
        "id_number": "5001",
        "patents": [{"_id": "p1", "rank": "7/"}],
        "unit_id": None,
    }
    expected = {key: value for key, value in draft.items() if value is not None}
    assert FORM.check(draft, CONTEXT, partial=True) == expected


def test_draft_keeps_hidden_values() -> None:
    draft = {"category": "freelancer", "unit_id": 11}
    assert FORM.check(draft, CONTEXT, partial=True) == draft


def test_draft_refuses_wrong_types() -> None:
    with pytest.raises(InvalidForm) as caught:
        FORM.check({"ce_hours": "many", "patents": {"a": 1}}, CONTEXT, partial=True)
    assert [problem.field for problem in caught.value.problems] == ["ce_hours", "patents"]


def test_new_row_gets_its_id() -> None:
    first = FORM.check(declaration(achievements=row(A1, _id=None)), CONTEXT)["achievements"][0]
    second = FORM.check(declaration(achievements=row(A1, _id=None)), CONTEXT)["achievements"][0]
    assert len(first["_id"]) == 12
    assert first["_id"] != second["_id"]


def test_forty_rows_are_checked_in_milliseconds() -> None:
    many = [copy.deepcopy(A1) | {"_id": f"a{number}"} for number in range(40)]
    values = declaration(achievements=many)
    spent = []
    for _ in range(5):
        start = time.thread_time()
        FORM.check(values, CONTEXT)
        spent.append(time.thread_time() - start)
    assert min(spent) < 0.03
    start = time.thread_time()
    shipped("declaration")
    assert time.thread_time() - start < 0.1
