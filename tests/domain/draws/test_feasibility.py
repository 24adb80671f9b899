"""What cannot be drawn is named before anybody draws: which rule, and by how many."""

from dataclasses import replace
from itertools import combinations, product
from random import Random

from app.domain.draws.feasibility import chance, shortages
from app.domain.draws.panels import reachable
from app.domain.draws.plan import Entry, Group, Limit, Plan, broken

EXTERNAL = Limit("external", "外区县专家", at_least=1)
NEW = Limit("new", "较上年度调整的专家", at_least=2)
LEADER = Limit("leader", "党政领导", at_most=1)


def pool(*flags: tuple[str, ...]) -> tuple[Entry, ...]:
    return tuple(Entry(number, 0, flags=each) for number, each in enumerate(flags, 1))


def sentences(plan: Plan) -> list[str]:
    return [shortage.sentence for shortage in shortages(plan)]


def test_a_group_without_enough_people_is_named() -> None:
    plan = Plan((Group("软件组", 6, 2),), pool(*[()] * 5))

    assert sentences(plan) == ["软件组需评委6人、候补2人，可抽取5人"]


def test_every_rule_that_fails_alone_is_named_at_once() -> None:
    plan = Plan((Group("评审组", 3),), pool(("leader",), ("leader",), ("leader",), ()), (EXTERNAL, LEADER))

    assert sentences(plan) == ["外区县专家需1人，可抽取0人", "党政领导至多1人，至少会抽到2人"]


def test_rules_that_fail_only_together_are_named_with_what_the_others_leave() -> None:
    """The one external expert is a leader like two others who alone are new: who keeps one rule breaks another."""
    people = pool(("external", "leader"), ("new", "leader"), ("new",), (), ())
    plan = Plan((Group("评审组", 3),), people, (EXTERNAL, NEW, LEADER))

    assert sentences(plan) == [
        "在符合其他规则的前提下，外区县专家需1人，可抽取0人",
        "在符合其他规则的前提下，较上年度调整的专家需2人，可抽取1人",
        "在符合其他规则的前提下，党政领导至多1人，至少会抽到2人",
    ]
    assert shortages(replace(plan, limits=(EXTERNAL, NEW))) == []


def test_an_employers_cap_that_leaves_too_few_is_named() -> None:
    people = tuple(Entry(number, 0, employer=number % 2) for number in range(1, 9))
    plan = Plan((Group("评审组", 5),), people, per_employer=2)

    assert sentences(plan) == ["同一单位至多2人，按此不能凑足评委5人"]


def test_who_sits_already_uses_up_his_employers_places() -> None:
    chair = Entry(99, 0, employer=1, seat="chair")
    people = tuple(Entry(number, 0, employer=1 + number % 2) for number in range(1, 9))
    plan = Plan((Group("评审组", 4),), people, per_employer=2, kept=(chair,))

    assert sentences(plan) == ["同一单位至多2人，按此不能凑足评委5人"]


def test_the_search_agrees_with_all_panels_counted_one_by_one() -> None:
    """150 random plans: feasible exactly where one of all panels breaks no rule."""
    chances = Random(20231125)  # noqa: S311 (the same plans every time)
    found = set()
    for _ in range(150):
        plan = _random_plan(chances)
        per_group = [combinations(row, group.members) for row, group in zip(plan.by_group, plan.groups, strict=True)]
        panels = ([entry for row in choice for entry in row] for choice in product(*per_group))
        feasible = any(not broken(plan, [*plan.kept, *panel]) for panel in panels)
        assert (bool(reachable(plan)), not shortages(plan)) == (feasible, feasible), plan
        found.add(feasible)
    assert found == {True, False}


def test_a_rule_that_few_samples_keep_is_still_feasible() -> None:
    people = tuple(Entry(number, 0, flags=("external",) if number == 3000 else ()) for number in range(1, 3001))
    plan = Plan((Group("评审组", 13, 3),), people, (EXTERNAL,), per_employer=2)

    assert (shortages(plan), chance(plan) < 0.05) == ([], True)


def _random_plan(chances: Random) -> Plan:
    groups = (Group("甲组", chances.randint(1, 3)), Group("乙组", chances.randint(0, 2)))
    people = tuple(
        Entry(
            number,
            number % 2,
            employer=chances.choice([None, 1, 2, 3]),
            flags=tuple(flag for flag in ("external", "new", "leader") if chances.random() < 0.3),
        )
        for number in range(chances.randint(4, 8))
    )
    limits = (
        replace(EXTERNAL, at_least=chances.randint(0, 2)),
        replace(NEW, at_least=chances.randint(0, 3)),
        replace(LEADER, at_most=chances.randint(0, 2)),
    )
    kept = (Entry(50, 0, employer=1, flags=("leader",), seat="chair"), Entry(51, 0, employer=1, seat="member"))
    return Plan(groups, people, limits, chances.choice([None, 1, 2]), kept[: chances.choice([0, 0, 1, 2])])
