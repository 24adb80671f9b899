"""Case B22 on both sides; R-004, R-006…R-009, R-011…R-013."""

from datetime import date
from typing import Any

import pytest

from app.domain.eligibility import scope
from app.domain.eligibility.world import ImpactPeriod, OtherDeclaration

COMMITTEE = "重庆市工程技术大数据智能化专业高级职称评审委员会"


def standing(form: dict[str, Any], rules: Any, world: Any) -> list[tuple[str, str | None, str | None]]:
    return [(p.code, p.field, p.clause) for p in scope.check_standing(form, rules, world)]


def other(standing: str = "accepted", channel: str = "normal", *, auxiliary: bool = False) -> OtherDeclaration:
    return OtherDeclaration("高级工程师", COMMITTEE, "评委会审核中", standing, channel, auxiliary)


def limits(form: dict[str, Any], rules: Any, world: Any) -> list[tuple[str, str | None]]:
    return [(p.code, p.clause) for p in scope.check_year(form, rules, world)]


def test_civil_servant_may_not_declare_and_an_employee_may(n2: Any, n4: Any, senior: Any, at: Any) -> None:
    servant = {**senior, "category": "civil_servant"}
    assert standing(servant, n2, at("2023-10-20")) == [("scope", "category", "N2 §一(五)")]
    assert standing(servant, n4, at("2022-11-20")) == [("scope", "category", "N4 §一")]
    assert standing(senior, n2, at("2023-10-20")) == []
    (problem,) = scope.check_standing(servant, n2, at("2023-10-20"))
    assert problem.message == (
        "您填写的身份为“公务员（含参照公务员法管理的事业单位工作人员）”，按本通知规定不得申报参加职称评审。"
        "如填写有误，请更正后再提交。"
    )


@pytest.mark.parametrize(
    ("approved", "day", "found"),
    [
        ("2023-10-15", "2023-10-20", ["retired"]),
        ("2023-10-20", "2023-10-20", ["retired"]),
        ("2023-10-21", "2023-10-20", []),
        ("2023-11-30", "2023-10-20", []),
        ("2023-11-30", "2023-12-08", ["retired"]),
        (None, "2023-12-08", []),
    ],
)
def test_retirement_counts_from_its_approval_and_again_before_the_session(
    n2: Any, senior: Any, at: Any, approved: str | None, day: str, found: list[str]
) -> None:
    form = {**senior, "retirement_approved_on": approved}
    assert [code for code, *_ in standing(form, n2, at(day))] == found


def test_retiree_is_told_the_approved_day_or_his_own_choice(n2: Any, senior: Any, at: Any) -> None:
    approved = {**senior, "category": "retiree", "retirement_approved_on": "2023-10-15"}
    (problem,) = scope.check_standing(approved, n2, at("2023-10-20"))
    assert problem.message == (
        "经审批机关批准的退休时间为2023年10月15日，按规定不得申报。如批准时间有误，请联系所在单位核实。"
    )
    chosen = {**senior, "category": "retiree"}
    assert standing(chosen, n2, at("2023-10-20")) == [("scope", "category", "N2 §一(五)")]


def test_impact_period_includes_both_its_days(n2: Any, n4: Any, senior: Any, at: Any) -> None:
    period = ImpactPeriod(date(2023, 4, 21), date(2023, 10, 20))
    assert standing(senior, n2, at("2023-10-20 23:59:59", impact_periods=(period,))) == [("barred", None, "N2 §一(五)")]
    assert standing(senior, n2, at("2023-10-21 00:00:00", impact_periods=(period,))) == []
    found = [bool(standing(senior, n2, at(day, impact_periods=(period,)))) for day in ("2023-04-20", "2023-04-21")]
    assert found == [False, True]
    assert standing(senior, n4, at("2023-10-20", impact_periods=(period,))) == [("barred", None, "N4 §三(二)2(3)")]
    (problem,) = scope.check_standing(senior, n2, at("2023-10-20", impact_periods=(period,)))
    assert problem.message == "您目前处于影响期（至2023年10月20日止），期间不得申报。"


def test_longest_of_several_periods_is_told(n2: Any, senior: Any, at: Any) -> None:
    periods = (
        ImpactPeriod(date(2023, 1, 1), date(2023, 12, 31)),
        ImpactPeriod(date(2023, 9, 1), None, "处分决定", "处分期"),
    )
    (problem,) = scope.check_standing(senior, n2, at("2023-10-20", impact_periods=periods))
    assert problem.message == "您目前处于处分期（截止日期未定），期间不得申报。"
    assert problem.clause == "处分决定"


def test_foreigner_needs_the_card_under_n2_and_n4_is_silent(n2: Any, n4: Any, senior: Any, at: Any) -> None:
    foreigner = {**senior, "id_type": "passport"}
    assert standing(foreigner, n2, at("2023-10-20")) == [("scope", "residence_card", "N2 §一(三)")]
    assert standing({**foreigner, "residence_card": ["a7"]}, n2, at("2023-10-20")) == []
    assert standing({**senior, "id_type": "hmt_permit"}, n2, at("2023-10-20")) == []
    assert standing(foreigner, n4, at("2022-11-20")) == []


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (other(), [("year_once", "N2 §一(五)")]),
        (other("under_way"), [("year_once", "N2 §一(五)")]),
        (other("draft"), []),
        (other("ended_before_acceptance"), []),
        (other(channel="green"), []),
    ],
)
def test_year_is_used_up_by_one_normal_declaration_that_was_taken(
    n2: Any, senior: Any, at: Any, found: Any, expected: Any
) -> None:
    assert limits(senior, n2, at("2023-10-20", declarations=(found,))) == expected


def test_year_limit_is_said_with_title_committee_and_status(n2: Any, senior: Any, at: Any) -> None:
    (problem,) = scope.check_year(senior, n2, at("2023-10-20", declarations=(other(),)))
    assert problem.message == (
        f"您本年度已通过正常渠道申报“高级工程师”（{COMMITTEE}，评委会审核中）。"
        "一个年度内只能通过正常渠道申报一次；符合例外情形的，请选择相应情形并上传证明。"
    )


def test_auxiliary_review_by_the_special_programme_opens_the_main_series_in_n2_alone(
    n2: Any, n4: Any, senior: Any, at: Any
) -> None:
    skilled = {**senior, "skilled_worker": True}
    claimed = {**skilled, "auxiliary_review": True}
    special = at("2023-10-20", declarations=(other(channel="special_programme", auxiliary=True),))
    assert limits(claimed, n2, special) == []
    assert limits(skilled, n2, special) == [("one_channel", "N2 §一(五)")]
    normal = at("2023-10-20", declarations=(other(auxiliary=True),))
    assert limits({**senior, "auxiliary_review": True}, n2, normal) == [("year_once", "N2 §一(五)")]
    assert limits({**senior, "auxiliary_review": True}, n4, normal) == [("year_once", "N4 §五(一)")]


def test_skilled_worker_chooses_one_of_two_channels(n2: Any, senior: Any, at: Any) -> None:
    skilled = {**senior, "skilled_worker": True}
    special_taken = at("2023-10-20", declarations=(other(channel="special_programme"),))
    normal_taken = at("2023-10-20", declarations=(other(channel="normal"),))
    assert limits(skilled, n2, special_taken) == [("one_channel", "N2 §一(五)")]
    assert limits({**skilled, "auxiliary_review": True}, n2, special_taken) == [("one_channel", "N2 §一(五)")]
    assert limits({**skilled, "channel": "special_programme"}, n2, normal_taken) == [("one_channel", "N2 §一(五)")]
    assert limits({**skilled, "channel": "special_programme"}, n2, at("2023-10-20")) == []
    assert limits(senior, n2, special_taken) == []
