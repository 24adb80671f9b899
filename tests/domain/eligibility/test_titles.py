"""Cases B1–B4, B14–B16 on both sides, and every row of R-040…R-052."""

from typing import Any

import pytest

from app.domain.eligibility import check, titles
from app.errors import ConfigurationError, DiagramFault

FIVE_YEARS = "具备硕士学位，或第二学士学位，或大学本科学历，或学士学位，取得工程师职称后，从事技术工作满5年"


def declared(target: str, degree: str, current: str = "none", since: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "target_title": target, "highest_education": degree, "current_title": current, "current_title_date": since,
        "performance_conditions": ["c1"], **more,
    }  # fmt: skip


def codes(form: dict[str, Any], rules: Any) -> list[str]:
    return [problem.code for problem in titles.check(form, rules)]


SHORT = ["seniority_insufficient"]
PROBATION = ["probation_not_passed"]
DONE = {"probation_passed": True, "probation_months": 12}


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        pytest.param(declared("technician", "bachelor"), [], id="R-040"),
        pytest.param(declared("technician", "secondary_vocational", **DONE), [], id="B14-passed"),
        pytest.param(
            declared("technician", "secondary_vocational", probation_passed=False, probation_months=12),
            PROBATION,
            id="B14-not-passed",
        ),
        pytest.param(declared("technician", "college", **{**DONE, "probation_months": 11}), PROBATION, id="R-041-11"),
        pytest.param(declared("assistant_engineer", "master"), [], id="R-042"),
        pytest.param(declared("assistant_engineer", "bachelor", **DONE), [], id="R-043"),
        pytest.param(declared("assistant_engineer", "bachelor"), PROBATION, id="R-043-no-probation"),
        pytest.param(declared("assistant_engineer", "college", "technician", "2021-12-31"), [], id="R-044"),
        pytest.param(declared("assistant_engineer", "college", "technician", "2022-01-01"), SHORT, id="R-044-a-day"),
        pytest.param(
            declared("assistant_engineer", "secondary_vocational", "technician", "2020-01-31"), SHORT, id="B15-3y11m"
        ),
        pytest.param(
            declared("assistant_engineer", "secondary_vocational", "technician", "2019-12-31"), [], id="B15-4y"
        ),
        pytest.param(declared("engineer", "doctor"), [], id="R-046"),
        pytest.param(declared("engineer", "master", "assistant_engineer", "2021-12-31"), [], id="B16-master"),
        pytest.param(declared("engineer", "bachelor", "assistant_engineer", "2021-12-31"), SHORT, id="B16-bachelor"),
        pytest.param(declared("engineer", "bachelor", "assistant_engineer", "2019-12-31"), [], id="R-048"),
        pytest.param(declared("engineer", "college", "assistant_engineer", "2019-12-31"), [], id="R-049"),
        pytest.param(declared("engineer", "secondary_vocational", "assistant_engineer", "1999-01-01"), SHORT, id="low"),
        pytest.param(declared("engineer", "master", "technician", "2001-01-01"), SHORT, id="wrong-title"),
        pytest.param(declared("senior_engineer", "doctor", "engineer", "2021-12-31"), [], id="B3"),
        pytest.param(declared("senior_engineer", "doctor", "engineer", "2022-01-01"), SHORT, id="B3-a-day-short"),
        pytest.param(declared("senior_engineer", "bachelor", "engineer", "2018-12-31"), [], id="B1"),
        pytest.param(declared("senior_engineer", "bachelor", "engineer", "2019-01-01"), SHORT, id="B2"),
        pytest.param(declared("senior_engineer", "college", "engineer", "2013-12-31"), SHORT, id="B4"),
        pytest.param(declared("full_senior_engineer", "bachelor", "senior_engineer", "2018-12-31"), [], id="R-052"),
        pytest.param(
            declared("full_senior_engineer", "master", "senior_engineer", "2019-01-01"), SHORT, id="R-052-a-day"
        ),
        pytest.param(declared("engineer", "technical_institute", "technician", "2023-01-01"), [], id="by-hand"),
    ],
)
def test_degree_title_and_years_decide(n2: Any, form: dict[str, Any], expected: list[str]) -> None:
    assert codes(form, n2) == expected


def test_a_day_short_is_said_with_what_is_missing(n2: Any) -> None:
    (problem,) = titles.check(declared("senior_engineer", "bachelor", "engineer", "2019-01-01"), n2)
    assert problem.message == (
        f"申报高级工程师须{FIVE_YEARS}；您取得现职称至2023年12月31日满4年11个月30天，还差1天。"
        "如符合援派、乡村振兴等政策或拟破格申报，请选择相应情形。"
    )
    assert (problem.field, problem.clause) == ("current_title_date", "N4 附件2 六(四)")


def test_cutoff_is_the_notices_own(n2: Any, n4: Any) -> None:
    form = declared("senior_engineer", "bachelor", "engineer", "2018-12-31")
    assert (codes(form, n2), codes(form, n4)) == ([], SHORT)


def test_low_degree_goes_on_only_by_form_4_with_two_full_seniors(n2: Any) -> None:
    college = declared("senior_engineer", "college", "engineer", "2013-12-31")
    assert "还差所要求的学历（学位）。" in titles.check(college, n2)[0].message
    assert check.needs_exceptional(college, n2) is False
    chosen = {**college, "exceptional": True}
    assert titles.check(chosen, n2) == []
    assert check.needs_exceptional(chosen, n2) is True
    one = {"name": "梁正", "unit": "甲院", "title": "full_senior_engineer"}
    other = {"name": "何宁", "unit": "乙院", "title": "full_senior_engineer"}
    junior = {"name": "吴越", "unit": "丙院", "title": "senior_engineer"}
    assert titles.check_recommenders(chosen, n2, [one, other]) == []
    for too_few in ([one], [one, one], [one, junior], []):
        (problem,) = titles.check_recommenders(chosen, n2, too_few)
        assert (problem.code, problem.field) == ("recommenders_missing", "recommenders")


def test_exceptional_promotion_is_for_senior_engineer_alone_and_not_needed_when_years_suffice(n2: Any) -> None:
    engineer = declared("engineer", "secondary_vocational", "assistant_engineer", "2001-01-01", exceptional=True)
    assert (codes(engineer, n2), check.needs_exceptional(engineer, n2)) == (SHORT, False)
    enough = declared("senior_engineer", "bachelor", "engineer", "2018-12-31", exceptional=True)
    assert (codes(enough, n2), check.needs_exceptional(enough, n2)) == ([], False)


def test_exceptional_promotion_still_needs_a_performance_condition(n2: Any) -> None:
    form = declared("senior_engineer", "college", "engineer", "2013-12-31", exceptional=True)
    assert codes({**form, "performance_conditions": []}, n2) == ["performance_condition_missing"]


@pytest.mark.parametrize(("chosen", "expected"), [(["c5"], []), ([], 1), (None, 1), (["c9"], 1)])
def test_senior_titles_need_one_printed_performance_condition(n2: Any, chosen: Any, expected: Any) -> None:
    form = declared("senior_engineer", "doctor", "engineer", "2020-01-01", performance_conditions=chosen)
    assert codes(form, n2) == (["performance_condition_missing"] if expected else [])


def test_principle_rule_goes_on_with_an_explanation(n2: Any) -> None:
    form = declared("full_senior_engineer", "college", "senior_engineer", "2018-12-31")
    assert codes(form, n2) == SHORT
    explained = {**form, "special_explanation": "长期主持重点工程，业绩突出"}
    assert codes(explained, n2) == []
    senior = declared("senior_engineer", "college", "engineer", "2013-12-31", special_explanation="同上")
    assert codes(senior, n2) == SHORT  # R-051 is no rule of the kind 一般应


def test_vocational_qualification_counts_as_the_title_it_stands_for(n2: Any) -> None:
    form = declared("senior_engineer", "bachelor", vocational_qualification="construction_engineer_1")
    assert codes({**form, "vocational_qualification_date": "2018-12-31"}, n2) == []
    assert codes({**form, "vocational_qualification_date": "2019-01-01"}, n2) == SHORT
    assert codes({**form, "vocational_qualification": "construction_engineer_2"}, n2) == SHORT
    lower = declared(
        "senior_engineer", "bachelor", "engineer", "2018-12-31", vocational_qualification="cost_engineer_2"
    )
    assert codes({**lower, "vocational_qualification_date": "2023-01-01"}, n2) == []


def test_unknown_codes_are_faults_never_a_default(n2: Any) -> None:
    with pytest.raises(ConfigurationError):
        titles.check(declared("professor", "doctor"), n2)
    with pytest.raises(DiagramFault):
        titles.check(declared("engineer", "honorary_doctor"), n2)
    n2.parameters["tenure_cutoff"] = None
    with pytest.raises(ConfigurationError):
        titles.check(declared("engineer", "doctor"), n2)
