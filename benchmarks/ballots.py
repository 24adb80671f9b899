"""A session of 300 applicants and 25 experts: sheets handed in a second, and the close of one ballot on all of them.

`ballots_per_s`: single-name sheets, each handed in by a transaction of its own as the page does (roll, recusals, names,
sealing, commit), wall clock. `close_s`: opening 25 sheets of 300 names, shuffling, writing 7,500 votes and 300 tallies,
deleting what tied them, one commit; both officers' passphrases and the wiping of the files included.
"""

import time

from sqlalchemy.orm import Session

from app.cli.scenarios.world import Worlds, freeze
from app.db import Database
from app.domain import ballots
from app.domain.ballots.opening import Officer
from app.models.ballot import Ballot
from app.models.review import ReviewSession, Seat
from app.processes import ballots as after
from tests.support import ballots as voting
from tests.support import room

EXPERTS, APPLICANTS, SINGLE = 25, 300, 20  # and as many applicants more are voted on one by one
CHOICES = ("yes", "yes", "yes", "no", "abstain")
Meeting = tuple[int, list[int], list[int], int, dict[str, Officer]]  # session, seats, items, office, officers


def measure(worlds: Worlds) -> dict[str, float]:
    with worlds.fresh() as database:
        meeting = convene(database)
        _, seats, items, *_ = meeting
        spent = 0.0
        for item in items[:SINGLE]:
            ballot = opened(database, meeting, [item])
            spent += cast(database, ballot, seats)
            closed(database, meeting, ballot)
        ballot = opened(database, meeting, items[SINGLE:])
        cast(database, ballot, seats)
        began = time.perf_counter()
        closed(database, meeting, ballot)
        took = time.perf_counter() - began
    name = worlds.name
    return {f"ballots_per_s_{name}": round(SINGLE * EXPERTS / spent, 1), f"close_s_{name}": round(took, 3)}


def convene(database: Database) -> Meeting:
    with database.transaction() as session:
        freeze(session, voting.BEGINS)
        made = voting.meeting(session, EXPERTS, EXPERTS, APPLICANTS + SINGLE, season=room.season_of(session))
        by = made.season.people["clerk"]
        seats, items = [each.id for each in made.seats], [each.id for each in made.items]
        return made.review.id, seats, items, by, voting.officers(session)


def opened(database: Database, meeting: Meeting, items: list[int]) -> int:
    review_id, _, _, by, officers = meeting
    with database.transaction() as session:
        return ballots.open(session, session.get_one(ReviewSession, review_id), items, by, officers).id


def cast(database: Database, ballot_id: int, seats: list[int]) -> float:
    """Every seat's sheet; the seconds it took."""
    began = time.perf_counter()
    for number, seat in enumerate(seats):
        with database.transaction() as session:
            ballot = _ballot(session, ballot_id)
            said = {item: CHOICES[(item + number) % len(CHOICES)] for item in ballot.item_ids}
            ballots.cast(session, ballot, session.get_one(Seat, seat), said)
    return time.perf_counter() - began


def closed(database: Database, meeting: Meeting, ballot_id: int) -> None:
    with database.transaction() as session:
        ballots.close(session, _ballot(session, ballot_id), meeting[-1])
    after.wipe(database)


def _ballot(session: Session, ballot_id: int) -> Ballot:
    return ballots.get(session, ballot_id)
