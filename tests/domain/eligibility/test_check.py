"""Cases A7, A8, A22, A24, B20, B22, B24 at submission: every reason at once, nothing where there is none."""

from datetime import date
from typing import Any

import pytest

from app.domain.eligibility import check
from app.domain.eligibility.check import Point
from app.domain.eligibility.windows import window
from app.domain.eligibility.world import Body, ImpactPeriod, OtherDeclaration


def codes(form: dict[str, Any], rules: Any, world: Any) -> list[str]:
    return [problem.code for problem in check.check_submission(form, rules, world)]


@pytest.fixture
def freelancer() -> dict[str, Any]:
    return {
        "category": "freelancer", "work_place": "chongqing", "archive_place": "chongqing", "agency_id": 21,
        "district_id": 22, "insurance_months": 30, "id_type": "resident_id", "target_title": "engineer",
        "highest_education": "doctor", "current_title": "none", "tax_record": True,
    }  # fmt: skip


@pytest.fixture
def stationed(senior: dict[str, Any]) -> dict[str, Any]:
    return {**senior, "category": "non_local_unit", "top_body_id": 31, "entrustment_letter": ["a3"]}


def test_sound_declaration_has_no_problem(n2: Any, senior: Any, freelancer: Any, stationed: Any, at: Any) -> None:
    assert [codes(form, n2, at("2023-10-20")) for form in (senior, freelancer, stationed)] == [[], [], []]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2023-10-06 23:59:59", ["window_not_open"]),
        ("2023-10-07 00:00:00", []),
        ("2023-10-31 23:59:59", []),
        ("2023-11-01 00:00:00", ["window_closed"]),
    ],
)
def test_submission_is_held_to_the_second(n2: Any, senior: Any, at: Any, moment: str, expected: list[str]) -> None:
    assert codes(senior, n2, at(moment)) == expected


def test_n4_submission_is_held_to_its_clock_times(n4: Any, senior: Any, at: Any) -> None:
    form = {**senior, "category": "district_public", "district_id": 13, "insurance_months": 40}
    form["current_title_date"] = "2017-12-31"
    n4_window = window("2022-11-14 09:30", "2022-11-29 17:30", "N4 §二")
    corrections = window("2022-11-30", "2022-12-07", "N4 附件1")
    moments = ["2022-11-14 09:29:59", "2022-11-14 09:30:00", "2022-11-29 17:30:00", "2022-11-29 17:30:01", "2022-12-01"]
    found = [codes(form, n4, at(moment, window=n4_window, corrections=corrections)) for moment in moments]
    assert found == [["window_not_open"], [], [], ["window_closed"], ["corrections_only"]]


def test_applicant_who_administers_a_body_on_the_route_cannot_submit(n2: Any, senior: Any, at: Any) -> None:
    for organisation, name, field in ((11, "甲科技馆", "unit_id"), (12, "某主管部门", "department_id")):
        world = at("2023-10-20", administrator_of={organisation: name})
        (problem,) = check.check_submission(senior, n2, world)
        assert problem.message == (
            f"您是{name}的职称管理员，而该机构须审核推荐您本人的申请书，暂不能提交。"
            "请由该机构另行指定职称管理员后再提交。"
        )
        assert (problem.code, problem.field, problem.clause) == ("own_administrator", field, "N2 §四(二)1")
    assert codes(senior, n2, at("2023-10-20", administrator_of={})) == []
    assert codes(senior, n2, at("2023-10-20", administrator_of={99: "别的单位"})) == []


def test_non_local_unit_needs_the_entrustment_letter(n2: Any, n4: Any, stationed: Any, at: Any) -> None:
    without = {**stationed, "entrustment_letter": []}
    assert codes(stationed, n2, at("2023-10-20")) == []
    (problem,) = check.check_submission(without, n2, at("2023-10-20", contact="市大数据局 023-00000000"))
    assert problem.as_dict() == {
        "code": "entrustment_letter_missing",
        "message": "驻渝单位人员申报须提供有职称评审权的上级主管部门出具的委托评审函。",
        "field": "entrustment_letter",
        "clause": "N2 §四(一)5",
        "contact": "市大数据局 023-00000000",
    }
    assert codes({**without, "current_title_date": "2017-12-31"}, n4, at("2023-10-20")) == [
        "entrustment_letter_missing"
    ]
    assert codes(without, n2, at("2023-10-20", on_letter=True)) == []


def test_freelancer_needs_a_tax_record(n2: Any, freelancer: Any, at: Any) -> None:
    (problem,) = check.check_submission({**freelancer, "tax_record": False}, n2, at("2023-10-20"))
    assert (problem.code, problem.field, problem.clause) == ("tax_record_missing", "tax_record", "N2 §四(一)4")


def test_archive_elsewhere_needs_form_5_and_the_insured_unit(n2: Any, senior: Any, at: Any) -> None:
    form = {
        **senior, "category": "non_public", "work_place": "chongqing", "archive_place": "elsewhere", "district_id": 13,
        "insurance_months": 12, "archive_record": ["a5"], "insured_unit_id": 11,
    }  # fmt: skip
    assert codes(form, n2, at("2023-10-20")) == []
    for change, field in (({"archive_record": []}, "archive_record"), ({"insured_unit_id": 19}, "insured_unit_id")):
        (problem,) = check.check_submission({**form, **change}, n2, at("2023-10-20"))
        assert problem.message == "档案存放异地的，请上传存档机构盖章的《查档情况》，且所在单位应与参保单位一致。"
        assert (problem.code, problem.field) == ("archive_record_missing", field)


def test_body_of_the_route_must_be_chosen_and_registered(n2: Any, senior: Any, at: Any) -> None:
    (missing,) = check.check_submission({**senior, "department_id": None}, n2, at("2023-10-20"))
    assert (missing.code, missing.field) == ("body_missing", "department_id")
    unregistered = {12: Body("某主管部门", registered=False, contact="徐敏", phone="023-00000001")}
    (problem,) = check.check_submission(senior, n2, at("2023-10-20", bodies=unregistered))
    assert problem.message == "未找到“某主管部门”。请联系该机构先行注册，联系人徐敏，电话023-00000001。"
    known = Body("某主管部门", contact="徐敏", phone="023-00000001")
    assert codes(senior, n2, at("2023-10-20", bodies={12: known})) == []


def test_body_of_the_route_needs_a_contact_and_phone_for_its_step(n2: Any, senior: Any, at: Any) -> None:
    (problem,) = check.check_submission(senior, n2, at("2023-10-20", bodies={12: Body("某主管部门", contact="徐敏")}))
    assert (problem.code, problem.field) == ("no_contact", "department_id")
    assert problem.message == (
        "“某主管部门”尚未登记“单位主管部门”环节的联系人和联系电话，暂不能列入申报渠道。"
        "请由该机构的职称管理员在“机构联系方式”中填写后再办。"
    )
    own = Body("某主管部门", steps=frozenset({"department"}))
    assert codes(senior, n2, at("2023-10-20", bodies={12: own})) == []


def test_the_body_that_accepts_needs_somebody_to_call_too(senior, n2, at):
    (problem,) = check.check_submission(senior, n2, at("2023-10-20", convening=Body("某局")))
    assert (problem.code, problem.field) == ("no_contact", None)
    assert problem.message.startswith("“某局”尚未登记“受理”环节的联系人和联系电话")
    own = Body("某局", steps=frozenset({"acceptance"}))
    assert codes(senior, n2, at("2023-10-20", convening=own)) == []


def test_all_reasons_are_given_at_once(n2: Any, senior: Any, at: Any) -> None:
    form = {
        **senior, "category": "non_public", "work_place": "chongqing", "archive_place": "elsewhere",
        "retirement_approved_on": "2023-10-15", "current_title_date": "2019-01-01", "performance_conditions": [],
        "insurance_months": 3,
    }  # fmt: skip
    world = at(
        "2023-11-01",
        declarations=(OtherDeclaration("工程师", "某评委会", "已受理", "accepted"),),
        impact_periods=(ImpactPeriod(date(2023, 1, 1), None),),
        administrator_of={11: "甲科技馆"},
        contact="市大数据局 023-00000000",
    )
    problems = check.check_submission(form, n2, world)
    assert [problem.code for problem in problems] == [
        "window_closed", "retired", "barred", "year_once", "body_missing", "own_administrator",
        "archive_record_missing", "insurance_too_short", "seniority_insufficient", "performance_condition_missing",
    ]  # fmt: skip
    assert {problem.contact for problem in problems} == {"市大数据局 023-00000000"}
    assert [problem.code for problem in problems if not problem.clause] == []


def test_person_out_of_scope_is_not_sent_looking_for_a_route(n2: Any, senior: Any, at: Any) -> None:
    assert codes({**senior, "category": "civil_servant"}, n2, at("2023-10-20")) == ["scope"]
    assert codes({**senior, "category": "none_of_these"}, n2, at("2023-10-20")) == ["no_route"]
    assert codes({**senior, "category": ""}, n2, at("2023-10-20")) == ["no_route"]


def test_continuing_education_not_verified_is_examined_and_never_refused(n2: Any, senior: Any, at: Any) -> None:
    assert codes({**senior, "ce_hours": None}, n2, at("2023-10-20")) == []

    def hours(form: dict[str, Any]) -> list[Point]:
        return [point for point in check.explain(form, n2) if point.rule == "R-028"]

    clause = "N1 §一(三)；N4 附件2 四"
    assert hours(senior) == [Point("R-028", "按规定完成继续教育", "尚未填写学时", None, "继续教育登记卡复印件", clause)]
    (stated,) = hours({**senior, "ce_hours": 90})
    assert (stated.found, stated.ok, stated.missing_proof) == ("已填写90学时，由单位和主管部门审核", None, None)


def test_points_say_what_is_asked_found_and_still_missing(n2: Any, senior: Any, at: Any) -> None:
    form = {**senior, "category": "non_public", "work_place": "chongqing", "archive_place": "elsewhere"}
    form |= {"current_title_date": "2019-01-01", "insurance_months": 7, "performance_conditions": []}
    points = check.explain(form, n2, at("2023-10-20"))
    assert [(point.rule, point.ok, point.missing_proof) for point in points] == [
        ("R-001", True, None),
        ("R-051", False, "学历（学位）证书"),
        ("R-053/R-054", False, "符合业绩条件的佐证材料"),
        ("R-028", None, "继续教育登记卡复印件"),
        ("R-093", False, "档案存放异地的，请上传存档机构盖章的《查档情况》，且所在单位应与参保单位一致。"),
        ("R-101", False, "市外社保缴费记录"),
    ]
    assert points[1].found == "现职称：工程师，至2023年12月31日满4年11个月30天"
    form |= {"current_title_date": "2018-12-31", "insurance_months": 12, "performance_conditions": ["c2"]}
    form |= {"archive_record": ["a5"], "insured_unit_id": 11, "education": [{"_id": "e1", "evidence": ["a1"]}]}
    mended = check.explain({**form, "ce_hours": 90}, n2, at("2023-10-20"))
    assert [(point.rule, point.ok, point.missing_proof) for point in mended] == [
        ("R-001", True, None), ("R-051", True, None), ("R-053/R-054", True, None), ("R-028", None, None),
        ("R-101", True, None),
    ]  # fmt: skip


def test_document_a_route_asks_for_stands_among_the_points(n2: Any, stationed: Any, freelancer: Any) -> None:
    def rules_of(form: dict[str, Any]) -> list[str]:
        return [point.rule for point in check.explain(form, n2) if point.requirement == "申报渠道所要求的材料"]

    assert (rules_of(stationed), rules_of({**stationed, "entrustment_letter": []})) == ([], ["R-096"])
    assert (rules_of(freelancer), rules_of({**freelancer, "tax_record": False})) == ([], ["R-095"])


def test_probation_and_scope_stand_among_the_points(n2: Any, at: Any) -> None:
    form = {"category": "retiree", "target_title": "technician", "highest_education": "college", "probation_months": 9}
    first, _, probation, *_ = check.explain(form, n2, at("2023-10-20"))
    assert (first.rule, first.ok, first.clause) == ("R-001", False, "N2 §一(五)")
    assert (probation.found, probation.ok) == ("见习期9个月，尚无考察合格的结论", False)
