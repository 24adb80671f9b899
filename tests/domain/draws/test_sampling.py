"""Every feasible panel is drawn equally often; what breaks a rule is never drawn."""

from collections import Counter
from itertools import combinations, product

import pytest

from app.domain.draws.plan import Entry, Group, Limit, Plan, broken
from app.domain.draws.sampling import draw
from app.domain.draws.stream import Stream
from tests.support.draws import chi_square_limit, drawn_panels, small_plans

SEED = "5e" * 32


@pytest.mark.parametrize("plan", small_plans(), ids=lambda plan: str(plan.about["case"]))
def test_every_feasible_panel_is_drawn_equally_often(plan: Plan) -> None:
    """20,000 draws in all, against every panel that the rules allow; chi-square at one in ten thousand."""
    per_group = [combinations(row, group.members) for row, group in zip(plan.by_group, plan.groups, strict=True)]
    panels = [[entry for row in choice for entry in row] for choice in product(*per_group)]
    feasible = {frozenset(entry.id for entry in panel) for panel in panels if not broken(plan, [*plan.kept, *panel])}
    times = 20_000 // len(small_plans())

    drawn = drawn_panels(plan, times)

    assert drawn.keys() <= feasible
    expected = times / len(feasible)
    chi_square = sum((drawn[panel] - expected) ** 2 / expected for panel in feasible)
    assert chi_square < chi_square_limit(len(feasible) - 1)


def test_reserves_come_in_every_order_equally_often() -> None:
    plan = Plan((Group("甲组", 1, 2),), tuple(Entry(number, 0) for number in range(1, 5)))

    orders = Counter(tuple(draw(plan, f"{number:064x}", 1)[-1].ids) for number in range(2400))

    assert len(orders) == 24
    assert sum((count - 100) ** 2 / 100 for count in orders.values()) < chi_square_limit(23)


def test_a_number_below_a_limit_is_never_preferred() -> None:
    stream = Stream(SEED)

    counts = Counter(stream.below(7) for _ in range(14_000))

    assert sorted(counts) == list(range(7))
    assert sum((count - 2000) ** 2 / 2000 for count in counts.values()) < chi_square_limit(6)


def test_samples_that_break_a_rule_are_kept_before_the_good_one() -> None:
    pool = tuple(Entry(number, 0, flags=("external",) if number == 40 else ()) for number in range(1, 41))
    plan = Plan((Group("评审组", 3),), pool, (Limit("external", "外区县专家", at_least=1),))

    found = draw(plan, SEED, 1000)

    assert len(found) > 1
    assert [sample.broken for sample in found[:-1]] == [("external",)] * (len(found) - 1)
    assert (found[-1].broken, 40 in found[-1].ids) == ((), True)


def test_after_the_last_allowed_sample_no_panel_is_given() -> None:
    pool = tuple(Entry(number, 0) for number in range(1, 6))
    plan = Plan((Group("评审组", 3),), pool, (Limit("external", "外区县专家", at_least=1),))

    assert [sample.broken for sample in draw(plan, SEED, 4)] == [("external",)] * 4


def test_whoever_sits_already_counts_in_every_rule() -> None:
    chair = Entry(9, 0, employer=1, flags=("leader",), seat="chair")
    pool = (Entry(1, 0, 1), Entry(2, 0, 2, ("leader",)), Entry(3, 0, 2), Entry(4, 0, 3))
    limits = (Limit("leader", "党政领导", at_most=1),)
    plan = Plan((Group("评审组", 2),), pool, limits, per_employer=1, kept=(chair,))

    assert set(drawn_panels(plan, 50)) == {frozenset({3, 4})}
