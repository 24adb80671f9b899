"""A session whose ballot is cast, closed and wiped, and what of it the test has to know."""

import random

from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from app import clock
from app.db import Database
from app.domain import ballots, history
from app.models.ballot import Ballot, SealedSheet
from app.models.expert import Expert
from app.models.people import Person
from app.models.review import ReviewOpinion, Seat
from app.processes import ballots as after
from tests.support import ballots as voting
from tests.support.secrecy.truth import Truth, Voter

ITEMS, PRESENT = 12, 11
CHOICES = ("yes", "no", "abstain")


def hold(database: Database) -> tuple[Truth, dict[str, str]]:
    """The truth, and the log and the exported history of the session."""
    with capture_logs() as logged:
        truth = cast(database)
        close(database, truth)
        assert after.wipe(database)
    with database.reading() as session:
        exported = "\n".join(str(each) for each in history.records(session))
    return truth, {"log": "\n".join(map(str, logged)), "history": exported}


def cast(database: Database) -> Truth:
    """An open ballot with every sheet in, each handed in by itself, in another order than the seats'."""
    chance = random.Random(7)  # noqa: S311 (the same session each time)
    with database.transaction() as session:
        made = voting.meeting(session, PRESENT, items=ITEMS)
        ballot = voting.opened(session, made)
        seats = chance.sample(made.seats[:PRESENT], PRESENT)
        sheets = {seat.id: {item: chance.choice(CHOICES) for item in ballot.item_ids} for seat in seats}
        said = {"item_id": made.items[0].id, "text": "业绩突出，建议通过", "handed_in_at": clock.now(session)}
        session.add_all(ReviewOpinion(seat_id=seat.id, **said) for seat in seats)
    for seat in seats:
        with database.transaction() as session:
            ballots.cast(session, ballots.get(session, ballot.id), session.get_one(Seat, seat.id), sheets[seat.id])
    with database.reading() as session:
        voters = [voter_of(session, seat) for seat in seats]
        return Truth(ballot.id, ballot.item_ids, voters, sheets, sealed_of(session, ballots.get(session, ballot.id)))


def close(database: Database, truth: Truth) -> None:
    with database.transaction() as session:
        ballots.close(session, ballots.get(session, truth.ballot_id), voting.officers(session))


def sealed_of(session: Session, ballot: Ballot) -> list[bytes]:
    """The beginning of each sealed sheet and of each share, as the database holds them."""
    sheets = session.scalars(select(SealedSheet.content)).all()
    return [each[:48] for each in (*sheets, *(bytes.fromhex(share) for share in (ballot.shares or {}).values()))]


def voter_of(session: Session, seat: Seat) -> Voter:
    expert = session.get_one(Expert, seat.expert_id)
    person = session.get_one(Person, expert.person_id)
    return Voter(seat.id, seat.number, expert.id, person.id, person.name, person.account)
