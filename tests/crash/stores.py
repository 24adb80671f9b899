"""Keeping a whole database at one moment and putting it back, on SQLite by its file, on PostgreSQL by its rows."""

import shutil
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, Connection, create_engine, text

from app.db import Base, Database


class Store(Protocol):
    """`keep` the database as it stands; `put_back` makes it so again, and hangs up on whoever is connected.

    `changed` are the tables that differ from what was kept; None where only a look at all of them can tell.
    """

    def keep(self, database: Database) -> None: ...
    def changed(self) -> set[str] | None: ...
    def put_back(self, database: Database) -> None: ...
    def close(self) -> None: ...


class FileStore:
    def __init__(self, path: Path) -> None:
        self._path, self._kept = path, path.with_suffix(".kept")

    def keep(self, database: Database) -> None:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.dispose()
        shutil.copyfile(self._path, self._kept)

    def put_back(self, database: Database) -> None:
        database.dispose()
        for leftover in self._path.parent.glob(f"{self._path.name}-*"):
            leftover.unlink()
        shutil.copyfile(self._kept, self._path)

    def changed(self) -> None:
        return None

    def close(self) -> None:
        self._kept.unlink(missing_ok=True)


class RowStore:
    """Copies of the tables in a schema beside them; of a table that changed the rows that differ are put back.

    A row that was written since is known by its transaction's number (`xmin`), one that is gone by its key. Counters
    take no part in transactions and are put back as they stood.
    """

    def __init__(self, url: URL) -> None:
        self._engine = create_engine(url)
        self._counts: dict[str, int] = {}
        self._counters: dict[str, int] = {}
        self._since = 0

    def keep(self, database: Database) -> None:
        database.dispose()
        with self._engine.begin() as connection:
            if not self._counts:
                connection.execute(text("CREATE SCHEMA kept"))
            for table in self._changed(connection):
                connection.execute(text(f"DROP TABLE IF EXISTS kept.{table}"))
                connection.execute(text(f"CREATE TABLE kept.{table} AS TABLE public.{table}"))
            self._counters = counters(connection)
            self._mark(connection)

    def changed(self) -> set[str]:
        with self._engine.begin() as connection:
            return self._changed(connection)

    def put_back(self, database: Database) -> None:
        database.dispose()
        with self._engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # in no order among the tables
            for table in self._changed(connection):
                for statement in _MEND[table]:
                    connection.execute(text(statement), {"since": self._since} if ":since" in statement else {})
            set_counters(connection, self._counters)
            self._mark(connection)

    def close(self) -> None:
        self._engine.dispose()

    def _changed(self, connection: Connection) -> set[str]:
        """Every table before anything was kept."""
        rows = connection.execute(_FINGERPRINTS)
        return {name for name, count, last in rows if self._counts.get(name) != count or (last or 0) > self._since}

    def _mark(self, connection: Connection) -> None:
        """What stands now is what was kept."""
        self._counts = {name: count for name, count, _ in connection.execute(_FINGERPRINTS)}
        self._since = connection.scalar(text("SELECT pg_current_xact_id()::text::bigint")) or 0


def counters(connection: Connection) -> dict[str, int]:
    """The number that each of PostgreSQL's counters gives next."""
    listed = text(
        "SELECT sequencename, coalesce(last_value + 1, 1) AS following FROM pg_sequences WHERE schemaname = 'public'"
    )
    return {row.sequencename: row.following for row in connection.execute(listed)}


def set_counters(connection: Connection, following: dict[str, int]) -> None:
    """As if each had given the number before: one that has given none says nothing of itself in `counters`."""
    if following:
        calls = (f"setval('{name}', {max(number - 1, 1)}, {number > 1})" for name, number in following.items())
        connection.execute(text(f"SELECT {', '.join(calls)}"))


def _mend(table: str) -> tuple[str, str]:
    """SQL that takes away what was written since and brings back what is gone then; for our own tables' names."""
    key = [column.name for column in Base.metadata.tables[table].primary_key]
    same = " AND ".join(f'here."{name}" = kept."{name}"' for name in key)
    gone = f"SELECT * FROM kept.{table} kept WHERE NOT EXISTS (SELECT FROM public.{table} here WHERE {same})"  # noqa: S608
    return f"DELETE FROM public.{table} WHERE xmin::text::bigint > :since", f"INSERT INTO public.{table} {gone}"  # noqa: S608


_MEND = {table: _mend(table) for table in Base.metadata.tables}
_FINGERPRINTS = text(
    " UNION ALL ".join(
        f"SELECT '{table}', count(*), max(xmin::text::bigint) FROM public.{table}"  # noqa: S608
        for table in Base.metadata.tables
    )
)
