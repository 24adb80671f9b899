"""The seven routes of N2, the five of N4, what has none, and a made-up notice with a level of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.domain import routes
from app.engine.decisions import Decision, check_table
from app.errors import Refused

ROOT = Path(__file__).parents[2]
SHARED = ROOT / "bpmn" / "route.dmn"
N4 = ROOT / "notices" / "n4_2022_dadukou" / "decisions" / "route.dmn"
BODIES = {"unit_id": 1, "agency_id": 2, "department_id": 3, "top_body_id": 4, "district_id": 5}


class RouteRules:
    """Rules of one table."""

    notice_key, year = "made_up", 2024

    def __init__(self, xml: bytes) -> None:
        self.decision = Decision.parse(xml)

    def parameter(self, key: str) -> Any:
        raise KeyError(key)

    def find(self, key: str) -> None:
        return None

    def decide(self, table: str, inputs: Mapping[str, Any]) -> Any:
        assert table == self.decision.id
        return self.decision.decide(inputs)


def found(path: Path, category: str, work: str = "", archive: str = "") -> tuple[list[str], str, str, list[str]]:
    form = {"category": category, "work_place": work, "archive_place": archive, **BODIES}
    route = routes.resolve(form, RouteRules(path.read_bytes()))
    assert route.bodies == {level: BODIES[field] for level, field in route.levels.items()}
    required = sorted(key for key, value in route.requirements.items() if value is True)
    return sorted(route.levels), route.acceptance, route.recommender, required


PLAIN: list[str] = []
AWAY = ["needs_archive_record", "unit_must_be_insured_unit"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("city_public",), (["department", "unit"], "committee", "unit", PLAIN)),
        (("district_public",), (["department", "district", "unit"], "committee", "unit", PLAIN)),
        (("non_public", "chongqing", "chongqing"), (["agency", "district", "unit"], "committee", "unit", PLAIN)),
        (("mobile", "elsewhere", "chongqing"), (["agency", "district", "unit"], "committee", "unit", PLAIN)),
        (("officer", "chongqing", "elsewhere"), (["district", "unit"], "committee", "unit", AWAY)),
        (("freelancer",), (["agency", "district"], "committee", "agency", ["needs_tax_record"])),
        (("non_local_unit",), (["top_body", "unit"], "committee", "unit", ["needs_entrustment_letter"])),
        (("self_review",), (["unit"], "committee", "unit", PLAIN)),
    ],
)
def test_n2_routes(asked: tuple[str, ...], expected: tuple[Any, ...]) -> None:
    assert found(SHARED, *asked) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("district_public",), (["department", "district", "unit"], "district", "unit", PLAIN)),
        (("non_public", "chongqing", "chongqing"), (["agency", "district", "unit"], "district", "unit", PLAIN)),
        (("mobile", "chongqing", "elsewhere"), (["district", "unit"], "district", "unit", AWAY)),
        (("freelancer",), (["agency", "district"], "district", "agency", ["needs_tax_record"])),
        (("non_local_unit",), (["top_body", "unit"], "committee", "unit", ["needs_entrustment_letter"])),
        (("self_review",), (["unit"], "committee", "unit", PLAIN)),
    ],
)
def test_n4_routes(asked: tuple[str, ...], expected: tuple[Any, ...]) -> None:
    assert found(N4, *asked) == expected


@pytest.mark.parametrize(
    ("path", "asked", "words"),
    [
        (N4, ("city_public",), "请由单位主管部门按市级有关评委会的通知申报"),
        (N4, ("none_of_these",), "区县人力社保（职改）部门咨询"),
        (SHARED, ("none_of_these",), "区县人力社保（职改）部门咨询"),
        (SHARED, ("astronaut",), "区县人力社保（职改）部门咨询"),
        (SHARED, ("",), "区县人力社保（职改）部门咨询"),
        (SHARED, ("mobile", "elsewhere", "elsewhere"), "请向工作单位所在地的职称主管部门申报"),
        (SHARED, ("mobile", "chongqing", ""), "请选择工作单位所在地和档案存放地"),
        (SHARED, ("mobile",), "请选择工作单位所在地和档案存放地"),
    ],
)
def test_no_route_is_refused_with_whom_to_ask(path: Path, asked: tuple[str, ...], words: str) -> None:
    with pytest.raises(Refused) as caught:
        found(path, *asked)
    (problem,) = caught.value.problems
    assert (problem.code, problem.field) == ("no_route", "category")
    assert words in problem.message


def test_body_not_chosen_stays_on_the_route_without_an_id() -> None:
    form = {"category": "city_public", "unit_id": 1, "department_id": ""}
    route = routes.resolve(form, RouteRules(SHARED.read_bytes()))
    assert route.bodies == {"unit": 1, "department": None}
    assert (route.clause, route.registration_clause) == ("N2 §四(一)1", "N2 §四(二)1")


def test_made_up_notice_adds_a_level_and_a_requirement_by_columns_alone() -> None:
    text = SHARED.read_text(encoding="utf-8")
    text = text.replace(
        "      <rule id=",
        '      <output id="o_group" label="集团公司" name="group_company" typeRef="string" />\n'
        '      <output id="o_seal" label="须有集团公司印章" name="needs_group_seal" typeRef="boolean" />\n'
        "      <rule id=",
        1,
    )
    for number in range(1, 12):
        group, seal = ('"group_company_id"', "True") if number == 1 else ('""', "False")
        own = f'<outputEntry id="g{number}"><text>{group}</text></outputEntry>'
        own += f'<outputEntry id="s{number}"><text>{seal}</text></outputEntry>'
        head, _, tail = text.partition(f'<rule id="route_rule_{number}">')
        text = f'{head}<rule id="route_rule_{number}">' + tail.replace("</rule>", f"{own}</rule>", 1)
    assert check_table(text.encode()) == []
    rules = RouteRules(text.encode())
    route = routes.resolve({"category": "city_public", "group_company_id": 9, **BODIES}, rules)
    assert route.bodies == {"unit": 1, "department": 3, "group_company": 9}
    assert route.requires("needs_group_seal") is True
    other = routes.resolve({"category": "self_review", **BODIES}, rules)
    assert (other.bodies, other.requires("needs_group_seal")) == ({"unit": 1}, False)


def test_level_name_of_a_level_unknown_to_the_house_is_still_a_word() -> None:
    assert [routes.level_name(level) for level in ("unit", "group_company")] == ["所在单位", "申报渠道所列的审核机构"]
