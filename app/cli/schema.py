"""Bringing a database to the tables of this version, by Alembic."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from app.cli.places import MIGRATIONS
from app.db import Database
from app.errors import ConfigurationError


def upgrade(database: Database, revision: str = "head") -> None:
    """Run the migrations that are missing; an empty database gets all tables."""
    _run(database, lambda config: command.upgrade(config, revision))


def downgrade(database: Database, revision: str) -> None:
    _run(database, lambda config: command.downgrade(config, revision))


def revise(database: Database, message: str) -> None:
    """Write a migration from what the tables in code have and the database has not."""
    _run(database, lambda config: command.revision(config, message=message, autogenerate=True))


def difference(database: Database) -> None:
    """Raises alembic.util.CommandError if the tables in code and in the database differ."""
    _run(database, command.check)


def _run(database: Database, work: object) -> None:
    assert callable(work)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    with database.engine.connect() as connection, _referring_later(connection), connection.begin():
        config.attributes["connection"] = connection
        work(config)
        if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise ConfigurationError("升级后有记录指向不存在的记录，已全部撤销。")


@contextmanager
def _referring_later(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, while others refer to it: references are checked at the end only."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")  # has no effect within a transaction
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
