"""The throw-away database of a rehearsal: the notice, those it stands under, its bodies, and a clock that stands."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app import clock, functions  # noqa: F401  (functions must be registered before notices are read)
from app.cli.places import ROOT
from app.cli.rehearsal import bodies
from app.cli.rehearsal.bodies import Bodies
from app.cli.scenarios import world as scenarios
from app.db import Base, Database
from app.domain import committees, notices, packages
from app.domain.deadline_rules import opening
from app.domain.packages import Package
from app.domain.parameter_values import WINDOWS
from app.errors import ConfigurationError
from app.models.notice import Committee
from app.models.types import secret_known, use_secret

_BEFORE = timedelta(days=400)  # everything is known long before the season begins
_SETTING_OUT = timedelta(days=2)


@dataclass(frozen=True)
class World:
    """`begins` is when people may first do something: shortly before the first window opens."""

    database: Database
    package: Package
    version_id: int
    bodies: Bodies
    begins: datetime

    def committees(self, session: Session) -> list[Committee]:
        return committees.of_version(session, self.version_id)


@contextmanager
def of_notice(folder: Path, applicants: int) -> Iterator[World]:
    """A world in which the package in `folder` is published for `applicants` people; gone at the end."""
    place = Path(tempfile.mkdtemp(prefix="zhiping-rehearsal-"))
    database = _careless(f"sqlite:///{place / 'season.db'}")
    try:
        yield _filled(database, folder, applicants)
    finally:
        database.dispose()
        shutil.rmtree(place)


def _filled(database: Database, folder: Path, applicants: int) -> World:
    if not secret_known():
        use_secret(scenarios.SECRET)
    chain = lineage(folder)
    package = chain[-1]
    if not package.committees:
        raise ConfigurationError(f"《{package.title}》没有评委会日程，不接受申报，无法预演。")
    Base.metadata.create_all(database.engine)
    with database.transaction() as session:
        first = min(each.in_force_from for each in chain)
        scenarios.freeze(session, opening(first) - _BEFORE)
        made = bodies.found(session, package, applicants)
        for each in chain:
            version = notices.publish(session, each, by=None, note="预演")
        rows = committees.of_version(session, version.id)
        begins = _begins(package, rows)
        scenarios.freeze(session, begins)
    return World(database, package, version.id, made, begins)


def lineage(folder: Path) -> list[Package]:
    """The package and those it stands under, the farthest first; a parent stands beside it or is a shipped one."""
    chain = [packages.read(folder.resolve(), ROOT)]
    while (parent := chain[0].parent) is not None:
        beside = folder.resolve().parent / parent
        chain.insert(0, packages.read(beside if beside.is_dir() else ROOT / "notices" / parent, ROOT))
    return chain


def closing_of(row: Committee) -> datetime | None:
    """When the last window of the committee is over; None where the schedule prints none."""
    ends = [window.closes for name in WINDOWS if (window := committees.window(row, name)) and window.closes]
    return max(ends, default=None)


def _begins(package: Package, rows: list[Committee]) -> datetime:
    in_force = opening(package.in_force_from)
    starts = [window.opens for row in rows if (window := committees.window(row, "declare")) and window.opens]
    return max(in_force, min(starts, default=in_force) - _SETTING_OUT)


def _careless(url: str) -> Database:
    """A database that may lose everything when the machine stops, and is as quick as that."""
    database = Database(url)

    @event.listens_for(database.engine, "connect")
    def _hurry(connection: Any, _record: Any) -> None:
        for pragma in ("synchronous=OFF", "cache_size=-65536", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    return database
