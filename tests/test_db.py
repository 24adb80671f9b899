"""Connections: one that the server has closed meanwhile is replaced before anybody notices."""

from sqlalchemy import create_engine, text

from app.db import Database

WHO = text("SELECT pg_backend_pid()")


def test_a_connection_that_the_server_closed_is_not_used_again(postgresql_database: Database) -> None:
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
