"""Migrations: an empty database becomes ours, goes back to nothing, and what runs survives every step."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from app.cli import schema
from app.cli.places import MIGRATIONS
from app.db import Database
from app.domain import history
from app.models.process import Event, Incident, ProcessInstance, Task
from app.models.recommendation import BatchEntry, Publicity, UnitBatch
from app.processes.tick import tick
from tests.support import clockwork, crowd, stored
from tests.support.clockwork import Freeze
from tests.support.postgresql import administer, url


def revisions() -> list[str]:
    """Oldest first."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return [each.revision for each in reversed(list(ScriptDirectory.from_config(config).walk_revisions()))]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request: pytest.FixtureRequest, tmp_path) -> Iterator[Database]:  # type: ignore[no-untyped-def]
    """A database without any table."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield database
        database.dispose()
        return
    server: URL = request.getfixturevalue("postgresql_server")
    name = f"zhiping_empty_{os.getpid()}"  # the workers of a run share the server
    administer(server, f"CREATE DATABASE {name}")
    database = Database(url(server, name))
    yield database
    database.dispose()
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def tables(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        return sorted(inspect(connection).get_table_names())


def test_upgrade_gives_exactly_the_tables_in_code(empty: Database) -> None:
    schema.upgrade(empty)
    schema.difference(empty)


def test_missing_column_is_a_difference(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("ALTER TABLE deadline DROP COLUMN last_error"))
    with pytest.raises(CommandError, match="last_error"):
        schema.difference(empty)


def test_empty_database_is_not_up_to_date(empty: Database) -> None:
    with pytest.raises(CommandError):
        schema.difference(empty)


def test_downgrade_leaves_nothing_and_upgrade_comes_back(empty: Database) -> None:
    schema.upgrade(empty)
    schema.downgrade(empty, "base")
    assert tables(empty) == ["alembic_version"]
    schema.upgrade(empty)
    schema.difference(empty)


def test_upgrade_twice_changes_nothing(empty: Database) -> None:
    schema.upgrade(empty)
    before = tables(empty)
    schema.upgrade(empty)
    assert tables(empty) == before


def test_every_revision_has_a_short_number_of_its_own() -> None:
    found = revisions()
    assert found
    assert len(set(found)) == len(found)


def test_instance_in_flight_survives_the_last_migration(empty: Database, freeze: Freeze) -> None:
    """It waits for a task and for timers of two kinds, one of which failed; timers had a table once."""
    schema.upgrade(empty)
    works = clockwork.build(empty, freeze)
    instance_id = works.start("work")
    works.start("daily")
    works.start("ticks")
    works.at("2023-10-12 00:00:00")
    tick(empty)
    assert works.incidents() == [("share", "open")]
    timers = [(row.element_id, row.rule, row.due_at, row.attempts) for row in works.waking()]
    schema.downgrade(empty, min(revisions()[-2], "0052"))
    schema.upgrade(empty)
    kept = [(row.element_id, row.rule, row.due_at, row.attempts) for row in works.waking()]
    assert sorted(kept) == sorted(timers)
    (failed,) = works.all(Incident)
    assert failed.deadline_id in [row.id for row in works.waking() if row.element_id == "wait"]
    for element in ("do", "told", "slow"):
        works.complete(element)
    assert sorted(works.timers()) == ["wait"]
    with empty.reading() as session:
        assert session.get_one(ProcessInstance, instance_id).status == "ended"


@pytest.mark.parametrize("kept", sorted(stored.FOLDER.glob("*.sql.gz")), ids=lambda path: path.name[:4])
def test_what_an_earlier_version_left_is_carried_on(empty: Database, kept: Path) -> None:
    """Three declarations at a check, in publicity and objected to: they wait for a task, a timer and messages."""
    stored.load(empty, kept)
    schema.upgrade(empty)
    schema.difference(empty)
    with empty.reading() as session:
        batch = select(UnitBatch.phase, UnitBatch.names, func.count(BatchEntry.id)).join(BatchEntry)
        found = session.execute(batch.group_by(UnitBatch.id)).all()
        assert [(phase, names - entries) for phase, names, entries in found] == [("decided", 0)]
    known = {"zhang": 1, "deng": 2, "li": 3}
    cleared = {"decision": "unfounded", "finding": "经核实，业绩属实"}
    on = [
        {"complete": "unit_check", "of": "li", "with": {"decision": "pass"}},
        {"complete": "objection_verify", "with": cleared},
        *crowd.TO_SUBMIT[len(crowd.OBJECTED) :],
    ]
    crowd.walk(empty, on, known)
    with empty.reading() as session:
        waiting = session.scalars(select(Task.element_id).where(Task.status == "open"))
        assert sorted(waiting) == ["unit_merit", "unit_submit"]
        assert len(session.scalars(select(Event.id).where(Event.kind == "timer")).all()) == 1
        assert history.check(session).faults == []


def test_upgraded_tables_refuse_what_those_from_the_code_refuse(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.transaction() as session:
        history.append(session, "noted")
    for statement in ("DELETE FROM event", "UPDATE event SET kind = 'forged'"):
        with pytest.raises(DBAPIError, match="append-only"), empty.engine.begin() as connection:
            connection.execute(text(statement))


def test_downgrade_keeps_the_last_round_of_a_publicity_and_its_objections(empty: Database) -> None:
    """Tables that hold one publicity a batch take the last; an objection to an earlier one goes over to it."""
    stored.load(empty, max(stored.FOLDER.glob("*.sql.gz")))
    schema.upgrade(empty)
    with empty.transaction() as session:
        first = session.scalars(select(Publicity)).one()
        same = {column.name: getattr(first, column.name) for column in Publicity.__table__.columns}
        first.superseded_at, first.superseded_reason = first.ends_at, "更正"
        session.add(Publicity(**{**same, "id": first.id + 1, "round": 2}))
    schema.downgrade(empty, "0016")
    with empty.engine.connect() as connection:
        assert connection.execute(text("SELECT phase FROM unit_batch")).scalars().all() == ["publicity"]
        assert connection.execute(text("SELECT id FROM publicity")).scalars().all() == [first.id + 1]
        assert set(connection.execute(text("SELECT publicity_id FROM objection")).scalars()) == {first.id + 1}
    schema.upgrade(empty)
    schema.difference(empty)
