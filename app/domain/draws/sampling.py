"""Drawing: whole samples from the stream until one breaks no limit, so that every feasible panel is equally likely.

Repairing a sample would prefer some panels to others; it is thrown away as a whole instead and kept in the record.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from app.domain.draws.plan import Entry, Plan, broken
from app.domain.draws.stream import Stream

Rows = tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True)
class Sample:
    """Per group, in drawn order: those in its members' places, then its reserves; and which limits the panel breaks."""

    members: Rows
    reserves: Rows
    broken: tuple[str, ...]

    @property
    def ids(self) -> list[int]:
        """Everybody in drawn order, group by group."""
        groups = zip(self.members, self.reserves, strict=True)
        return [entry.id for members, reserves in groups for entry in (*members, *reserves)]


def samples(plan: Plan, seed: str) -> Iterator[Sample]:
    """One sample after another, without end; each group must hold enough people."""
    stream = Stream(seed)
    while True:
        drawn = [
            pick(stream, entries, group.members + group.reserves)
            for group, entries in zip(plan.groups, plan.by_group, strict=True)
        ]
        places = [group.members for group in plan.groups]
        members = tuple(tuple(row[:count]) for row, count in zip(drawn, places, strict=True))
        reserves = tuple(tuple(row[count:]) for row, count in zip(drawn, places, strict=True))
        yield _sample(plan, members, reserves)


def draw(plan: Plan, seed: str, at_most: int) -> list[Sample]:
    """Every sample up to the first good one; after `at_most` without one the last is bad as well."""
    found = []
    for sample in islice(samples(plan, seed), at_most):
        found.append(sample)
        if not sample.broken:
            break
    return found


def of_ids(plan: Plan, ids: Sequence[int]) -> Sample:
    """The sample whose `ids` these are."""
    left = iter([plan.by_id[key] for key in ids])
    rows = [(tuple(islice(left, group.members)), tuple(islice(left, group.reserves))) for group in plan.groups]
    return _sample(plan, tuple(row for row, _ in rows), tuple(row for _, row in rows))


def pick(stream: Stream, entries: tuple[Entry, ...], count: int) -> list[Entry]:
    """`count` of the entries in random order: Fisher and Yates, remembering only the places that moved."""
    moved: dict[int, int] = {}
    found = []
    for place in range(count):
        chosen = place + stream.below(len(entries) - place)
        found.append(entries[moved.get(chosen, chosen)])
        moved[chosen] = moved.get(place, place)
    return found


def _sample(plan: Plan, members: Rows, reserves: Rows) -> Sample:
    panel = [*plan.kept, *(entry for row in members for entry in row)]
    return Sample(members, reserves, tuple(broken(plan, panel)))
