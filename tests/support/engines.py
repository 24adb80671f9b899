"""What one engine has learnt of SQL, known to all of its kind: tests open hundreds of databases and ask each the same.

A compiled statement belongs to the dialect it was compiled for; engines that share both compile each statement once.
"""

from sqlalchemy import Engine, event

from app import db

_learnt: dict[str, Engine] = {}
_make = db._make_engine
STATEMENTS = 10_000  # more than all tests together say


def share() -> None:
    """From now on every engine that `app.db` makes shares what it compiles, and SQLite waits for no disk."""
    db.PRAGMAS = (*db.PRAGMAS, "synchronous=OFF")  # type: ignore[assignment]
    db._make_engine = _sharing  # type: ignore[assignment]


def _sharing(url: str) -> Engine:
    engine = _make(url)
    kind = engine.dialect.name
    if kind in _learnt:
        engine.dialect = engine.pool._dialect = _learnt[kind].dialect
        engine._compiled_cache = _learnt[kind]._compiled_cache
    else:  # a dialect knows its server from its first connection on
        engine._compiled_cache.capacity = STATEMENTS  # type: ignore[union-attr]
        event.listen(engine, "first_connect", lambda *_: _learnt.setdefault(kind, engine))
    return engine
