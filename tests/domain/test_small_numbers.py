"""What a table of pass rates keeps back, so that nobody's result can be read or reckoned out of it."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.small_numbers import SMALLEST, Rate, rates

counts = st.integers(0, 40).flatmap(lambda reviewed: st.tuples(st.just(reviewed), st.integers(0, reviewed)))


def test_large_groups_are_shown_and_the_total_with_them() -> None:
    found = rates({"甲": (20, 15), "乙": (10, 5)}, "合计")
    assert found == [Rate("甲", 20, 15), Rate("乙", 10, 5), Rate("合计", 30, 20)]
    assert found[0].percent == 75


def test_a_small_group_hides_the_next_smallest_for_else_it_came_out_by_subtraction() -> None:
    assert rates({"甲": (20, 15), "乙": (12, 5), "丙": (3, 1)}, "合计") == [
        Rate("甲", 20, 15), Rate("乙", None, None), Rate("丙", None, None), Rate("合计", 35, 21),
    ]  # fmt: skip


def test_where_nobody_passed_everybodys_result_would_be_known() -> None:
    assert rates({"甲": (30, 0)}, "合计") == [Rate("甲", None, None), Rate("合计", None, None)]


@given(st.dictionaries(st.sampled_from("甲乙丙丁戊己"), counts))
def test_what_is_shown_never_gives_away_what_is_hidden(groups: dict[str, tuple[int, int]]) -> None:
    *found, total = rates(groups, "合计")
    shown = [each for each in found if each.reviewed is not None]
    assert all((each.reviewed or 0) >= SMALLEST and each.passed for each in shown)
    if total.reviewed is not None and total.passed is not None and len(shown) < len(found):
        reviewed, passed = sum(each.reviewed or 0 for each in shown), sum(each.passed or 0 for each in shown)
        assert len(found) - len(shown) > 1
        assert total.reviewed - reviewed >= SMALLEST
        assert total.passed - passed > 0
