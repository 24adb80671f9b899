"""Rows that hardly ever change, from the memory of the process: bodies of the hierarchy, committees.

A model whose table says `info={"kept": True}` is remembered under a revision; whoever writes such a row raises the
revision (`app.rows`), and every transaction reads the revision along with its instant. So a remembered row is what the
database held when the transaction began. A transaction that wrote such rows itself asks the database.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from app import clock
from app.rows import KEPT_CHANGED, attached

M = TypeVar("M")
REVISION = "kept_revision"
_memories: WeakKeyDictionary[Pool, "Memory"] = WeakKeyDictionary()

clock.read_along(REVISION, "SELECT revision FROM kept_revision WHERE id = 1")


class Memory:
    """What one process knows of one database as of one revision."""

    def __init__(self, revision: int) -> None:
        self.revision = revision
        self.rows: dict[tuple[type[Any], Any], dict[str, Any]] = {}
        self.keys: dict[tuple[type[Any], str, Any], Any] = {}
        self.derived: dict[str, Any] = {}


def get(session: Session, model: type[M], key: Any) -> M | None:
    """As `session.get`, mostly without a statement."""
    memory = _memory(session)
    if memory is None or (model, (key,), None) in session.identity_map:
        with session.no_autoflush:
            return session.get(model, key)
    remembered = memory.rows.get((model, key))
    if remembered is not None:
        return attached(session, model, (key,), remembered.items())
    with session.no_autoflush:
        found = session.get(model, key)
    if found is not None:
        memory.rows[model, key] = _values(model, found)
    return found


def find(session: Session, model: type[M], column: str, value: Any) -> M | None:
    """The row whose unique `column` holds `value`."""
    memory = _memory(session)
    known = None if memory is None else memory.keys.get((model, column, value))
    if known is not None:
        return get(session, model, known)
    found = session.scalars(select(model).where(getattr(model, column) == value)).one_or_none()
    if found is not None and memory is not None:
        (key,) = inspect(model).primary_key_from_instance(found)
        memory.keys[model, column, value], memory.rows[model, key] = key, _values(model, found)
    return found


def derived(session: Session, name: str, read: Callable[[], M]) -> M:
    """What `read` makes of remembered rows, made once a revision; nobody may change it."""
    memory = _memory(session)
    if memory is None:
        return read()
    if name not in memory.derived:
        memory.derived[name] = read()
    return cast(M, memory.derived[name])


def _memory(session: Session) -> Memory | None:
    """What may be trusted in this transaction; nothing where it wrote such rows or was given its instant."""
    if session.info.get(KEPT_CHANGED):
        return None
    clock.now(session)
    if not clock.has_read(session, REVISION):
        return None
    revision, pool = clock.along(session, REVISION) or 0, session.get_bind().engine.pool
    found = _memories.get(pool)
    if found is None or found.revision < revision:
        found = _memories[pool] = Memory(revision)
    return found if found.revision == revision else None


def _values(model: type[Any], row: Any) -> dict[str, Any]:
    """The row's columns as they stand."""
    return {attribute.key: getattr(row, attribute.key) for attribute in inspect(model).column_attrs}
