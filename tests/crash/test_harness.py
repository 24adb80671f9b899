"""A sample of what `make crash` tries whole: some failures of each case on each database, others in every run."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from app.cli.scenarios.world import PostgresqlWorlds
from tests.crash import dumps, harness
from tests.crash.__main__ import CASES
from tests.crash.client import Client
from tests.crash.faults import Fault, Killed, watched
from tests.test_scenarios import FOLDER, sqlite_worlds, worlds  # noqa: F401 (fixtures)

SEED = int(os.environ.get("ZHIPING_CRASH_SEED", "0")) or int.from_bytes(os.urandom(4))
SHORT, LONG = CASES[:3], CASES[3:4]
ONE_OF_A_SESSION = "one of a session"  # chosen by the seed: each of them takes its time
OTHERS, SAMPLE = harness.Part(0.08, 2, 1, SEED), harness.Part(0.04, 1, 0, SEED)


@pytest.fixture(scope="session")
def postgresql_worlds(postgresql_server: URL) -> Iterator[PostgresqlWorlds]:
    """Each world a database of its own, which is dropped and copied as a whole."""
    copied = PostgresqlWorlds(postgresql_server)
    yield copied
    copied.close()


@pytest.mark.parametrize("case", [*SHORT, *LONG, ONE_OF_A_SESSION])
def test_case_ends_alike_whatever_dies_on_the_way(case: str, worlds) -> None:  # type: ignore[no-untyped-def] # noqa: F811
    if case == ONE_OF_A_SESSION:
        case = random.Random(f"{SEED} {worlds.name}").choice(CASES[4:])  # noqa: S311 (a choice of tests)
    result = harness.run(FOLDER / f"{case}.yaml", worlds, OTHERS if case in SHORT else SAMPLE)
    assert result.differences == [], f"ZHIPING_CRASH_SEED={SEED} {case}"
    assert result.statements > 0


def test_what_is_done_twice_or_not_at_all_is_a_difference(sqlite_worlds) -> None:  # type: ignore[no-untyped-def] # noqa: F811
    case = harness.cases.read(FOLDER / f"{CASES[0]}.yaml")
    with sqlite_worlds.fresh() as database:
        client = Client(case, database)
        harness._action(client, 0)[1]()
        harness._action(client, 1)[1]()
        before = dumps.of(database)
        assert dumps.differences(before, database, dumps.unmoved) == []
        client._name = "another client"  # whose key is another: the draft is opened a second time
        harness._action(client, 1)[1]()
        assert [each.split(":")[0] for each in dumps.differences(before, database, dumps.unmoved)].count("declaration")


@pytest.mark.parametrize("kind", ["statement", "commit", "answer"])
def test_process_that_died_does_nothing_more(sqlite_worlds, kind: str) -> None:  # type: ignore[no-untyped-def] # noqa: F811
    case = harness.cases.read(FOLDER / f"{CASES[0]}.yaml")
    with sqlite_worlds.fresh() as database:
        client = Client(case, database)
        with pytest.raises(Killed), watched(database, Fault(kind, 1)):
            client.set_up()
        with database.reading() as session:
            begun = harness.clock.now(session) == case.begins
        assert begun == (kind == "answer")


def test_cases_are_there() -> None:
    assert all(Path(FOLDER / f"{case}.yaml").is_file() for case in CASES)
