"""Connections to PostgreSQL: replaced when the server has closed them, with what they have prepared kept ready."""

import pytest
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from app.db import OFTEN, Database
from app.models.people import Person

WHO = text("SELECT pg_backend_pid()")


def fail(database: Database) -> None:
    def work(session: Session) -> None:
        session.execute(insert(Person).values(account="b", name="b"))
        session.execute(text("SELECT 1 / 0"))

    with pytest.raises(DataError):
        database.run(work)


def test_a_connection_that_the_server_closed_is_not_used_again(postgresql_database: Database) -> None:
    postgresql_database.engine.dispose()  # of a pool with several, another may be next
    with postgresql_database.transaction() as session:
        lost = session.scalar(WHO)
    with postgresql_database.transaction() as session:
        assert session.scalar(WHO) == lost

    other = create_engine(postgresql_database.engine.url)
    with other.connect() as connection:
        connection.scalar(text("SELECT pg_terminate_backend(:lost, 5000)"), {"lost": lost})  # waits until it is gone
    other.dispose()

    with postgresql_database.transaction() as session:
        assert session.scalar(WHO) != lost


def test_what_transactions_ask_often_stays_prepared_and_a_look_prepares_nothing(postgresql_database: Database) -> None:
    asked = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%person.account%'")
    often, look = select(Person.id).where(Person.account == "a"), select(Person.name).where(Person.account == "a")

    def prepared() -> int | None:
        with postgresql_database.transaction() as session:
            return session.scalar(asked)

    postgresql_database.engine.dispose()
    for _ in range(OFTEN + 1):
        with postgresql_database.reading() as session:
            session.scalars(look).all()
        with postgresql_database.transaction() as session:
            session.scalars(often).all()
    assert prepared() == 1
    fail(postgresql_database)
    assert prepared() == 1


def test_what_a_look_or_a_failed_transaction_wrote_is_undone(postgresql_database: Database) -> None:
    with postgresql_database.reading() as session:
        session.execute(insert(Person).values(account="a", name="a"))
    fail(postgresql_database)
    with postgresql_database.transaction() as session:
        assert session.scalars(select(Person.account)).all() == []
