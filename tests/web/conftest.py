"""A database with the demo's people and every shipped notice at 2023-10-09 09:00, filled once and copied for a test."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import URL

from app.cli import demo
from app.cli.scenarios import world
from app.config import Settings
from app.db import Database
from app.web import session as web_session
from tests.support import postgresql
from tests.support.website import site


@pytest.fixture(scope="session")
def sqlite_season(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("season") / "season.db"
    shutil.copy(sqlite_template, path)
    _fill(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_season(postgresql_server: URL, postgresql_template: str) -> Iterator[str]:
    """Name of the filled database."""
    name = f"zhiping_season_{uuid.uuid4().hex[:12]}"
    postgresql.administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    _fill(postgresql.url(postgresql_server, name))
    yield name
    postgresql.administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def season(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A fresh copy of the filled database, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "season.db"
        shutil.copy(request.getfixturevalue("sqlite_season"), path)
        database = Database(f"sqlite:///{path}")
        yield database
        database.dispose()
        return
    server, template = request.getfixturevalue("postgresql_server"), request.getfixturevalue("postgresql_season")
    name = f"zhiping_season_{uuid.uuid4().hex[:12]}"
    postgresql.administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    database = Database(postgresql.url(server, name))
    yield database
    database.dispose()
    postgresql.administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def season_site(settings: Settings, season: Database) -> Iterator[Flask]:
    """The website on that database; every test begins with untouched rate limits."""
    app = site(settings, season)
    web_session.limiter.reset()
    yield app
    web_session.limiter.reset()


def _fill(url: str) -> None:
    database = Database(url)
    with database.transaction() as session:
        world.freeze(session, demo.STARTS)
        demo.fill(session)
    database.dispose()
