"""Small plans of draws whose panels can all be listed, drawn many times; shared by tests and benchmarks."""

from collections import Counter
from math import sqrt

from app.domain.draws.plan import Entry, Group, Limit, Plan
from app.domain.draws.sampling import draw

ENOUGH = 10_000  # samples, for rules that one in a hundred keeps


def small_plans() -> list[Plan]:
    """Each rule alone and all of them together."""
    external = Limit("external", "外区县专家", at_least=1)
    leader = Limit("leader", "党政领导", at_most=1)
    new = Limit("new", "较上年度调整的专家", at_least=2)
    plain = tuple(Entry(number, 0) for number in range(1, 8))
    mixed = tuple(
        Entry(number, number % 2, employer=number // 3, flags=flags)
        for number, flags in enumerate(
            [("new",), ("external", "new"), ("leader",), ("new", "leader"), (), ("external",), ("new",), ("leader",),
             ("new", "external"), ()],
        )
    )  # fmt: skip
    one, two = (Group("评审组", 3, 1),), (Group("软件组", 2, 1), Group("数据组", 1, 1))
    return [
        Plan(one, plain, about={"case": "no_rule"}),
        Plan(two, mixed, about={"case": "groups"}),
        Plan(two, mixed, (external, leader), about={"case": "limits"}),
        Plan(two, mixed, (external, leader, new), per_employer=1, about={"case": "everything"}),
    ]


def drawn_panels(plan: Plan, times: int) -> Counter[frozenset[int]]:
    """How often each panel of members comes, drawn with the seeds 1, 2, 3 …"""
    found: Counter[frozenset[int]] = Counter()
    for number in range(1, times + 1):
        members = draw(plan, f"{number:064x}", ENOUGH)[-1].members
        found[frozenset(entry.id for row in members for entry in row)] += 1
    return found


def chi_square_limit(degrees: int) -> float:
    """What chance exceeds once in ten thousand times (the cube-root approximation of Wilson and Hilferty)."""
    ninth = 2 / (9 * degrees)
    return float(degrees * (1 - ninth + 3.719 * sqrt(ninth)) ** 3)
