"""Alembic's environment: the database comes from the command that calls it, the tables from app.models."""

from alembic import context
from sqlalchemy import Connection

import app.models  # noqa: F401  (makes the tables known)
from app.db import Base


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        user_module_prefix="types.",
    )
    with context.begin_transaction():
        context.run_migrations()


migrate(context.config.attributes["connection"])
