"""Throw-away databases on the PostgreSQL server of the run."""

from sqlalchemy import URL, create_engine, text


def url(server: URL, name: str) -> str:
    return server.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)


def administer(server: URL, statement: str) -> None:
    """`CREATE DATABASE` and the like, which no transaction may hold."""
    engine = create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
