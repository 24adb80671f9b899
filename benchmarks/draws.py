"""Expert draws: 200,000 of small plans against all their panels, and one from a pool of 20,000.

`draw_chi_square_worst` is the largest chi-square of a plan over what chance exceeds once in ten thousand times: below
1 every feasible panel came equally often. `draw_pool_20000_s` is the wall time from the pool's entries to the panel:
rules checked, record hashed, seed made, samples drawn.
"""

import time
from itertools import combinations, product
from random import Random

from app.domain.draws import plan as plans
from app.domain.draws import stream
from app.domain.draws.feasibility import shortages
from app.domain.draws.plan import Entry, Group, Limit, Plan, broken
from app.domain.draws.sampling import draw
from tests.support.draws import chi_square_limit, drawn_panels, small_plans

DRAWS = 200_000
POOL = 20_000


def measure() -> dict[str, float]:
    small = small_plans()
    started = time.perf_counter()
    worst = max(_chi_square(plan, DRAWS // len(small)) for plan in small)
    spent = time.perf_counter() - started
    return {
        "draw_chi_square_worst": round(worst, 3),
        "draws_per_s": round(DRAWS / spent),
        "draw_pool_20000_s": round(_large(), 3),
    }


def _chi_square(plan: Plan, times: int) -> float:
    per_group = [combinations(row, group.members) for row, group in zip(plan.by_group, plan.groups, strict=True)]
    panels = [[entry for row in choice for entry in row] for choice in product(*per_group)]
    feasible = [frozenset(entry.id for entry in panel) for panel in panels if not broken(plan, [*plan.kept, *panel])]
    drawn = drawn_panels(plan, times)
    expected = times / len(feasible)
    found = sum((drawn[panel] - expected) ** 2 / expected for panel in feasible)
    return found / chi_square_limit(len(feasible) - 1) if sum(drawn[p] for p in feasible) == times else float("inf")


def _large() -> float:
    """Seconds for 25 of 20,000 experts in four groups, with every kind of rule and only 20 external ones."""
    chances = Random(1)  # noqa: S311 (the same people every time)
    pool = tuple(
        Entry(
            number,
            number % 4,
            employer=chances.randrange(3000),
            flags=(*(["new"] if chances.random() < 0.6 else []), *(["external"] if number % 1000 == 0 else []),
                   *(["leader"] if chances.random() < 0.1 else [])),
        )
        for number in range(POOL)
    )  # fmt: skip
    groups = (Group("软件组", 7, 3), Group("数据组", 6, 3), Group("通信组", 6, 3), Group("综合组", 6, 3))
    limits = (
        Limit("new", "较上年度调整的专家", at_least=9),
        Limit("external", "外区县专家", at_least=1),
        Limit("leader", "党政领导", at_most=2),
    )
    started = time.perf_counter()
    plan = Plan(groups, pool, limits, per_employer=1)
    assert shortages(plan) == []
    digest = plans.digest(plans.record_of(plan))
    shares = dict.fromkeys(stream.PARTIES, "5e" * 32)
    commitments = {party: stream.commitment(digest, party, share) for party, share in shares.items()}
    drawn = draw(plan, stream.seed(digest, commitments, shares), 10_000)
    spent = time.perf_counter() - started
    assert not drawn[-1].broken
    return spent
