"""The ballots of a session as its desk runs them: what may not be voted on is put off, what was closed is wiped."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import ballots, people
from app.domain.ballots import closing, roll
from app.domain.ballots.opening import Officers
from app.domain.reviews import recusals, sessions
from app.errors import Problem, Refused
from app.models.ballot import Ballot
from app.models.review import AgendaItem, ReviewSession
from app.processes import ballots as traces


def start(
    session: Session,
    review: ReviewSession,
    item_ids: Sequence[int],
    by: int,
    officers: Officers,
    *,
    paper: bool = False,
) -> tuple[Ballot | None, list[AgendaItem]]:
    """Put off what recusals leave without a quorum, then open a ballot on the rest; gives both.

    No ballot where nothing is left. Refused as `ballots.open` refuses.
    """
    require_tellers(session, review, officers)
    put_off = recusals.defer_short(session, review)
    left = [each for each in item_ids if each not in {item.id for item in put_off}]
    if put_off and not left:
        return None, put_off
    return ballots.open(session, review, left, by, officers, paper=paper), put_off


def require_tellers(session: Session, review: ReviewSession, officers: Officers) -> None:
    """Refused for a 监票人 or 计票人 who is none of the convening body's."""
    body, now = sessions.convening_organisation(session, review).id, clock.now(session)
    for role, officer in officers.items():
        if officer.person_id not in {each.person_id for each in people.holders(session, role, body, now)}:
            raise Refused(Problem("teller", f"请选择本单位的{people.ROLES[role]}。", role))


def close(database: Database, ballot_id: int, officers: Officers) -> None:
    """Count in one transaction, then take what was deleted out of the database's files."""
    with database.transaction() as session:
        closing.close(session, roll.get(session, ballot_id), officers)
    traces.wipe(database)


def void(database: Database, ballot_id: int, reason: str, by: int) -> None:
    """Delete the sheets uncounted, out of the files as well."""
    with database.transaction() as session:
        closing.void(session, roll.get(session, ballot_id), reason, by)
    traces.wipe(database)
