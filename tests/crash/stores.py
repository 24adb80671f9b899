"""Keeping a whole database at one moment and putting it back, on SQLite by its file, on PostgreSQL by a template."""

import shutil
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, create_engine, text

from app.db import Database


class Store(Protocol):
    """`keep` under the database as it stands; `put_back` makes it so again. The database must be disposed before."""

    def keep(self, database: Database) -> None: ...
    def put_back(self, database: Database) -> None: ...


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


class TemplateStore:
    def __init__(self, url: URL) -> None:
        self._name = str(url.database)
        self._kept = f"{self._name}_kept"
        self._server = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")

    def keep(self, database: Database) -> None:
        database.dispose()
        self._do(f"DROP DATABASE IF EXISTS {self._kept}", f"CREATE DATABASE {self._kept} TEMPLATE {self._name}")

    def put_back(self, database: Database) -> None:
        database.dispose()
        self._do(
            f"DROP DATABASE {self._name} WITH (FORCE)",
            f"CREATE DATABASE {self._name} TEMPLATE {self._kept} STRATEGY FILE_COPY",
        )

    def close(self) -> None:
        self._do(f"DROP DATABASE IF EXISTS {self._kept}")
        self._server.dispose()

    def _do(self, *statements: str) -> None:
        with self._server.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
