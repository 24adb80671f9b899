"""The history's other tables, and the guards that let the database itself keep it: append-only, words may go."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import DDL, event
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.process import Event
from app.models.types import Digest, Instant, Json


class CommonChain(Base):
    """One row: the head of the chain of events that belong to no instance."""

    __tablename__ = "common_chain"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    history_number: Mapped[int]
    history_digest: Mapped[str] = mapped_column(Digest)


class DailyHead(Base):
    """The last digest that a day gave each chain, under one digest that follows the day before."""

    __tablename__ = "daily_head"
    day: Mapped[date] = mapped_column(primary_key=True)
    heads: Mapped[list[list[Any]]] = mapped_column(Json)  # [chain, number, digest]
    digest: Mapped[str] = mapped_column(Digest)
    made_at: Mapped[datetime] = mapped_column(Instant)


ERASABLE = ("payload", "salt")
MESSAGE = "the history is append-only"


def guards(dialect: str, table: str, columns: Iterable[str], erasable: tuple[str, ...] = ()) -> Iterator[str]:
    """The statements that make a database refuse to delete from `table` or change it, but for emptying `erasable`."""
    kept = ", ".join(column for column in columns if column not in erasable)
    emptied = " AND ".join(f"NEW.{column} IS NULL" for column in erasable)
    if dialect == "sqlite":
        stop = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        yield f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {stop}"
        yield f"CREATE TRIGGER {table}_keeps BEFORE UPDATE OF {kept} ON {table} {stop}"
        if erasable:
            words = ", ".join(erasable)
            yield f"CREATE TRIGGER {table}_erases BEFORE UPDATE OF {words} ON {table} WHEN NOT ({emptied}) {stop}"
        return
    same = " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in kept.split(", "))
    allowed = f"IF TG_OP = 'UPDATE' AND {emptied} AND {same} THEN RETURN NEW; END IF;" if erasable else ""
    yield (
        f"CREATE FUNCTION {table}_keeps() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN {allowed} RAISE EXCEPTION '{MESSAGE}'; END$$"
    )
    fires = f"EXECUTE FUNCTION {table}_keeps()"
    yield f"CREATE TRIGGER {table}_keeps BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {fires}"
    yield f"CREATE TRIGGER {table}_stays BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {fires}"


def lifted(dialect: str, table: str) -> Iterator[str]:
    """The statements that take the guards away again: for a migration, which sets them anew after its work."""
    on = f" ON {table}" if dialect == "postgresql" else ""
    for name in ("stays", "keeps", "erases"):
        yield f"DROP TRIGGER IF EXISTS {table}_{name}{on}"
    if dialect == "postgresql":
        yield f"DROP FUNCTION IF EXISTS {table}_keeps()"


def guard(model: type[Base], erasable: tuple[str, ...] = ()) -> None:
    """Tables made from the code have their guards at once."""
    table = Base.metadata.tables[model.__tablename__]
    for dialect in ("sqlite", "postgresql"):
        for statement in guards(dialect, table.name, table.columns.keys(), erasable):
            event.listen(table, "after_create", DDL(statement.replace("%", "%%")).execute_if(dialect=dialect))


guard(Event, ERASABLE)
guard(DailyHead)
