from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import quotas
from app.errors import Refused
from app.models.recommendation import QuotaFiling
from tests.support.cases import Season, recommended, season, submitted

Freeze = Callable[[Session, str], object]


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-16 09:00:00")
        yield season(session)


def file(at_work: Season, year: int = 2023, **intermediate: int) -> QuotaFiling:
    unit, clerk = at_work.bodies["institute"], at_work.people["clerk"]
    rows = [{"_id": "intermediate", "level": "intermediate", **intermediate}]
    return quotas.file(at_work.session, unit, year, {"phone": "023-1", "levels": rows, "decision": "submit"}, clerk)


@pytest.mark.parametrize(
    ("said", "over"),
    [
        ({"quota": 2, "declared": 2}, []),
        ({"quota": 1, "declared": 2}, [("intermediate", 2, 1)]),
        ({"quota": 1, "declared": 2, "exempt_count": 1}, []),
        ({"quota": 2, "declared": 4, "exempt_count": 1}, [("intermediate", 3, 2)]),
    ],
)
def test_what_is_declared_less_the_exempt_keeps_to_the_quota(
    at_work: Season, said: dict[str, int], over: list[tuple[str, int, int]]
) -> None:
    batch = recommended(at_work, submitted(at_work), submitted(at_work, "yi"))
    file(at_work, **said)

    assert quotas.excess(at_work.session, batch) == over


def test_an_excess_that_was_agreed_to_is_none(at_work: Season) -> None:
    batch = recommended(at_work, submitted(at_work), submitted(at_work, "yi"))
    file(at_work, quota=1, declared=2)

    quotas.grant_excess(at_work.session, batch)

    assert (quotas.excess(at_work.session, batch), batch.granted) == ([], ["intermediate"])


def test_without_a_form_7_nothing_is_exceeded(at_work: Season) -> None:
    batch = recommended(at_work, submitted(at_work))
    file(at_work, year=2022, quota=0, declared=1)

    assert quotas.excess(at_work.session, batch) == []
    assert quotas.filed(at_work.session, batch) is False


def test_all_batches_of_the_year_count_together(at_work: Season) -> None:
    first = recommended(at_work, submitted(at_work))
    file(at_work, quota=1, declared=1)
    assert quotas.filed(at_work.session, first) is True

    second = recommended(at_work, submitted(at_work, "yi"))

    assert second.id != first.id
    assert quotas.filed(at_work.session, second) is False  # two are recommended, one is declared
    assert quotas.excess(at_work.session, second) == [("intermediate", 2, 1)]


def test_a_level_that_the_batch_does_not_use_is_no_excess_of_it(at_work: Season) -> None:
    batch = recommended(at_work, submitted(at_work))
    rows = [{"level": "junior", "quota": 0, "declared": 1}, {"level": "intermediate", "quota": 1, "declared": 1}]
    quotas.file(at_work.session, at_work.bodies["institute"], 2023, {"levels": rows}, None)

    assert quotas.excess(at_work.session, batch) == []


def test_a_correction_is_a_version_and_keeps_the_earlier_one(at_work: Season) -> None:
    file(at_work, quota=1, declared=1)
    file(at_work, quota=3, declared=2)

    found = quotas.versions(at_work.session, at_work.bodies["institute"], 2023)

    assert [(each.version, each.values["levels"][0]["quota"]) for each in found] == [(2, 3), (1, 1)]
    assert quotas.filers(at_work.session, found) == {at_work.people["clerk"]: "赵经办"}
    assert "decision" not in found[0].values


def test_the_form_begins_with_last_years_posts_and_this_years_names(at_work: Season) -> None:
    recommended(at_work, submitted(at_work))
    file(at_work, year=2022, approved_posts=10, employed=8, vacant=2, quota=2, declared=1)

    found = quotas.prefilled(at_work.session, at_work.bodies["institute"], 2023)

    assert found["phone"] == "023-1"
    assert [row["level"] for row in found["levels"]] == list(quotas.LEVELS)
    assert found["levels"][2] == {
        "_id": "intermediate",
        "level": "intermediate",
        "approved_posts": 10,
        "employed": 8,
        "special_posts": None,
        "vacant": None,
        "quota": None,
        "declared": 1,
        "exempt_count": None,
    }


def test_a_form_begun_anew_shows_the_version_in_force(at_work: Season) -> None:
    file(at_work, quota=3, declared=2)

    found = quotas.prefilled(at_work.session, at_work.bodies["institute"], 2023)

    assert (found["levels"][2]["quota"], found["levels"][2]["declared"]) == (3, 2)
    assert found["levels"][0]["quota"] is None


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([{"level": "intermediate", "quota": 2, "declared": 0}], "中级申报数量填报0人，已推荐1人"),
        ([{"level": "intermediate", "declared": 1}], "中级有申报人员，请填写按比例计算的投放量"),
        ([{"level": "intermediate", "quota": 1, "declared": 1, "exempt_count": 2}], "多于申报数量1人"),
        ([{"level": "intermediate", "quota": 1, "declared": 1}] * 2, "中级填写了两次"),
        ([{"level": "junior", "quota": 1, "declared": 1}], "中级已推荐1人，请填写中级一栏"),
    ],
)
def test_numbers_that_do_not_fit_the_names_are_refused(
    at_work: Season, rows: list[dict[str, Any]], problem: str
) -> None:
    recommended(at_work, submitted(at_work))

    with pytest.raises(Refused, match=problem):
        quotas.file(at_work.session, at_work.bodies["institute"], 2023, {"levels": rows}, None)

    assert quotas.current(at_work.session, at_work.bodies["institute"], 2023) is None


def test_vacant_posts_that_do_not_add_up_are_hinted_at() -> None:
    row = {"level": "junior", "approved_posts": 10, "employed": 8, "special_posts": 1}

    assert [bool(quotas.hints({"levels": [{**row, "vacant": vacant}]})) for vacant in (2, 3, 4)] == [False, False, True]
    assert quotas.hints({"levels": [{"level": "junior", "vacant": 4}]}) == []
