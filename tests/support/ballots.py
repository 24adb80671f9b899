"""Ballots for tests: an open one with its officers, sheets handed in, and votes as they are stored."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import ballots
from app.domain.ballots.opening import Officer
from app.models.ballot import Ballot, Vote
from app.models.people import Person
from app.models.review import Recusal, Seat
from tests.support import reviews
from tests.support.reviews import Meeting

PASSPHRASES = {"teller_supervise": "监督-海棠-三七二一", "teller_count": "计票-玉兰-九五二七"}
BEGINS = datetime(2023, 12, 8, 9, 0, tzinfo=clock.SHANGHAI)


def officers(session: Session, **passphrases: str) -> dict[str, Officer]:
    """Two officers, made once; `passphrases` replaces what one of them types."""
    found = {}
    for role, said in (PASSPHRASES | passphrases).items():
        person = session.scalar(select(Person).where(Person.account == f"officer.{role}"))
        if person is None:
            person = Person(account=f"officer.{role}", name=f"虚构{role[-5:]}")
            session.add(person)
            session.flush()
        found[role] = Officer(person.id, said)
    return found


def meeting(
    session: Session, present: int = 9, seats: int = 13, items: int = 1, *, recused_count: bool = True, **more: Any
) -> Meeting:
    """An open session whose rules are minuted: a recused member counts as present or not."""
    made = reviews.opened(session, seats, items, present=present, **more)
    made.review.rules = {
        "quorum_fraction": "2/3",
        "pass_fraction": "2/3",
        "quorum_base": "executing_roster",
        "recusal_in_denominator": recused_count,
    }
    made.review.rules_minuted_at = clock.now(session)
    session.flush()
    return made


def opened(session: Session, made: Meeting, **how: bool) -> Ballot:
    """A ballot on every item of the meeting."""
    by = made.season.people["clerk"]
    return ballots.open(session, made.review, [each.id for each in made.items], by, officers(session), **how)


def recuse(session: Session, seat: Seat, item_id: int) -> None:
    session.add(Recusal(seat_id=seat.id, item_id=item_id, status="recused", at=clock.now(session)))
    session.flush()


def cast_all(session: Session, ballot: Ballot, seats: Iterable[Seat], *said: str) -> None:
    """The first seats vote what `said` names, one after the other, the same on every item."""
    for seat, choice in zip(seats, said, strict=False):
        ballots.cast(session, ballot, seat, dict.fromkeys(ballot.item_ids, choice))


def stored(session: Session, ballot: Ballot) -> Mapping[int, list[str]]:
    """Item → its votes in the order of their keys."""
    found: dict[int, list[str]] = {}
    for vote in session.scalars(select(Vote).where(Vote.ballot_id == ballot.id).order_by(Vote.key)):
        found.setdefault(vote.item_id, []).append(vote.choice)
    return found
