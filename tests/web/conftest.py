"""A database with the demo's people and every shipped notice at 2023-10-09 09:00, filled once and copied for a test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import URL

from app.cli import demo
from app.cli.scenarios import world
from app.config import Settings
from app.db import Base, Database
from app.web import session as web_session
from tests.support.reused import Reused
from tests.support.website import site


@pytest.fixture(scope="session")
def sqlite_season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("season") / "season.db")


def filled(path: Path) -> Path:
    """A new SQLite database with the demo's people and notices."""
    database = Database(f"sqlite:///{path}")
    Base.metadata.create_all(database.engine)
    _fill(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_season(postgresql_server: URL) -> Iterator[Reused]:
    store = Reused(postgresql_server, _fill)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def season(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The filled database, untouched, on SQLite and on PostgreSQL."""
    if request.param == "postgresql":
        yield request.getfixturevalue("postgresql_season").fresh()
        return
    path = tmp_path / "season.db"
    shutil.copy(request.getfixturevalue("sqlite_season"), path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture
def season_site(settings: Settings, season: Database) -> Iterator[Flask]:
    """The website on that database; every test begins with untouched rate limits."""
    app = site(settings, season)
    web_session.limiter.reset()
    yield app
    web_session.limiter.reset()


def _fill(database: Database) -> None:
    with database.transaction() as session:
        world.freeze(session, demo.STARTS)
        demo.fill(session)
