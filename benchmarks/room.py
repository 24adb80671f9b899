"""The room an instance takes: its largest state on the way, and what its rows leave behind when it has ended.

`state_bytes_max`: the largest compressed state of the A1 walk. `table_bytes_per_instance`: bytes of table rows without
indexes and without history, the mean of a thousand finished instances. A declaration is carried to its confirmation;
every row that this left in any table (but for what other authorities' registers say of the person) is copied until a
thousand instances stand there, into tables of the same columns on SQLite without a single index, and `dbstat` gives the
bytes of their pages (cells, headers and free ends included).
"""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, select

from app.cli.scenarios import case
from app.cli.scenarios.player import Player
from app.cli.scenarios.world import SqliteWorlds
from app.db import Base, Database
from app.models.process import ProcessInstance
from benchmarks import walk

ENDED = Path("tests/scenarios/end_CONFIRMED.yaml")
INSTANCES = 1000
APART = ("event", "common_chain", "daily_head", "shared_record")


def measure(worlds: SqliteWorlds) -> dict[str, float]:
    with worlds.fresh() as database:
        sizes: list[int] = []
        walk.ours(database, {}, burden=lambda database, _: sizes.append(largest_state(database)))
        largest = max(*sizes, largest_state(database))
    with worlds.fresh() as database:
        new = rows(database)
        walk.play(Player(case.read(ENDED), database))
        with database.reading() as session:
            states = session.scalars(select(ProcessInstance.status)).all()
        assert set(states) == {"ended"}, states
        database.dispose()
        size = bytes_of(Path(str(database.engine.url.database)), new, INSTANCES // len(states))
    return {"state_bytes_max": largest, "table_bytes_per_instance": round(size / INSTANCES)}


def largest_state(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.max(func.length(ProcessInstance.state)))) or 0


def rows(database: Database) -> dict[str, str]:
    """Table → SQL that tells the rows to come from those there are; one without row numbers has to be empty now."""
    found = {}
    with closing(sqlite3.connect(str(database.engine.url.database))) as source:
        for name in tables():
            if Base.metadata.tables[name].dialect_options["sqlite"]["with_rowid"]:
                highest = source.execute(f"SELECT max(rowid) FROM {name}").fetchone()[0]  # noqa: S608
                found[name] = f"rowid > {highest or 0}"
            else:
                assert source.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,), name  # noqa: S608
                found[name] = "TRUE"
    return found


def tables() -> list[str]:
    return [name for name in Base.metadata.tables if name not in APART]


def bytes_of(path: Path, new: dict[str, str], copies: int) -> int:
    """The pages of the `new` rows (see `rows`), copied so many times."""
    with tempfile.TemporaryDirectory(prefix="zhiping-bench-") as folder, closing(sqlite3.connect(path)) as source:
        source.execute("ATTACH ? AS room", (str(Path(folder) / "room.db"),))
        for name, which in new.items():
            columns = [column.name for column in Base.metadata.tables[name].columns if column.name != "id"]
            listed = ", ".join(f'"{column}"' for column in columns)
            source.execute(f"CREATE TABLE room.{name} (id INTEGER PRIMARY KEY, {listed})")
            copy = f"INSERT INTO room.{name} ({listed}) SELECT {listed} FROM main.{name} WHERE {which}"  # noqa: S608
            for _ in range(copies):
                source.execute(copy)
        source.commit()
        used = source.execute(
            "SELECT name, sum(pgsize) FROM dbstat('room') WHERE name NOT LIKE 'sqlite_%' GROUP BY name"
        ).fetchall()
        empty = source.execute("PRAGMA room.page_size").fetchone()[0]  # what a table without rows takes
        return sum(size for _, size in used if size > empty)
