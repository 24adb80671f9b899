"""Alembic's environment: the database comes from the command that calls it, the tables from app.models."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, BigInteger, Connection

import app.models  # noqa: F401  (makes the tables known)
from app.db import Base
from app.models import types


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our portable types by their names, not by what they are on one database."""
    if kind != "type":
        return False
    if isinstance(item, types.Sealed):
        return f"types.Sealed({item.column!r})"
    named = {types.Instant: "types.Instant()", JSON: "types.Json", BigInteger: "types.Id"}
    return next((text for known, text in named.items() if isinstance(item, known)), False)


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render,
    )
    with context.begin_transaction():
        context.run_migrations()


migrate(context.config.attributes["connection"])
