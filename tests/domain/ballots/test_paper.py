"""Ballots on paper: entered twice, compared, and counted when the two agree (G8)."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import ballots
from app.domain.ballots import closing, paper
from app.domain.ballots.paper import Reading
from app.errors import Refused
from app.models.ballot import Ballot, SealedSheet, Tally
from tests.support import ballots as voting
from tests.support.reviews import Meeting


def _on_paper(session: Session, present: int = 9, items: int = 2) -> tuple[Meeting, Ballot]:
    made = voting.meeting(session, present, items=items)
    return made, voting.opened(session, made, paper=True)


def _enter(session: Session, ballot: Ballot, role: str, *read: Reading) -> list[int]:
    person = voting.officers(session)[role].person_id
    return paper.enter(session, ballot, role, person, dict(zip(ballot.item_ids, read, strict=True)))


def test_equal_entries_count_the_ballot(database: Database) -> None:
    with database.transaction() as session:
        made, ballot = _on_paper(session)
        read = (Reading(6, 3, 0), Reading(5, 2, 1, 1))

        assert _enter(session, ballot, "teller_supervise", *read) == []
        assert (ballot.status, session.scalars(select(Tally)).all()) == ("open", [])
        assert _enter(session, ballot, "teller_count", *read) == []

        tallies = session.scalars(select(Tally).order_by(Tally.item_id)).all()
        assert [(each.yes, each.no, each.abstain, each.passed) for each in tallies] == [
            (6, 3, 0, True),
            (5, 2, 2, False),
        ]
        assert (ballot.status, [each.passed for each in made.items]) == ("counted", [True, False])


def test_entries_that_differ_name_the_items_until_they_agree(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        made, ballot = _on_paper(session)
        _enter(session, ballot, "teller_supervise", Reading(6, 3, 0), Reading(5, 4, 0))

        assert _enter(session, ballot, "teller_count", Reading(6, 3, 0), Reading(6, 3, 0)) == [made.items[1].id]
        assert (ballot.status, paper.differing(session, ballot)) == ("open", [made.items[1].id])
        assert _enter(session, ballot, "teller_supervise", Reading(6, 3, 0), Reading(6, 3, 0)) == []
        assert ballot.status == "counted"


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (Reading(9, 1, 0), "申报人001的选票共10张，多于有表决权的9人，请重新核对。"),
        (Reading(-1, 1, 0), "请填写申报人001的票数。"),
    ],
)
def test_figures_that_cannot_be(sqlite_database: Database, read: Reading, words: str) -> None:
    with sqlite_database.transaction() as session:
        _, ballot = _on_paper(session, items=1)
        with pytest.raises(Refused, match=words):
            _enter(session, ballot, "teller_count", read)


def test_one_person_does_not_enter_twice(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        _, ballot = _on_paper(session, items=1)
        person, read = voting.officers(session)["teller_count"].person_id, {ballot.item_ids[0]: Reading(9, 0, 0)}
        paper.enter(session, ballot, "teller_count", person, read)
        with pytest.raises(Refused, match="不能由同一人录入两次"):
            paper.enter(session, ballot, "teller_supervise", person, read)


def test_fewer_than_five_voters_vote_on_paper(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        made = voting.meeting(session, 4, seats=5)
        ballot = voting.opened(session, made)
        assert (ballot.mode, ballot.shares) == ("paper", None)
        with pytest.raises(Refused, match="纸质选票"):
            ballots.cast(session, ballot, made.seats[0], {made.items[0].id: "yes"})


def test_g8_the_network_fails_and_no_electronic_vote_becomes_known(database: Database) -> None:
    with database.transaction() as session:
        made = voting.meeting(session, 9)
        electronic = voting.opened(session, made)
        voting.cast_all(session, electronic, made.seats[:6], *["no"] * 6)
        closing.void(session, electronic, "会场断网，改用纸质选票", made.season.people["clerk"])
        ballot = voting.opened(session, made, paper=True)
        for role in voting.PASSPHRASES:
            _enter(session, ballot, role, Reading(6, 3, 0))

        assert (electronic.status, ballot.status, made.items[0].passed) == ("void", "counted", True)
        assert session.scalars(select(SealedSheet)).all() == []
        assert voting.stored(session, electronic) == {}
        assert [(each.ballot_id, each.yes) for each in session.scalars(select(Tally))] == [(ballot.id, 6)]
