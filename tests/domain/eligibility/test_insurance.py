"""Case B19 on both sides; R-100…R-103 for both notices."""

from typing import Any

import pytest

from app.domain.eligibility import insurance
from app.errors import ConfigurationError


def person(category: str, work: str, archive: str, **more: Any) -> dict[str, Any]:
    return {"category": category, "work_place": work, "archive_place": archive, **more}


def codes(form: dict[str, Any], rules: Any, world: Any) -> list[str]:
    return [problem.code for problem in insurance.check(form, rules, world)]


@pytest.mark.parametrize(
    ("months", "expected"), [(11, ["insurance_too_short"]), (12, []), (None, ["insurance_too_short"])]
)
@pytest.mark.parametrize("archive", ["chongqing", "elsewhere"])
def test_work_in_chongqing_needs_twelve_paid_months(
    n2: Any, at: Any, archive: str, months: int | None, expected: list[str]
) -> None:
    form = person("non_public", "chongqing", archive, insurance_months=months)
    assert codes(form, n2, at("2023-10-20")) == expected


@pytest.mark.parametrize(("day", "expected"), [("2023-10-20", ["archive_too_short"]), ("2023-10-21", [])])
def test_work_elsewhere_needs_a_year_of_archive_by_day(n2: Any, at: Any, day: str, expected: list[str]) -> None:
    form = person("mobile", "elsewhere", "chongqing", archived_since="2022-10-21", insurance_months=0)
    assert codes(form, n2, at(day)) == expected


def test_day_of_counting_is_the_notices_own_and_has_no_default(n2: Any, at: Any) -> None:
    form = person("mobile", "elsewhere", "chongqing", archived_since="2022-10-31")
    found = {}
    for asof in ("submit", "window_end", "tenure_cutoff"):
        n2.parameters["insurance_asof"] = asof
        found[asof] = codes(form, n2, at("2023-10-30"))
    assert found == {"submit": ["archive_too_short"], "window_end": [], "tenure_cutoff": []}
    n2.parameters["insurance_asof"] = None
    with pytest.raises(ConfigurationError):
        codes(form, n2, at("2023-10-30"))


def test_n2_asks_categories_three_and_four_and_n4_its_first_three(n2: Any, n4: Any, at: Any) -> None:
    categories = ["city_public", "district_public", "non_public", "mobile", "officer", "freelancer", "non_local_unit"]
    asked = {
        rules.notice_key: [c for c in categories if codes(person(c, "chongqing", "chongqing"), rules, at("2023-10-20"))]
        for rules in (n2, n4)
    }
    assert asked == {
        "n2_2023_bigdata": ["non_public", "mobile", "officer", "freelancer"],
        "n4_2022_dadukou": ["district_public", "non_public", "mobile", "officer", "freelancer"],
    }


def test_what_is_missing_is_said(n2: Any, at: Any) -> None:
    short = insurance.check(person("officer", "chongqing", "chongqing", insurance_months=7), n2, at("2023-10-20"))
    none = insurance.check(person("officer", "elsewhere", "chongqing"), n2, at("2023-10-20"))
    assert [(p.message, p.field, p.clause) for p in short + none] == [
        ("须有1年以上社保缴费记录，现可认定7个月。有市外缴费记录的，请补充上传。", "insurance_months", "N2 §四(一)3"),
        (
            "工作单位在异地、档案在重庆的，须在重庆存档1年以上（以存档记录为准），现未填写在重庆存档的起始日期。",
            "archived_since",
            "N2 §四(一)3",
        ),
    ]
