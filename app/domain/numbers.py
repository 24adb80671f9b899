"""Numbers in a series without gaps or doubles: of declarations, acceptances, notices, register lines."""

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models.declaration import NumberSeries

_SERIES = NumberSeries.metadata.tables["number_series"]
# both databases speak it: begin the series or take its next number, in one statement and against every other writer
_NEXT = {
    name: insert(_SERIES)
    .values(key=bindparam("series"), last=1)
    .on_conflict_do_update(index_elements=[_SERIES.c.key], set_={"last": _SERIES.c.last + 1})
    .returning(_SERIES.c.last)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def next_number(session: Session, series: str) -> int:
    """The next number of `series`, from 1; its row stays locked until the transaction ends, so nobody gets the same."""
    connection = session.connection()
    return int(connection.execute(_NEXT[connection.dialect.name], {"series": series}).scalar_one())
