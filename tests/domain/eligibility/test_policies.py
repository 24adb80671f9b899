"""Cases B7, B9, B10, B12, B13 on both sides; N2 and N4 differ by their tables alone."""

from typing import Any

import pytest

from app.domain.eligibility import check, titles
from app.domain.eligibility.check import Point


def row(policy: str, first: str, last: str | None, assessment: str = "competent", **more: Any) -> dict[str, Any]:
    return {"policy": policy, "from": first, "to": last, "assessment": assessment, "evidence": ["a1"], **more}


def engineer_since(day: str, *policies: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "target_title": "senior_engineer", "highest_education": "bachelor", "current_title": "engineer",
        "current_title_date": day, "performance_conditions": ["c1"], "policies": list(policies), **more,
    }  # fmt: skip


def codes(form: dict[str, Any], rules: Any, **known: Any) -> list[str]:
    return [problem.code for problem in titles.check(form, rules, **known)]


SHORT = ["seniority_insufficient"]
TIBET_3Y = row("tibet_aid", "2018-01", "2020-12")
TIBET_18M = row("tibet_aid", "2018-01", "2019-06")
POVERTY_1Y = row("anti_poverty", "2021-01-01", "2021-12-31")
POVERTY_11M = row("anti_poverty", "2021-01-01", "2021-11-30")
FRONT_LINE = row("epidemic_front_line", "2020-02", "2020-04")


@pytest.mark.parametrize(
    ("policy", "since", "required", "expected"),
    [
        (TIBET_3Y, "2020-12-31", 24, []),
        (TIBET_3Y, "2021-01-01", 24, SHORT),
        (TIBET_18M, "2020-12-31", 36, SHORT),
        (TIBET_18M, "2019-12-31", 36, []),
        (row("tibet_aid", "2018-01", "2019-05"), "2019-12-31", 60, SHORT),
        (row("tibet_aid", "2018-01", "2020-12", "basically"), "2020-12-31", 60, SHORT),
    ],
)
def test_n4_tibet_aid_shortens_by_its_length(n4: Any, policy: Any, since: str, required: int, expected: Any) -> None:
    form = engineer_since(since, policy)
    assert (titles.assess(form, n4).required_months, codes(form, n4)) == (required, expected)


@pytest.mark.parametrize(
    ("policy", "target", "required"),
    [
        (TIBET_3Y, "senior_engineer", 36),
        (row("tibet_aid", "2022-01", "2022-12"), "senior_engineer", 36),
        (row("tibet_aid", "2022-01", "2022-11"), "senior_engineer", 60),
        (TIBET_3Y, "full_senior_engineer", 48),
        (POVERTY_1Y, "full_senior_engineer", 48),
    ],
)
def test_n2_tibet_aid_of_a_year_is_two_years_and_one_for_full_senior(
    n2: Any, policy: Any, target: str, required: int
) -> None:
    form = {**engineer_since("2018-12-31", policy), "target_title": target}
    assert titles.assess(form, n2).required_months == required


def test_tibet_aid_relaxes_the_degree_to_college_for_senior_engineer_only(n2: Any) -> None:
    college = engineer_since("2020-12-31", TIBET_3Y, highest_education="college")
    assert codes(college, n2) == []
    assert codes({**college, "policies": []}, n2) == SHORT
    assert codes({**college, "highest_education": "secondary_vocational"}, n2) == SHORT
    assert codes({**college, "review_mode": "exam_and_review"}, n2) == SHORT  # excluded series


@pytest.mark.parametrize("policy", ["anti_poverty", "rural_revitalisation"])
def test_a_year_of_poverty_or_village_work_needs_four_years_and_waives_hours(n2: Any, policy: str) -> None:
    form = engineer_since("2019-12-31", {**POVERTY_1Y, "policy": policy})
    assert (titles.assess(form, n2).required_months, codes(form, n2)) == (48, [])
    assert codes(engineer_since("2020-01-01", {**POVERTY_1Y, "policy": policy}), n2) == SHORT
    hours = [point for point in check.explain(form, n2) if point.rule == "R-028"]
    name = {"anti_poverty": "脱贫攻坚", "rural_revitalisation": "乡村振兴"}[policy]
    assert hours == [Point("R-028", "按规定完成继续教育", f"按{name}政策减免", True, None, "N2 §二(七)")]
    assert titles.assess(form, n2).benefit.row["paper_waived"] is True  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "policy", [POVERTY_11M, {**POVERTY_1Y, "assessment": "basically"}, {**POVERTY_1Y, "disproved": True}]
)  # fmt: skip
def test_eleven_months_a_poor_assessment_or_a_disproved_claim_give_nothing(n2: Any, policy: Any) -> None:
    form = engineer_since("2019-12-31", policy)
    assert (titles.assess(form, n2).required_months, codes(form, n2)) == (60, SHORT)
    assert titles.assess(form, n2).benefit is None


def test_epidemic_benefit_is_granted_once(n4: Any) -> None:
    form = engineer_since("2018-12-31", FRONT_LINE)
    assert (titles.assess(form, n4).required_months, codes(form, n4)) == (48, [])
    assert codes(form, n4, epidemic_used=True) == SHORT
    (used,) = titles.assess(form, n4, epidemic_used=True).benefits
    assert (used.result, used.row["rule"]) == ("none", "R-077")


def test_epidemic_benefit_belongs_to_the_2022_notice(n2: Any) -> None:
    form = engineer_since("2019-12-31", FRONT_LINE)
    assert (titles.assess(form, n2).required_months, codes(form, n2)) == (60, SHORT)


def test_benefits_do_not_add_up(n2: Any) -> None:
    for policies in ([TIBET_3Y, POVERTY_1Y], [POVERTY_1Y, TIBET_3Y]):
        form = engineer_since("2020-12-31", *policies)
        found = titles.assess(form, n2)
        assert (found.required_months, found.benefit.policy if found.benefit else None) == (36, "tibet_aid")
    assert codes(engineer_since("2021-01-01", TIBET_3Y, POVERTY_1Y), n2) == SHORT
    (lost,) = [point for point in check.explain(form, n2) if point.rule == "R-075"]
    assert lost.ok is False
    assert lost.found.endswith("优惠不叠加，已按援藏政策计算")


def test_years_never_fall_below_nothing(n4: Any) -> None:
    form = engineer_since("2022-12-31", TIBET_3Y, highest_education="doctor")
    assert (titles.assess(form, n4).required_months, codes(form, n4)) == (0, [])


@pytest.mark.parametrize("policy", ["xinjiang_aid", "qinghai_aid", "foreign_aid"])
def test_other_aid_is_examined_by_hand_and_never_refused(n2: Any, policy: str) -> None:
    form = engineer_since("2023-01-01", row(policy, "2021-01", "2021-12", evidence=[]))
    assert codes(form, n2) == []
    assert titles.assess(form, n2).path == "manual"
    seniority, *_ = check.explain(form, n2)
    assert seniority.ok is None
    (aid,) = [point for point in check.explain(form, n2) if point.rule == "R-070"]
    assert (aid.ok, aid.missing_proof) == (None, "选派文件和所适用的选派管理规定")
    assert codes(engineer_since("2023-01-01", row(policy, "2021-01", "2021-11")), n2) == SHORT


def test_n4_lists_foreign_aid_but_not_xinjiang(n4: Any) -> None:
    assert codes(engineer_since("2022-01-01", row("foreign_aid", "2021-01", "2021-12")), n4) == []
    assert codes(engineer_since("2022-01-01", row("xinjiang_aid", "2021-01", "2021-12")), n4) == SHORT


def test_n2_credits_workload_and_base_level_experience_and_n4_does_not(n2: Any, n4: Any) -> None:
    form = engineer_since("2018-12-31", TIBET_18M)
    granted = [titles.assess(form, rules).benefit.row for rules in (n2, n4)]  # type: ignore[union-attr]
    assert [(row["workload_waived"], row["experience_months"]) for row in granted] == [(True, 18), (False, 0)]


def test_service_that_goes_on_is_counted_to_the_cutoff(n2: Any) -> None:
    assert titles.assess(engineer_since("2018-12-31", row("anti_poverty", "2023-01", "至今")), n2).required_months == 48
    assert titles.assess(engineer_since("2018-12-31", row("anti_poverty", "2023-02", None)), n2).required_months == 60
    assert (
        titles.assess(engineer_since("2018-12-31", row("anti_poverty", "2023-02", "2024-06")), n2).required_months == 60
    )


def test_reduced_requirement_is_said(n2: Any) -> None:
    (problem,) = titles.check(engineer_since("2020-01-01", POVERTY_1Y), n2)
    assert (
        "满5年（按脱贫攻坚政策提前后为4年）；您取得现职称至2023年12月31日满3年11个月30天，还差1天。" in problem.message
    )
