"""Rows that must be there: asked for by an id that came from an address or from a process's subject."""

from typing import TypeVar

from sqlalchemy.orm import Session

from app.errors import NotFound

T = TypeVar("T")


def row(session: Session, table: type[T], key: int | None, missing: str) -> T:
    """The row with the id; NotFound with the sentence `missing` for none and for an unknown one."""
    found = None if key is None else session.get(table, key)
    if found is None:
        raise NotFound(missing)
    return found
