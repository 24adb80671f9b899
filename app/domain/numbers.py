"""Numbers in a series without gaps or doubles: of declarations, acceptances, notices, register lines."""

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models.declaration import NumberSeries


def next_number(session: Session, series: str) -> int:
    """The next number of `series`, from 1; its row stays locked until the transaction ends, so nobody gets the same."""
    raised = _raise(session, series)
    if raised is not None:
        return raised
    try:
        with session.begin_nested():
            session.add(NumberSeries(key=series, last=1))
    except IntegrityError:  # somebody else began the series a moment ago
        raised = _raise(session, series)
        assert raised is not None
        return raised
    return 1


def _raise(session: Session, series: str) -> int | None:
    counted = update(NumberSeries).where(NumberSeries.key == series).values(last=NumberSeries.last + 1)
    return session.scalar(counted.returning(NumberSeries.last).execution_options(synchronize_session=False))
