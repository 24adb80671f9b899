"""After a session nothing ties a voter to a vote; the walker that says so finds a planted link of each kind."""

import random
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
import zstandard
from sqlalchemy import URL, Connection, text

from app import clock
from app.db import Database
from app.domain import history
from app.models.ballot import Vote
from app.models.notification import Notification
from tests.support import ballots as voting
from tests.support import postgresql
from tests.support.secrecy.session import hold
from tests.support.secrecy.truth import Truth
from tests.support.secrecy.walker import walk

Held = tuple[Database, Truth, dict[str, str]]


@pytest.fixture(scope="module")
def sqlite_held(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth, dict[str, str]]:
    path = tmp_path_factory.mktemp("held") / "held.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    held = hold(database)
    database.dispose()
    return path, *held


@pytest.fixture(scope="module")
def postgresql_held(postgresql_server: URL, postgresql_template: str) -> Iterator[tuple[str, Truth, dict[str, str]]]:
    name = f"zhiping_held_{uuid.uuid4().hex[:12]}"
    postgresql.administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    database = Database(postgresql.url(postgresql_server, name))
    held = hold(database)
    database.dispose()
    yield name, *held
    postgresql.administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def on_sqlite(sqlite_held: tuple[Path, Truth, dict[str, str]], tmp_path: Path) -> Iterator[Held]:
    path, truth, texts = sqlite_held
    shutil.copy(path, tmp_path / "copy.db")
    database = Database(f"sqlite:///{tmp_path / 'copy.db'}")
    yield database, truth, texts
    database.dispose()


@pytest.fixture
def on_postgresql(postgresql_held: tuple[str, Truth, dict[str, str]], postgresql_server: URL) -> Iterator[Held]:
    template, truth, texts = postgresql_held
    name = f"{template}_{uuid.uuid4().hex[:6]}"
    postgresql.administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {template}")
    database = Database(postgresql.url(postgresql_server, name))
    yield database, truth, texts
    database.dispose()
    postgresql.administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def held(request: pytest.FixtureRequest) -> Held:
    return request.getfixturevalue(f"on_{request.param}")


def test_nothing_ties_a_voter_to_a_vote(held: Held) -> None:
    assert walk(*held) == []


# -- planted links: what rewrites the votes, on both databases

Plant = Callable[[Connection, Truth], None]


def _rewritten(
    connection: Connection, truth: Truth, seats: Sequence[int], keys: Iterator[str], items: Sequence[int] = ()
) -> None:
    """The votes once more, voter after voter."""
    connection.execute(text("DELETE FROM vote"))
    for seat in seats:
        for item in items or truth.items:
            row = {"key": next(keys), "ballot": truth.ballot_id, "item": item, "choice": truth.sheets[seat][item]}
            connection.execute(
                text("INSERT INTO vote (key, ballot_id, item_id, choice) VALUES (:key, :ballot, :item, :choice)"), row
            )


def _random_keys() -> Iterator[str]:
    while True:
        yield uuid.uuid4().hex


def _by_insert_order(connection: Connection, truth: Truth) -> None:
    """ctid on PostgreSQL, the place in the file's page on SQLite (as many as one page holds): the keys are random."""
    _rewritten(connection, truth, truth.orders()["hand-in"], _random_keys(), truth.items[:4])


def _by_key(connection: Connection, truth: Truth) -> None:
    _rewritten(connection, truth, truth.orders()["seat"], (f"{number:032x}" for number in range(10**6)))


def _by_unknown_voters(connection: Connection, truth: Truth) -> None:
    """Nobody knows the order of the voters, but each one's votes stand together."""
    seats = list(truth.sheets)
    random.Random(3).shuffle(seats)  # noqa: S311
    _rewritten(connection, truth, seats, (f"{number:032x}" for number in range(10**6)))


def _by_a_time(connection: Connection, truth: Truth) -> None:
    connection.execute(text("ALTER TABLE vote ADD COLUMN at TIMESTAMP"))
    rows = connection.execute(text("SELECT key FROM vote ORDER BY key")).scalars().all()
    for number, key in enumerate(rows):
        at = voting.BEGINS + timedelta(seconds=number)
        connection.execute(text("UPDATE vote SET at = :at WHERE key = :key"), {"at": at.isoformat(), "key": key})


@pytest.mark.parametrize(
    ("plant", "kind"),
    [(_by_insert_order, "order"), (_by_key, "order"), (_by_unknown_voters, "order"), (_by_a_time, "column")],
)
def test_a_planted_order_or_column_is_found(held: Held, plant: Plant, kind: str) -> None:
    database, truth, texts = held
    with database.engine.begin() as connection:
        plant(connection, truth)
    database.wipe()
    assert kind in {each.kind for each in walk(database, truth, texts)}


def test_votes_in_a_table_with_rowids_are_found(on_sqlite: Held) -> None:
    database, truth, texts = on_sqlite
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE vote"))
        connection.execute(text("CREATE TABLE vote (key TEXT, ballot_id INTEGER, item_id INTEGER, choice TEXT)"))
        _by_insert_order(connection, truth)
    assert "order: rowid follows hand-in" in map(str, walk(database, truth, texts))


def test_votes_written_with_the_participation_are_found(on_postgresql: Held) -> None:
    """Each voter's votes in one transaction with his mark of having taken part; keys and order are random."""
    database, truth, texts = on_postgresql
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM vote"))
    for seat, sheet in truth.sheets.items():
        with database.transaction() as session:
            session.execute(text("UPDATE participation SET handed_in = true WHERE seat_id = :seat"), {"seat": seat})
            for item in random.sample(list(sheet), len(sheet)):
                session.add(Vote(key=uuid.uuid4().hex, ballot_id=truth.ballot_id, item_id=item, choice=sheet[item]))
    assert "transaction: participation was written with single votes" in map(str, walk(database, truth, texts))


# -- planted links in what a session writes beside the votes: the same on both databases


def _event(database: Database, truth: Truth) -> None:
    seat, sheet = next(iter(truth.sheets.items()))
    with database.transaction() as session:
        history.append(
            session, "cast", payload={"seat_id": seat, "votes": {str(item): said for item, said in sheet.items()}}
        )


def _workflow_blob(database: Database, truth: Truth) -> None:
    state = zstandard.compress(orjson.dumps({"data": {"seat_id": truth.voters[0].seat_id, "said": "yes"}}))
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE process_instance SET state = :state"), {"state": b"\x02" + state})


def _notification(database: Database, truth: Truth) -> None:
    with database.transaction() as session:
        told = Notification(
            person_id=truth.voters[2].person_id,
            template="vote_cast",
            title="投票已计入",
            body="您对申报人003投了不同意票。",
            created_at=clock.now(session),
        )
        session.add(told)


def _marked_participation(database: Database, truth: Truth) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE participation ADD COLUMN said TEXT"))
        connection.execute(text("UPDATE participation SET said = 'no'"))


def _coded_participation(database: Database, truth: Truth) -> None:
    """Neither a word nor a key: a number that differs as the choices on one item do."""
    codes = {"yes": 7, "no": 3, "abstain": 5}
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE participation ADD COLUMN seconds INTEGER"))
        for seat, sheet in truth.sheets.items():
            row = {"code": codes[sheet[truth.items[4]]], "seat": seat}
            connection.execute(text("UPDATE participation SET seconds = :code WHERE seat_id = :seat"), row)


def _coded_event(database: Database, truth: Truth) -> None:
    with database.transaction() as session:
        for seat, sheet in truth.sheets.items():
            history.append(session, "seen", payload={"seat_id": seat, "pages": len(sheet[truth.items[0]])})


def _key_beside_a_seat(database: Database, truth: Truth) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE audit (who INTEGER, ref TEXT)"))
        connection.execute(text("INSERT INTO audit SELECT 1, key FROM vote LIMIT 1"))


def _sealed_sheet(database: Database, truth: Truth) -> None:
    """A sheet that was deleted without its page being overwritten."""
    with database.engine.begin() as connection:
        connection.execute(text("PRAGMA secure_delete = OFF"))
        content = truth.sealed[0] + bytes(64)
        row = {"ballot": truth.ballot_id, "seat": truth.voters[0].seat_id, "content": content}
        connection.execute(text("INSERT INTO sealed_sheet VALUES (:ballot, :seat, :content)"), row)
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM sealed_sheet"))
    database.wipe()


PLANTS = (
    _event, _workflow_blob, _notification, _marked_participation, _coded_participation, _coded_event,
    _key_beside_a_seat, _sealed_sheet,
)  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_row_is_found(on_sqlite: Held, plant: Callable[[Database, Truth], None]) -> None:
    database, truth, texts = on_sqlite
    plant(database, truth)
    assert {each.kind for each in walk(database, truth, texts)} == {
        "left over" if plant is _sealed_sheet else "content"
    }


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("log", '{"event": "ballot", "seat": 3, "choice": "yes"}'),
        ("log", "POST /room/ballot 评委04 弃权"),
        ("export", "席位3,同意"),
    ],
)
def test_a_planted_line_is_found(on_sqlite: Held, source: str, line: str) -> None:
    database, truth, texts = on_sqlite
    found = walk(database, truth, {**texts, source: f"{texts.get(source, '')}\n{line}"})
    assert [each.kind for each in found] == ["text"]
