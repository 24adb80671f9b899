"""Databases for tests: each is filled once a run and made as it was then for each test, which takes a moment.

A new database for each test would cost its files, a checkpoint to drop them, and a server process that knows no table.
"""

import uuid
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from psycopg.errors import LockNotAvailable
from sqlalchemy import URL, Pool, text

from app import kept
from app.cli.scenarios import world
from app.cli.scenarios.world import SqliteWorlds, Worlds
from app.db import Base, Database
from app.domain import calendar, dictionaries, notice_content
from tests.support import postgresql

KEPT = "kept"  # the schema with the rows of the beginning
REMEMBERED: tuple[MutableMapping[Pool, Any], ...] = (
    kept._memories, calendar._built, notice_content._of_database, dictionaries._contents,
)  # fmt: skip
OTHERS = "datname = current_database() AND pid <> pg_backend_pid()"
HANG_UP = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {OTHERS}"  # noqa: S608


class Reused:
    """One database with all tables and what `fill` writes; `fresh` gives it as it was then. `close` removes it."""

    def __init__(self, server: URL, fill: Callable[[Database], None] | None = None) -> None:
        self._server = server.set(drivername="postgresql+psycopg")
        self._name = f"zhiping_test_{uuid.uuid4().hex[:12]}"
        postgresql.administer(self._server, f"CREATE DATABASE {self._name}")
        self._database = Database(postgresql.url(server, self._name))
        Base.metadata.create_all(self._database.engine)
        if fill is not None:
            fill(self._database)
        self._again = self._statements()

    def fresh(self) -> Database:
        """Undo whatever was written; one who still holds a lock on a row is hung up on."""
        try:
            self._do(self._again)
        except LockNotAvailable:
            self._do(HANG_UP)
            self._do(self._again)
        for memory in REMEMBERED:
            memory.pop(self._database.engine.pool, None)
        return self._database

    def close(self) -> None:
        self._database.dispose()
        postgresql.administer(self._server, f"DROP DATABASE {self._name} WITH (FORCE)")

    def _statements(self) -> str:
        tables = [f'"{table.name}"' for table in Base.metadata.sorted_tables]
        with self._database.engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {KEPT}"))
            filled = [name for name in tables if connection.scalar(text(f"SELECT EXISTS (SELECT FROM {name})"))]  # noqa: S608 (our own tables' names)
            for name in filled:
                connection.execute(text(f"CREATE TABLE {KEPT}.{name} AS TABLE {name}"))
            listed = "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'"
            counters = connection.execute(text(listed)).all()
            superuser = connection.scalar(text("SELECT current_setting('is_superuser')::boolean"))
        undo = [f"DELETE FROM {name}" for name in tables] if superuser else [f"TRUNCATE {', '.join(tables)}"]  # noqa: S608
        redo = [f"INSERT INTO {name} TABLE {KEPT}.{name}" for name in filled]
        count = ", ".join(f"setval('{name}', {last + 1}, false)" for name, last in counters)
        unchecked = ["SET LOCAL session_replication_role = replica"] if superuser else []
        return "; ".join(
            ["BEGIN", "SET LOCAL lock_timeout = '5s'", *unchecked, *undo, *redo, f"SELECT {count}", "COMMIT"]
        )

    def _do(self, statements: str) -> None:
        connection = self._database.engine.raw_connection()
        try:
            connection.cursor().execute(statements)
        finally:
            connection.close()


class ReusedWorlds(Worlds):
    """The worlds of scenarios, one after the other in the same database."""

    name = "postgresql"

    def __init__(self, server: URL) -> None:
        self._store = Reused(server, world.people_and_notices)

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        yield self._store.fresh()

    def refill(self, database: Database) -> None:
        self._store.fresh()

    def close(self) -> None:
        self._store.close()


class ReusedSqlite(SqliteWorlds):
    """The same on SQLite: one file, written anew for each case, and one engine that keeps what it has learnt of SQL."""

    def __init__(self) -> None:
        super().__init__()
        self._first = super().fresh()
        self._database = self._first.__enter__()

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        self.refill(self._database)
        yield self._database

    def close(self) -> None:
        self._first.__exit__(None, None, None)
        super().close()
