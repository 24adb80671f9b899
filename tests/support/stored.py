"""Databases as an earlier version left them: `python -m tests.support.stored` keeps one of the present revision.

The season of `crowd` stands at several waits at once (a task, a timer, a message, an objection), and every row of it is
kept as SQL text. A revision's file is written once, before the next migration, and never again.
"""

import gzip
import json
import sqlite3
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, MetaData, func, insert, select, text

from app.cli import demo, schema
from app.cli.scenarios import world
from app.db import Database
from app.models.types import use_secret
from tests.support import crowd

FOLDER = Path(__file__).parents[1] / "databases"
SECRET = b"t" * 32  # the suite's own: what is sealed must open


def keep() -> Path:
    """Write the file of the present revision; gives its path."""
    use_secret(SECRET)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stored.db"
        database = Database(f"sqlite:///{path}")
        schema.upgrade(database)
        with database.transaction() as session:
            world.freeze(session, world.FILLED_AT)
            demo.fill(session)
        crowd.walk(database, crowd.OBJECTED)
        with database.reading() as session:
            revision = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        database.dispose()
        with sqlite3.connect(path) as rows:
            words = "\n".join(rows.iterdump())
    kept = FOLDER / f"{revision}.sql.gz"
    kept.write_bytes(gzip.compress(words.encode(), mtime=0))
    return kept


def load(database: Database, kept: Path) -> None:
    """Fill an empty database with what `kept` holds, at its revision; no migration is run beyond it."""
    words = gzip.decompress(kept.read_bytes()).decode()
    if database.engine.dialect.name == "sqlite":
        with sqlite3.connect(str(database.engine.url.database)) as there:
            there.executescript(words)
        return
    here = sqlite3.connect(":memory:")
    here.row_factory = sqlite3.Row
    here.executescript(words)
    schema.upgrade(database, kept.name.removesuffix(".sql.gz"))
    _copy(here, database)
    here.close()


def _copy(here: sqlite3.Connection, database: Database) -> None:
    """Every row, its values as PostgreSQL's own columns want them; then the counters that number new rows."""
    tables = MetaData()
    tables.reflect(database.engine)
    with database.engine.begin() as there:
        for table in tables.sorted_tables:
            there.execute(table.delete())
            found = here.execute(f'SELECT * FROM "{table.name}"').fetchall()  # noqa: S608 (our own tables' names)
            rows = [{name: _value(table.c[name], row[name]) for name in row.keys()} for row in found]  # noqa: SIM118 (a sqlite3.Row)
            if rows:
                there.execute(insert(table), rows)
            if "id" in table.c and there.scalar(select(func.pg_get_serial_sequence(table.name, "id"))):
                highest = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
                there.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest, False)))


def _value(column: Column[Any], stored: Any) -> Any:
    if stored is None:
        return None
    if isinstance(column.type, Boolean):
        return bool(stored)
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(f"{stored}+00:00")
    if isinstance(column.type, Date):
        return date.fromisoformat(stored)
    return json.loads(stored) if isinstance(column.type, JSON) else stored


if __name__ == "__main__":
    sys.stdout.write(f"{keep()}\n")
