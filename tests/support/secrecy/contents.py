"""Rows and lines that name a voter and a choice together, whatever the choice is called, or carry a vote's key away."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import orjson
import zstandard
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy import table as quoted

from tests.support.secrecy.truth import Tie, Truth

WORDS = {"yes", "no", "abstain", "Y", "N", "A", "同意", "不同意", "弃权"}
SAID = re.compile(r"同意|弃权|\b(?:yes|no|abstain)\b")
OWN_WORDS = ("review_opinion",)  # what an expert writes under his own number, before any vote
VOTES = "vote"


class Signs:
    """How a voter or a vote shows in a row or a line."""

    def __init__(self, truth: Truth, keys: set[str]) -> None:
        self._truth, self._keys = truth, keys

    @cached_property
    def _numbers(self) -> dict[str, set[int]]:
        """Part of a column's name → the voters' numbers under it."""
        of = self._truth.voters
        return {
            "seat": {each.seat_id for each in of} | {each.number for each in of},
            "expert": {each.expert_id for each in of},
            "person": {each.person_id for each in of},
            "voter": {each.seat_id for each in of} | {each.person_id for each in of},
            "_by": {each.person_id for each in of},
        }

    def voter_of(self, key: str, value: Any) -> int | None:
        """The seat of the voter whose number this is."""
        if not self.voter(key, value):
            return None
        ways = ("seat_id", "expert_id", "person_id", "number")
        named = [way for way in ways if way in key.lower()] or ways
        found = {each.seat_id for each in self._truth.voters for way in named if getattr(each, way) == value}
        return found.pop() if len(found) == 1 else None

    def coded(self, values: Mapping[int, set[Any]]) -> bool:
        """Whether these values, one a seat, set the voters apart as their choices on one of the items do."""
        of = self._truth.sheets
        if set(values) != set(of) or any(len(each) != 1 for each in values.values()):
            return False
        said = {seat: next(iter(each)) for seat, each in values.items()}
        return any(
            len({(said[seat], of[seat][item]) for seat in of})
            == len(set(said.values()))
            == len({of[seat][item] for seat in of})
            for item in self._truth.items
            if len({of[seat][item] for seat in of}) > 1
        )

    @cached_property
    def _names(self) -> re.Pattern[str]:
        said = [re.escape(word) for each in self._truth.voters for word in (each.name, each.account)]
        numbers = "|".join(str(each.number) for each in self._truth.voters)
        return re.compile("|".join([*said, rf"(?:席位|seat)\D{{0,6}}(?:{numbers})(?!\d)"]))

    def voter(self, key: str, value: Any) -> bool:
        if isinstance(value, int) and not isinstance(value, bool):
            return any(part in key.lower() and value in numbers for part, numbers in self._numbers.items())
        return isinstance(value, str) and bool(self._names.search(value))

    def choice(self, value: Any) -> bool:
        return isinstance(value, str) and (value in WORDS or bool(SAID.search(value)))

    def key(self, value: Any) -> bool:
        return isinstance(value, str) and any(key in value for key in self._keys)

    def line(self, line: str) -> bool:
        """Whether a line of a log or an export tells how somebody voted."""
        return self.key(line) or (bool(self._names.search(line)) and self.choice(line))


def in_tables(connection: Connection, signs: Signs) -> Iterator[Tie]:
    """Every row of every table that the database has, whatever the product knows of it."""
    for table in inspect(connection).get_table_names():
        for row in connection.execute(select(text("*")).select_from(quoted(table))).mappings():
            leaves = [leaf for column, cell in row.items() for leaf in _leaves(column, cell)]
            about = table not in OWN_WORDS and any(signs.voter(*leaf) for leaf in leaves)
            if about and any(signs.choice(value) for _, value in leaves):
                yield Tie("content", f"{table} names voter and choice")
            if table != VOTES and any(signs.key(value) for _, value in leaves):
                yield Tie("content", f"{table} carries a vote's key")


def in_codes(connection: Connection, signs: Signs) -> Iterator[Tie]:
    """Values by whatever name that stand beside the voters as their choices would: 1 and 0, a colour, a length."""
    for table in inspect(connection).get_table_names():
        beside: dict[str, dict[int, set[Any]]] = defaultdict(lambda: defaultdict(set))
        for row in connection.execute(select(text("*")).select_from(quoted(table))).mappings():
            leaves = [leaf for column, cell in row.items() for leaf in _leaves(column, cell)]
            seats = {seat for leaf in leaves if (seat := signs.voter_of(*leaf)) is not None}
            if len(seats) == 1:
                for name, value in leaves:
                    beside[name][next(iter(seats))].add(value)
        for name, values in beside.items():
            if signs.coded(values):
                yield Tie("content", f"{table}.{name} follows the choices")


def in_texts(texts: Mapping[str, str], signs: Signs) -> Iterator[Tie]:
    for source, written in texts.items():
        for line in written.splitlines():
            if signs.line(line):
                yield Tie("text", f"{source}: {line[:120]}")


def _leaves(key: str, cell: Any) -> Iterator[tuple[str, Any]]:
    """Single values with the name they stand under, out of JSON, and out of compressed state."""
    if isinstance(cell, Mapping):
        for name, value in cell.items():
            yield key, name
            yield from _leaves(str(name), value)
    elif isinstance(cell, list | tuple):
        for each in cell:
            yield from _leaves(key, each)
    elif isinstance(cell, bytes | memoryview):
        yield from _leaves(key, _opened(bytes(cell)))
    elif isinstance(cell, str) and cell[:1] in "[{":
        try:
            yield from _leaves(key, orjson.loads(cell))
        except orjson.JSONDecodeError:
            yield key, cell
    else:
        yield key, cell


def _opened(raw: bytes) -> Any:
    """The state of an instance as the engine stores it, else the bytes as text."""
    at = raw.find(zstandard.FRAME_HEADER)
    if at >= 0:
        raw = zstandard.ZstdDecompressor().decompressobj().decompress(raw[at:])
    return raw.decode(errors="ignore")
