"""The order of a batch's names: ranks without ties or gaps, whatever is typed, moved or left out."""

import pytest

from app.errors import NotFound, Refused
from app.processes import ranking
from app.processes.ranking import Row


def names(*said: tuple[str, int | None, str | None]) -> list[Row]:
    return [{"_id": key, "applicant": key, "rank": rank, "recommend": recommend} for key, rank, recommend in said]


def order(rows: list[Row]) -> list[tuple[str, int | None]]:
    return [(row["_id"], row["rank"]) for row in rows]


def test_ranks_have_no_ties_and_no_gaps_and_the_rejected_have_none():
    found = ranking.ordered(names(("a", 2, "yes"), ("b", 2, "yes"), ("c", 9, "no"), ("d", None, None), ("e", 1, "yes")))
    assert order(found) == [("e", 1), ("a", 2), ("b", 3), ("d", 4), ("c", None)]


@pytest.mark.parametrize(
    ("by", "expected"), [(-1, ["a", "c", "b"]), (1, ["a", "b", "c"]), (-9, ["c", "a", "b"]), (9, ["a", "b", "c"])]
)
def test_a_name_moves_as_far_as_there_are_places(by: int, expected: list[str]):
    found = ranking.moved(names(("a", 1, "yes"), ("b", 2, "yes"), ("c", 3, "yes")), "c", by)
    assert order(found) == [(key, rank) for rank, key in enumerate(expected, 1)]


def test_who_is_not_in_the_batch_cannot_be_moved():
    with pytest.raises(NotFound):
        ranking.moved(names(("a", 1, "yes")), "z", 1)


def test_a_typed_number_puts_a_name_exactly_there():
    rows = names(("a", 1, "yes"), ("b", 2, "yes"), ("c", 3, "yes"))
    for key, rank, expected in (("c", "1", ["c", "a", "b"]), ("a", "3", ["b", "c", "a"]), ("a", "2", ["b", "a", "c"])):
        said = {f"rank-{row['_id']}": str(row["rank"]) for row in rows} | {f"rank-{key}": rank}
        found = ranking.given(rows, lambda name, said=said: said.get(name, ""))  # type: ignore[misc]
        assert [row["_id"] for row in found] == expected


def test_what_cannot_be_a_rank_or_reason_is_said():
    rows = names(("张林", 1, "yes"))
    with pytest.raises(Refused, match="张林的推荐顺序请填写数字。"):
        ranking.given(rows, lambda name: "第一" if name.startswith("rank") else "")
    with pytest.raises(Refused, match="张林的理由不超过500字。"):
        ranking.given(rows, lambda name: "长" * 501 if name.startswith("reason") else "")
