"""Numbers in a series without gaps or doubles: of declarations, acceptances, notices, register lines."""

from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models.declaration import NumberSeries

_SERIES = NumberSeries.metadata.tables["number_series"]
_BEGIN: dict[str, Any] = {"sqlite": sqlite.insert(_SERIES), "postgresql": postgresql.insert(_SERIES)}


def next_number(session: Session, series: str) -> int:
    """The next number of `series`, from 1; its row stays locked until the transaction ends, so nobody gets the same."""
    return next_numbers(session, series)[series]


def next_numbers(session: Session, *series: str) -> dict[str, int]:
    """The next number of each, drawn together; in one order, so that no two who draw wait for each other."""
    connection, wanted = session.connection(), {f"series_{n}": each for n, each in enumerate(sorted(set(series)))}
    drawn = connection.execute(_next(connection.dialect.name, tuple(wanted)), wanted)
    return {row.key: int(row.last) for row in drawn}


@lru_cache(maxsize=8)
def _next(dialect: str, series: tuple[str, ...]) -> Any:
    """Both databases speak it: begin a series or take its next number, against every other writer."""
    return (
        _BEGIN[dialect]
        .values([{"key": bindparam(name), "last": 1} for name in series])
        .on_conflict_do_update(index_elements=[_SERIES.c.key], set_={"last": _SERIES.c.last + 1})
        .returning(_SERIES.c.key, _SERIES.c.last)
    )
