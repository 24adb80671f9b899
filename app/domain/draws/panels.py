"""Counting through every panel that a plan allows, by what it is like and not by who sits in it.

Employer by employer, people of one kind (group, flags) are interchangeable. Of panels with equally many drawn for each
group only those are kept that no other surpasses in every limit, so the search stays small where the pool is large.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from app.domain.draws.plan import Limit, Plan, broken

Counts = tuple[int, ...]  # per group how many are drawn, or per limit how many bear its flag
Option = tuple[Counts, Counts]  # what may be drawn from one employer: per group, per limit
Kind = tuple[int, frozenset[str]]  # group, flags that a limit asks for


def reachable(plan: Plan, free: int | None = None) -> list[Counts]:
    """What full panels can be like: per limit how many bear its flag, those left out that another surpasses.

    The limit at the place `free` is counted but refuses nothing; of the others a count stops at what they want. Empty
    where no panel keeps to the places, the employers and the limits; without `free` the first that does is enough.
    """
    if "employer" in broken(plan, plan.kept):
        return []
    limits = [(limit, place == free) for place, limit in enumerate(plan.limits)]
    kept = tuple(sum(limit.flag in entry.flags for entry in plan.kept) for limit in plan.limits)
    fronts: dict[Counts, list[Counts]] = {(0,) * len(plan.groups): [kept]}
    for options in _employers(plan):
        if free is None and (found := _full(plan, limits, fronts)):
            return found
        grown: dict[Counts, set[Counts]] = defaultdict(set)
        for drawn, front in fronts.items():
            for more, bearers in options:
                places = _sum(drawn, more)
                if all(count <= group.members for count, group in zip(places, plan.groups, strict=True)):
                    grown[places].update(_still_good(limits, (_sum(counts, bearers) for counts in front)))
        fronts = {places: _unsurpassed(plan.limits, front) for places, front in grown.items()}
    return _full(plan, limits, fronts)


def _full(plan: Plan, limits: list[tuple[Limit, bool]], fronts: Mapping[Counts, list[Counts]]) -> list[Counts]:
    """Of the panels reached so far those that are complete and meet what they must."""
    complete = fronts.get(tuple(group.members for group in plan.groups), [])
    return [
        counts
        for counts in complete
        if all(is_free or limit.met_by(count) for (limit, is_free), count in zip(limits, counts, strict=True))
    ]


def _employers(plan: Plan) -> Iterator[list[Option]]:
    """For each employer that matters, what may be drawn from it; of those alike no more than the panel has places.

    Whoever is bound by no limit on employers is drawn by kind.
    """
    cap = plan.per_employer
    asked = {limit.flag for limit in plan.limits}
    offers: dict[object, Counter[Kind]] = defaultdict(Counter)
    for entry in plan.pool:
        kind = entry.group, frozenset(asked.intersection(entry.flags))
        offers[kind if cap is None or entry.employer is None else entry.employer][kind] += 1
    seated = Counter(entry.employer for entry in plan.kept)
    alike: Counter[tuple[frozenset[tuple[Kind, int]], int]] = Counter()
    for source, offer in offers.items():
        room = max(0, (cap or 0) - seated[source]) if isinstance(source, int) else plan.size
        alike[frozenset((kind, min(count, room)) for kind, count in offer.items()), room] += 1
    for (kinds, room), count in alike.items():
        options = _options(plan, dict(kinds), room)
        for _ in range(min(count, plan.size)):
            yield options


def _options(plan: Plan, offer: Mapping[Kind, int], room: int) -> list[Option]:
    """Every way to draw no more than `room` people from an offer."""
    found: set[Option] = {((0,) * len(plan.groups), (0,) * len(plan.limits))}
    for (group, flags), count in offer.items():
        place = tuple(int(at == group) for at in range(len(plan.groups)))
        bears = tuple(int(limit.flag in flags) for limit in plan.limits)
        found = {
            (_sum(drawn, _times(more, place)), _sum(bearers, _times(more, bears)))
            for drawn, bearers in found
            for more in range(min(count, plan.groups[group].members, room - sum(drawn)) + 1)
        }
    return list(found)


def _still_good(limits: list[tuple[Limit, bool]], reached: Iterable[Counts]) -> Iterator[Counts]:
    """Counts cut to what is wanted; a panel with too many bearers of a flag cannot become a good one."""
    for counts in reached:
        if any(
            not is_free and limit.at_most is not None and count > limit.at_most
            for (limit, is_free), count in zip(limits, counts, strict=True)
        ):
            continue
        yield tuple(
            count if is_free or limit.at_most is not None else min(count, limit.at_least)
            for (limit, is_free), count in zip(limits, counts, strict=True)
        )


def _unsurpassed(limits: tuple[Limit, ...], front: set[Counts]) -> list[Counts]:
    """Without those beside which another is at least as good in every limit."""
    signs = [1 if limit.at_most is None else -1 for limit in limits]
    best: list[Counts] = []
    for counts in sorted(front, key=lambda each: [-sign * count for sign, count in zip(signs, each, strict=True)]):
        if not any(
            all(sign * other >= sign * own for sign, other, own in zip(signs, known, counts, strict=True))
            for known in best
        ):
            best.append(counts)
    return best


def _sum(one: Counts, other: Counts) -> Counts:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _times(factor: int, counts: Counts) -> Counts:
    return tuple(factor * count for count in counts)
