"""Bringing a database to the tables of this version, by Alembic."""

from alembic import command
from alembic.config import Config

from app.cli.places import MIGRATIONS
from app.db import Database


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
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        work(config)
