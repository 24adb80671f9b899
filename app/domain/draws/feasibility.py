"""Whether a plan can be drawn at all, and if not which rule stands in the way and by how many (before anybody draws).

A good panel found by chance answers at once. Where none turns up each rule is looked at alone, then all together: one
that could be met alone may have no panel left once the others are met (`app.domain.draws.panels` counts them through).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from app.domain.draws.panels import reachable
from app.domain.draws.plan import Limit, Plan
from app.domain.draws.sampling import Sample, samples

PROBES = 1000
_PROBE_SEED = "00" * 32  # chooses what is tried, never who is drawn


@dataclass(frozen=True)
class Shortage:
    """A rule that no panel meets: `need` is what it says, `possible` the nearest that a panel comes to it."""

    rule: str
    sentence: str
    need: int
    possible: int


def shortages(plan: Plan) -> list[Shortage]:
    """Every rule that cannot be met; empty where at least one panel is feasible."""
    empty = list(_groups(plan))
    if not empty and any(not sample.broken for sample in _probes(plan)):
        return []
    alone = [*empty, *_limits(plan), *([] if empty else _employers(plan))]
    return alone or ([] if reachable(plan) else _together(plan))


def chance(plan: Plan) -> float:
    """Which part of all samples breaks no rule, as far as a thousand tell; its groups must hold enough people."""
    return sum(not sample.broken for sample in _probes(plan)) / PROBES


def _probes(plan: Plan) -> Iterator[Sample]:
    return islice(samples(plan, _PROBE_SEED), PROBES)


def _groups(plan: Plan) -> Iterator[Shortage]:
    for group, entries in zip(plan.groups, plan.by_group, strict=True):
        need = group.members + group.reserves
        if len(entries) < need:
            places = f"评委{group.members}人" + (f"、候补{group.reserves}人" if group.reserves else "")
            yield Shortage("group", f"{group.name}需{places}，可抽取{len(entries)}人", need, len(entries))


def _limits(plan: Plan) -> Iterator[Shortage]:
    for limit in plan.limits:
        least, most = _range(plan, limit)
        possible = most if limit.at_most is None else least
        if not limit.met_by(possible):
            yield _shortage(limit, possible)


def _employers(plan: Plan) -> Iterator[Shortage]:
    if plan.per_employer is not None and not reachable(replace(plan, limits=())):
        sentence = f"同一单位至多{plan.per_employer}人，按此不能凑足评委{plan.size}人"
        yield Shortage("employer", sentence, plan.size, plan.per_employer)


def _range(plan: Plan, limit: Limit) -> tuple[int, int]:
    """How many bearers of the flag a panel has at least and at most, whatever the other rules say."""
    least = most = sum(limit.flag in entry.flags for entry in plan.kept)
    for group, entries in zip(plan.groups, plan.by_group, strict=True):
        bearers = sum(limit.flag in entry.flags for entry in entries)
        most += min(group.members, bearers)
        least += max(0, group.members - (len(entries) - bearers))
    return least, most


def _together(plan: Plan) -> list[Shortage]:
    """The rules without which the others could be met, and how near a panel comes to each; the employers' last."""
    found = []
    for place, limit in enumerate(plan.limits):
        counts = [counts[place] for counts in reachable(plan, free=place)]
        if counts:
            nearest = max(counts) if limit.at_most is None else min(counts)
            found.append(_shortage(limit, nearest, "在符合其他规则的前提下，"))
    if plan.per_employer is not None and reachable(replace(plan, per_employer=None)):
        sentence = f"在符合其他规则的前提下，不能做到同一单位至多{plan.per_employer}人"
        found.append(Shortage("employer", sentence, plan.per_employer, plan.per_employer + 1))
    return found or [Shortage("all", "各项规则不能同时满足，须放宽其中两项以上", 0, 0)]


def _shortage(limit: Limit, possible: int, before: str = "") -> Shortage:
    if limit.at_most is None:
        sentence = f"{before}{limit.text}需{limit.at_least}人，可抽取{possible}人"
        return Shortage(limit.flag, sentence, limit.at_least, possible)
    sentence = f"{before}{limit.text}至多{limit.at_most}人，至少会抽到{possible}人"
    return Shortage(limit.flag, sentence, limit.at_most, possible)
