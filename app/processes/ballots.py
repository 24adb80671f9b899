"""After a ballot: what its close has deleted is taken out of the database's files, where no transaction reaches."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain.ballots.closing import TRACES
from app.models.ballot import Ballot


def wipe(database: Database) -> bool:
    """Wipe the traces of every ballot that is over; True when none is left.

    Called right after the close, and by every tick for what a crash or a busy database has left.
    """
    with database.reading() as session:
        left = unwiped(session)
    if not left:
        return True
    if not database.wipe(*TRACES):
        return False
    with database.transaction() as session:
        session.execute(update(Ballot).where(Ballot.id.in_(left)).values(wiped_at=clock.now(session)))
    return True


def unwiped(session: Session) -> list[int]:
    """Ballots whose sheets and key are deleted and may still stand in the files; paper leaves no traces."""
    over = (Ballot.status != "open") & (Ballot.mode == "electronic") & Ballot.wiped_at.is_(None)
    return list(session.scalars(select(Ballot.id).where(over)))
