"""Ties by where and when rows were written: the transaction, columns beside the vote, the order in table and file."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from sqlalchemy import Connection, Select, column, inspect, literal_column, select, table, text

from tests.support.secrecy.truth import Tie, Truth

OWN = ("key", "ballot_id", "item_id", "choice")
NAMES_A_VOTER = ("seat_id", "expert_id", "person_id", "voter")
DEVIATIONS = 6  # of the agreement of two random orders: one in a thousand million
FEWEST = 3  # whole profiles found again: by chance not one in a hundred thousand
_SHUFFLES = 400
_WROTE: Any = literal_column("xmin::text")
Votes = Sequence[tuple[str, int, str]]  # key, item, choice in some order


def by_columns(connection: Connection, truth: Truth) -> Iterator[Tie]:
    """A further column of the votes (a time, a number) that differs within an item sets its votes apart."""
    more = [each["name"] for each in inspect(connection).get_columns("vote") if each["name"] not in OWN]
    for each in more:
        rows = connection.execute(_votes(truth, "item_id", each))
        if _sets_apart((item, value) for item, value in rows):
            yield Tie("column", f"vote.{each} differs within an item")


def by_transaction(connection: Connection, truth: Truth) -> Iterator[Tie]:
    """PostgreSQL notes at every row which transaction wrote it: a voter's row beside some votes of an item."""
    if connection.dialect.name != "postgresql":
        return
    rows = [tuple(each) for each in connection.execute(_votes(truth, "item_id").add_columns(_WROTE))]
    if not _sets_apart(rows):
        return
    suspects = {each for _, each in rows}
    for name in inspect(connection).get_table_names():
        columns = {each["name"] for each in inspect(connection).get_columns(name)} & set(NAMES_A_VOTER)
        if columns and suspects & set(connection.scalars(select(_WROTE).select_from(table(name)))):
            yield Tie("transaction", f"{name} was written with single votes")


def by_order(connection: Connection, truth: Truth) -> Iterator[Tie]:
    for name, votes in _orders(connection, truth).items():
        lined_up: dict[int, list[str]] = defaultdict(list)
        for _, item, choice in votes:
            lined_up[item].append(choice)
        for known, seats in truth.orders().items():
            if _agrees(lined_up, truth, seats):
                yield Tie("order", f"{name} follows {known}")
        if _profiles(lined_up, truth) >= FEWEST:
            yield Tie("order", f"{name} keeps a voter's votes together")


def left_over(connection: Connection, truth: Truth) -> Iterator[Tie]:
    """Sealed sheets and shares that were deleted and still stand in a file."""
    for name, content in _files(connection, ("sealed_sheet", "ballot")).items():
        if any(piece in content or piece.hex().encode() in content for piece in truth.sealed):
            yield Tie("left over", name)


def _orders(connection: Connection, truth: Truth) -> dict[str, Votes]:
    """The votes in every order that a reader of the database can see."""
    asked = _votes(truth, "key", "item_id", "choice")
    orders = {"the table as it is read": asked, "the key": asked.order_by(text("key"))}
    if connection.dialect.name == "postgresql":
        orders["ctid"] = asked.order_by(text("ctid"))
    elif not _without_rowid(connection):
        orders["rowid"] = asked.order_by(text("rowid"))
    found = {name: [tuple(row) for row in connection.execute(wanted)] for name, wanted in orders.items()}
    for name, content in _files(connection, ("vote",)).items():
        placed = [(content.find(row[0].encode()), row) for row in found["the key"]]
        if all(place >= 0 for place, _ in placed):
            found[f"file {name}"] = [row for _, row in sorted(placed)]
    return found  # type: ignore[return-value]


def _votes(truth: Truth, *columns: str) -> Select[Any]:
    wanted = select(*(column(each) for each in columns)).select_from(table("vote"))
    return wanted.where(column("ballot_id") == truth.ballot_id)


def _without_rowid(connection: Connection) -> bool:
    made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'vote'"))
    return "WITHOUT ROWID" in made


def _files(connection: Connection, tables: Sequence[str]) -> dict[str, bytes]:
    """What stands in the files: on SQLite the one file and its log, on PostgreSQL those of the tables and their kin."""
    if connection.dialect.name == "sqlite":
        whole = Path(connection.engine.url.database or "")
        return {each.name: each.read_bytes() for each in sorted(whole.parent.glob(f"{whole.name}*"))}
    connection.execute(text("CHECKPOINT"))
    kin = (
        "SELECT c.relname, pg_read_binary_file(pg_relation_filepath(c.oid)) FROM pg_class c WHERE c.relkind IN "
        "('r', 't', 'i') AND (c.oid IN (SELECT oid FROM pg_class WHERE relname = ANY(:names)) OR c.oid IN "
        "(SELECT indexrelid FROM pg_index WHERE indrelid IN (SELECT oid FROM pg_class WHERE relname = ANY(:names))) "
        "OR c.oid IN (SELECT reltoastrelid FROM pg_class WHERE relname = ANY(:names)))"
    )
    return {name: bytes(raw) for name, raw in connection.execute(text(kin), {"names": list(tables)})}


def _sets_apart(rows: Iterator[tuple[int, object]] | Sequence[tuple[int, object]]) -> bool:
    values: dict[int, set[object]] = defaultdict(set)
    for item, value in rows:
        values[item].add(value)
    return any(len(each) > 1 for each in values.values())


def _agrees(lined_up: Mapping[int, list[str]], truth: Truth, seats: Sequence[int]) -> bool:
    """Whether the votes stand as these seats voted, far more often than two random orders would agree."""
    known = {item: [truth.sheets[seat][item] for seat in seats] for item in lined_up}
    found = _same(lined_up, known)
    chance = random.Random(1)  # noqa: S311 (a yardstick, no secret)
    shuffled = [
        _same({item: chance.sample(each, len(each)) for item, each in known.items()}, known) for _ in range(_SHUFFLES)
    ]
    return found > mean(shuffled) + DEVIATIONS * stdev(shuffled)


def _same(left: Mapping[int, Sequence[str]], right: Mapping[int, Sequence[str]]) -> int:
    return sum(mine == theirs for item in right for mine, theirs in zip(left.get(item, ()), right[item], strict=False))


def _profiles(lined_up: Mapping[int, list[str]], truth: Truth) -> int:
    """How many voters' whole sheets show again when the first, second … vote of every item are put together."""
    together = list(zip(*(lined_up[item] for item in truth.items), strict=False))
    return sum(profile in together for profile in truth.profiles())
