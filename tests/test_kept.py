"""Remembered rows: without a statement while nothing changed, never older than the transaction, each session's own."""

import pytest
from sqlalchemy.orm import Session

from app import clock, kept
from app.db import Database
from app.domain import organisations
from app.domain.restructuring import merging
from app.models.people import Organisation
from tests.support.website import statements


@pytest.fixture
def body(database: Database) -> int:
    with database.transaction() as session:
        return organisations.create(session, "k", "机构", "institution").id


def named(session: Session, body: int) -> str:
    return organisations.get(session, body).name


def test_a_body_is_read_once_by_the_process_and_then_remembered(database: Database, body: int) -> None:
    with database.reading() as session:
        first = named(session, body)
    with database.reading() as session:
        clock.now(session)
        with statements(database) as sent:
            assert (named(session, body), organisations.get(session, body).former_names) == (first, [])
        assert sent == []
    with database.reading() as session:
        assert organisations.by_key(session, "k").id == body
    with database.reading() as session:
        clock.now(session)
        with statements(database) as sent:
            assert organisations.by_key(session, "k").id == body
        assert sent == []


def test_a_change_is_seen_by_the_next_transaction_and_by_its_own(database: Database, body: int) -> None:
    with database.reading() as session:
        named(session, body)
    with database.transaction() as session:
        organisations.rename(session, body, "新名")
        assert named(session, body) == "新名"
    with database.reading() as session:
        assert (named(session, body), organisations.get(session, body).former_names) == ("新名", ["机构"])


def test_a_change_that_is_undone_is_not_remembered(database: Database, body: int) -> None:
    def rename(session: Session) -> None:
        organisations.rename(session, body, "新名")
        session.expunge_all()
        assert named(session, body) == "新名"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.run(rename)
    with database.reading() as session:
        assert named(session, body) == "机构"


def test_a_merge_is_seen_at_once(database: Database, body: int) -> None:
    with database.transaction() as session:
        other = organisations.create(session, "o", "他处", "institution").id
        child = organisations.create(session, "c", "下属", "institution", parent_id=body).id
    with database.reading() as session:
        assert organisations.get(session, child).parent_id == body
    with database.transaction() as session:
        merging.merge(session, body, other, reason="合并", by=None)
    with database.reading() as session:
        assert organisations.resolve(session, body).id == other
        assert organisations.get(session, child).parent_id == other


def test_what_one_session_does_to_its_copy_is_nobody_elses(database: Database, body: int) -> None:
    with database.reading() as session:
        named(session, body)

    def rename(session: Session) -> None:
        organisations.get(session, body).name = "未存"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.run(rename)
    with database.reading() as session:
        assert named(session, body) == "机构"


def test_nothing_is_found_where_nothing_is(database: Database) -> None:
    with database.reading() as session:
        assert kept.get(session, Organisation, 999) is None
        assert kept.find(session, Organisation, "key", "nobody") is None
