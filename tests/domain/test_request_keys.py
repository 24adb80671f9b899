"""Request keys: the second of two equal requests learns what the first answered, and does nothing."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import request_keys
from app.errors import Refused, Repeated
from app.models.request_key import RequestKey
from tests.support.clockwork import Freeze

SCOPE = "7 /filing"


def test_second_request_learns_what_the_first_answered(database: Database) -> None:
    with database.transaction() as session:
        request_keys.take(session, "k", SCOPE)
        request_keys.keep(session, "k", SCOPE, {"location": "/tasks/3"})
    with pytest.raises(Repeated) as repeated, database.transaction() as session:
        request_keys.take(session, "k", SCOPE)
    assert repeated.value.answer == {"location": "/tasks/3"}


def test_same_key_for_something_else_is_another_request(database: Database) -> None:
    with database.transaction() as session:
        for scope in (SCOPE, "8 /filing", "7 /objections"):
            request_keys.take(session, "k", scope)


def test_refused_request_may_be_sent_again(database: Database) -> None:
    with pytest.raises(Refused):
        database.run(_refused)
    with database.transaction() as session:
        request_keys.take(session, "k", SCOPE)


def test_keys_of_last_week_are_forgotten(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        request_keys.take(session, "old", SCOPE)
        freeze(session, "2023-10-13 09:00:00")
        request_keys.take(session, "new", SCOPE)
        freeze(session, "2023-10-16 09:00:01")
        request_keys.forget(session)
        assert session.scalars(select(RequestKey.key)).all() == ["new"]


def _refused(session: Session) -> None:
    request_keys.take(session, "k", SCOPE)
    raise Refused
