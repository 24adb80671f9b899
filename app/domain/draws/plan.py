"""What a draw is made from: groups with their places, limits on who sits together, and everybody who may be drawn.

A plan holds no names. Its canonical JSON is what is hashed before anybody draws, exported and run again by the
stand-alone verifier (`tools/verify_draw.py`), so what is written here is written there as well.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

FORMAT = "zhiping-draw/1"


@dataclass(frozen=True)
class Group:
    """专业组: places for members, and for reserves drawn in order behind them."""

    name: str
    members: int
    reserves: int = 0


@dataclass(frozen=True)
class Limit:
    """At least or at most (one of both) so many members bear `flag`; `text` is the flag in the words of a sentence."""

    flag: str
    text: str
    at_least: int = 0
    at_most: int | None = None

    @property
    def words(self) -> str:
        bound = f"不少于{self.at_least}" if self.at_most is None else f"不超过{self.at_most}"
        return f"{self.text}{bound}人"

    def met_by(self, count: int) -> bool:
        return self.at_least <= count and (self.at_most is None or count <= self.at_most)


@dataclass(frozen=True)
class Entry:
    """One expert of the pool, in the one group he may be drawn for; `seat` is set for who sits without being drawn."""

    id: int
    group: int
    employer: int | None = None
    flags: tuple[str, ...] = ()
    seat: str | None = None


@dataclass(frozen=True)
class Plan:
    """`kept` sit already (designated chairs, members of an earlier draw) and count in every limit.

    `places` of a group are what is drawn beside them. At most `per_employer` members come from one employer.
    """

    groups: tuple[Group, ...]
    pool: tuple[Entry, ...]
    limits: tuple[Limit, ...] = ()
    per_employer: int | None = None
    kept: tuple[Entry, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)  # whose draw it is, who is excluded and why

    @property
    def size(self) -> int:
        """Members of the panel, with those who sit already."""
        return sum(group.members for group in self.groups) + len(self.kept)

    @cached_property
    def by_group(self) -> tuple[tuple[Entry, ...], ...]:
        found: list[list[Entry]] = [[] for _ in self.groups]
        for entry in self.pool:
            found[entry.group].append(entry)
        return tuple(map(tuple, found))

    @cached_property
    def by_id(self) -> dict[int, Entry]:
        return {entry.id: entry for entry in (*self.kept, *self.pool)}


def broken(plan: Plan, panel: Sequence[Entry], still_to_come: int = 0) -> list[str]:
    """Flags of the limits that this panel breaks, and `employer`; empty for a good one.

    `panel` is everybody who sits. What it lacks may be made up for by those `still_to_come`.
    """
    counts = [(limit, sum(limit.flag in entry.flags for entry in panel)) for limit in plan.limits]
    found = [
        limit.flag
        for limit, count in counts
        if not (limit.met_by(count) or (limit.at_most is None and count + still_to_come >= limit.at_least))
    ]
    if plan.per_employer is not None:
        together = Counter(entry.employer for entry in panel if entry.employer is not None)
        if any(count > plan.per_employer for count in together.values()):
            found.append("employer")
    return found


def record_of(plan: Plan) -> dict[str, Any]:
    """The plan as it is frozen; `of_record` gives it back."""
    return {
        "format": FORMAT,
        "about": dict(plan.about),
        "groups": [asdict(group) for group in plan.groups],
        "limits": [asdict(limit) for limit in plan.limits],
        "per_employer": plan.per_employer,
        "kept": [_row(entry) for entry in plan.kept],
        "pool": [_row(entry) for entry in plan.pool],
    }


def of_record(record: Mapping[str, Any]) -> Plan:
    return Plan(
        groups=tuple(Group(**group) for group in record["groups"]),
        limits=tuple(Limit(**limit) for limit in record["limits"]),
        per_employer=record["per_employer"],
        kept=tuple(map(_entry, record["kept"])),
        pool=tuple(map(_entry, record["pool"])),
        about=record["about"],
    )


def digest(record: Mapping[str, Any]) -> str:
    """SHA-256 of the record's canonical JSON: keys sorted, no blanks, UTF-8."""
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _row(entry: Entry) -> list[Any]:
    return [entry.id, entry.group, entry.employer, list(entry.flags), entry.seat]


def _entry(row: list[Any]) -> Entry:
    key, group, employer, flags, seat = row
    return Entry(key, group, employer, tuple(flags), seat)
