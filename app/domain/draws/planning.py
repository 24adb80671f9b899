"""From what the operator asks for and the records know to a plan: who may be drawn, in which group, by which rules.

The rules that the notice sets (R-154, R-170…R-172) come from its parameters and are not the operator's to change.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from app.domain.draws.feasibility import shortages
from app.domain.draws.plan import Entry, Group, Limit, Plan
from app.domain.draws.wishes import Wishes
from app.domain.pools import EXCLUSIONS, DrawableExpert
from app.errors import Problem, Refused

CLAUSES = {
    "group": "N1 §二(二)；R-170",
    "external": "N1 §二(二)；R-172",
    "new": "N1 §二(二)；R-171",
    "leader": "N0 §二(一)；R-154",
}
REPLIED = "已在本次抽取中答复"


@dataclass(frozen=True)
class Kept:
    """A member of an earlier draw of the same session who has accepted."""

    expert_id: int
    seat: str


@dataclass(frozen=True)
class World:
    """What the records and the notice say to a session's draw.

    `last_year` are the experts of the year before, None where there was none (§8-11: the rule does not apply).
    `leaders_in_principle` may be passed with the consent of the municipal office, `leaders_at_most` never.
    """

    people: Sequence[DrawableExpert]
    district: str | None = None
    last_year: frozenset[int] | None = None
    renewal: Fraction = Fraction(1, 3)
    external: int = 1
    leaders_in_principle: int = 1
    leaders_at_most: int = 2
    kept: Sequence[Kept] = ()
    gone: frozenset[int] = frozenset()  # answered in an earlier draw of this session
    about: Mapping[str, Any] = field(default_factory=dict)


def plan(world: World, wishes: Wishes, *, consented: bool = False) -> Plan:
    """The plan to freeze. Refused with every reason at once, those that cannot be drawn with by how many they fail."""
    problems = list(_problems(world, wishes, consented))
    if problems:
        raise Refused(*problems)
    made = outline(world, wishes)
    found = [Problem(each.rule, f"{each.sentence}。", clause=CLAUSES.get(each.rule)) for each in shortages(made)]
    if found:
        raise Refused(*found)
    return made


def outline(world: World, wishes: Wishes) -> Plan:
    """The plan as it would be, feasible or not."""
    people = {person.expert_id: person for person in world.people}
    employers = _employers(world.people)
    seats = {each.expert_id: each.seat for each in world.kept} | dict(wishes.designated)
    excluded = _excluded(world, wishes)
    kept = [_entry(world, people[key], employers, 0, seat) for key, seat in seats.items() if key in people]
    pool = [
        _entry(world, person, employers, group)
        for person in world.people
        if person.expert_id not in seats and person.expert_id not in excluded
        if (group := _group_of(wishes, person)) is not None
    ]
    about = {**world.about, "excluded": [[key, list(reasons)] for key, reasons in excluded.items()]}
    groups = tuple(Group(each.name, each.members, each.reserves) for each in wishes.groups)
    return Plan(groups, tuple(pool), tuple(_limits(world, wishes)), wishes.per_employer, tuple(kept), about)


def _problems(world: World, wishes: Wishes, consented: bool) -> Iterator[Problem]:
    seated = {*(each.expert_id for each in world.kept), *(key for key, _ in wishes.designated)}
    drawn = sum(group.members for group in wishes.groups)
    if wishes.size % 2 == 0:
        yield Problem("even", f"评委人数须为单数，现为{wishes.size}人。", "size", "N0 §二(一)；R-152")
    if len(seated) + drawn != wishes.size:
        counted = f"已确定{len(seated)}人、各组抽取评委{drawn}人，合计{len(seated) + drawn}人"
        message = f"{counted}，与评委人数{wishes.size}人不一致。"
        yield Problem("size", message, "groups")
    if not any(group.reserves for group in wishes.groups):
        yield Problem("no_reserve", "须超员抽取，候补评审专家不少于1人。", "groups", "N1 §二(二)；R-170")
    presiding = {seat for _, seat in wishes.designated} | {each.seat for each in world.kept}
    if not presiding & {"chair", "deputy_chair"}:
        yield Problem("no_chair", "请确定参加会议的主任委员或副主任委员。", "designated", "N4 §四(一)；R-183")
    if wishes.leaders_at_most > world.leaders_at_most:
        message = f"参评的党政领导不得超过{world.leaders_at_most}人，现填{wishes.leaders_at_most}人。"
        yield Problem("leader", message, "leaders_at_most", CLAUSES["leader"])
    elif wishes.leaders_at_most > world.leaders_in_principle and not consented:
        message = (
            f"参评的党政领导原则上为{world.leaders_in_principle}人，确需{wishes.leaders_at_most}人的，"
            "请说明情况并提请市职改办同意。"
        )
        yield Problem("consent", message, "leaders_at_most", CLAUSES["leader"])


def _limits(world: World, wishes: Wishes) -> Iterator[Limit]:
    if world.last_year is not None:
        new = math.ceil(wishes.size * world.renewal)
        yield Limit("new", "较上年度调整的专家", at_least=new)
    if world.district is not None and world.external:
        yield Limit("external", "外区县专家", at_least=world.external)
    yield Limit("leader", "党政领导", at_most=wishes.leaders_at_most)
    if wishes.full_senior_at_least:
        yield Limit("full_senior", "正高级职称专家", at_least=wishes.full_senior_at_least)
    if wishes.non_public_at_least:
        yield Limit("non_public", "非公有制单位专家", at_least=wishes.non_public_at_least)


def _excluded(world: World, wishes: Wishes) -> dict[int, tuple[str, ...]]:
    """Expert → why he is not drawn, in words."""
    found = {
        person.expert_id: tuple(EXCLUSIONS[reason] for reason in person.excluded)
        for person in world.people
        if person.excluded
    }
    found |= dict.fromkeys(world.gone, (REPLIED,))
    return found | {key: (f"回避：{reason}",) for key, reason in wishes.exclusions}


def _group_of(wishes: Wishes, person: DrawableExpert) -> int | None:
    """The first group that asks for one of his specialties; else the one that takes all others, if there is one."""
    for place, group in enumerate(wishes.groups):
        if set(group.specialties) & set(person.specialties):
            return place
    return next((place for place, group in enumerate(wishes.groups) if not group.specialties), None)


def _entry(
    world: World, person: DrawableExpert, employers: Mapping[str, int], group: int, seat: str | None = None
) -> Entry:
    flags = {
        "new": world.last_year is not None and person.expert_id not in world.last_year,
        "external": world.district is not None and person.district != world.district,
        "leader": person.leader,
        "full_senior": person.full_senior,
        "non_public": person.non_public,
    }
    borne = tuple(flag for flag, is_borne in flags.items() if is_borne)
    return Entry(person.expert_id, group, employers[person.employer_name], borne, seat)


def _employers(people: Sequence[DrawableExpert]) -> dict[str, int]:
    """Employers by number: a record names nobody."""
    return {name: number for number, name in enumerate(sorted({person.employer_name for person in people}), 1)}
