"""A request that is sent twice takes effect once: its key is written with its effect and found by the repetition (D22).

The page gives each form a key of its own. What the first sending answered is kept where the second needs it.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app import clock
from app.errors import Repeated
from app.models.request_key import RequestKey

LENGTH = 64
KEPT = timedelta(days=7)  # nobody repeats a request of last week
INSERT: dict[str, Any] = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}


def take(session: Session, key: str, scope: str) -> None:
    """Claim `key` for this transaction; waits for another that holds it. Raises Repeated with the answer kept.

    `scope` says who asked for what: the same key in another scope is another request.
    """
    row = {"key": key, "scope": scope, "at": clock.now(session), "answer": {}}
    new = INSERT[session.get_bind().dialect.name](RequestKey).values(row).on_conflict_do_nothing()
    if session.scalar(new.returning(RequestKey.key)) is None:
        raise Repeated(_answer(session, key, scope))


def keep(session: Session, key: str, scope: str, answer: dict[str, Any]) -> None:
    """Keep in the same transaction what the repetition will need to answer alike."""
    session.execute(
        update(RequestKey)
        .where(RequestKey.key == key, RequestKey.scope == scope)
        .values(answer=answer)
        .execution_options(synchronize_session=False)
    )


def forget(session: Session) -> None:
    """Let go of keys that nobody will repeat any more."""
    old = delete(RequestKey).where(RequestKey.at < clock.now(session) - KEPT)
    session.execute(old.execution_options(synchronize_session=False))


def _answer(session: Session, key: str, scope: str) -> dict[str, Any]:
    found = session.scalar(select(RequestKey.answer).where(RequestKey.key == key, RequestKey.scope == scope))
    return found or {}
