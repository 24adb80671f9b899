"""The make-up of a pool, measured in integers: cases D1, D2, D4, D5, D16 and what surrounds them."""

from dataclasses import replace

import pytest

from app.domain import composition
from app.domain.composition import Committee, Lamp, Member

VALUES = {
    "committee_minimum": {"series": 25, "specialty": 11},
    "recommended_minimum": {"series": 75, "specialty": 33},
    "pool_multiple": 5,
    "pool_multiple_many": 10,
    "odd_applies_to": ["pool", "executing"],
    "source_shares": {"recommended": [60, 60], "social": [20, 30], "designated": [10, 20]},
    "source_share_tolerance": 5,
    "designated_cap": 20,
    "leaders_limit": {"principle": 1, "most": 2},
    "deputy_chairs": {"least": 1, "most": 3},
}
ASKED = composition.standards(VALUES.__getitem__)
SPECIALTY = Committee("specialty", 11)


def pool(recommended: int, social: int, designated: int) -> list[Member]:
    """So many of each source; the first two preside, the third is of a non-public unit at the front line."""
    sources = ["recommended"] * recommended + ["social"] * social + ["designated"] * designated
    posts = {0: "chair", 1: "deputy_chair"}
    return [
        Member(source, posts.get(place, "member"), non_public=place == 2, front_line=place == 2, young=place == 2)
        for place, source in enumerate(sources)
    ]


def lamps(members: list[Member], committee: Committee = SPECIALTY) -> dict[str, Lamp]:
    return {lamp.key: lamp for lamp in composition.examine(members, committee, ASKED)}


def lit(members: list[Member], committee: Committee = SPECIALTY) -> dict[str, str]:
    """What is not in order."""
    return {key: lamp.state for key, lamp in lamps(members, committee).items() if lamp.state != "ok"}


@pytest.mark.parametrize(
    ("size", "expected"),
    [(55, {}), (56, {"odd": "flag"}), (54, {"multiple": "flag", "odd": "flag"}), (53, {"multiple": "flag"})],
)
def test_d1_d2_five_times_the_executing_committee_and_odd(size, expected):
    third = size // 4
    assert lit(pool(size - third - size // 7, third, size // 7)) == expected


@pytest.mark.parametrize(
    ("kind", "executing", "expected"),
    [("series", 25, "ok"), ("series", 23, "flag"), ("specialty", 11, "ok"), ("specialty", 9, "flag")],
)
def test_a_committee_has_so_many_who_execute(kind, executing, expected):
    assert lamps(pool(75, 31, 19), Committee(kind, executing))["executing"].state == expected


def test_d4_a_series_committee_of_twenty_five_needs_a_hundred_and_twenty_five():
    assert lit(pool(75, 31, 19), Committee("series", 25)) == {}
    assert lit(pool(75, 31, 17), Committee("series", 25)) == {"multiple": "flag"}
    assert lamps(pool(75, 31, 19), Committee("series", 25, many=True))["multiple"].limit.endswith("10倍（250人）")
    judged = {(74, "series"): "flag", (75, "series"): "ok", (32, "specialty"): "flag", (33, "specialty"): "ok"}
    for (count, kind), state in judged.items():
        assert composition.recommended(count, Committee(kind, 25), ASKED).state == state


def test_d5_the_shares_of_three_sources():
    found = lamps(pool(66, 28, 17))
    assert [found[f"share_{source}"].value for source in composition.SOURCES] == [
        "66人，占59.5%",
        "28人，占25.2%",
        "17人，占15.3%",
    ]
    assert lit(pool(66, 28, 17)) == {}
    assert lamps(pool(60, 28, 23))["designated"].value == "23人，占20.7%"
    assert lit(pool(60, 28, 23)) == {"share_recommended": "flag", "designated": "error"}
    assert lamps(pool(65, 24, 22))["designated"].state == "ok"


@pytest.mark.parametrize(("leaders", "state"), [(0, "ok"), (1, "ok"), (2, "flag"), (3, "error")])
def test_d16_leaders_of_party_and_government(leaders, state):
    members = pool(33, 14, 8)
    led = [replace(each, leader=place < leaders) for place, each in enumerate(members)]
    assert lamps(led)["leaders"].state == state


def test_one_presides_and_one_to_three_are_deputies():
    assert lit(pool(33, 14, 8)[1:]) == {"chair": "error", "multiple": "flag", "odd": "flag"}
    deputies = [Member("recommended", "deputy_chair") for _ in range(3)]
    assert lamps([*pool(30, 14, 8), *deputies])["deputies"].state == "error"
    assert lamps([*pool(30, 14, 8), *deputies[1:]])["deputies"].state == "ok"


def test_whom_the_committee_faces_and_where_its_experts_come_from():
    members = pool(33, 14, 8)
    facing = Committee("specialty", 11, non_public_facing=True)
    assert lit(members, facing) == {"non_public": "flag"}
    many = [replace(each, non_public=place < 28) for place, each in enumerate(members)]
    assert lit(many, facing) == {}
    district = Committee("specialty", 11, district="dadukou")
    own = [replace(each, district="dadukou") for each in members]
    assert lit(own, district) == {"external": "error"}
    assert lit(members, district) == {}
    assert lit([*members[:-1], Member("designated", barred_in_principle=True)]) == {"barred": "flag"}
    alike = [replace(each, non_public=False, front_line=False, young=False) for each in members]
    assert lit(alike) == {"non_public": "error", "front_line": "error", "young": "error"}
