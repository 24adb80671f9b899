"""What a change would do, found by doing it and undoing it: the same code that will apply it tells its effect."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from app.db import Database

T = TypeVar("T")


class _Undone(Exception):
    """Ends the transaction without committing."""


def rehearse(database: Database, work: Callable[[Session], T]) -> T:
    """The result of `work` in a transaction that is undone; hand out plain data, no rows. Raises what `work` raises."""
    found: list[T] = []
    try:
        with database.transaction() as session:
            found.append(work(session))
            raise _Undone
    except _Undone:
        return found[0]
