"""The cases of the vote, by what is handed in and what the tally says (E2–E6, G5)."""

import pytest
from sqlalchemy import select

from app.db import Database
from app.domain import ballots
from app.models.ballot import Participation, SealedSheet, Tally
from app.models.declaration import Declaration
from app.models.process import Event
from tests.support import ballots as voting

CASES = {
    "E2": (("yes",) * 6 + ("no",) * 3, True),
    "E3": (("yes",) * 5 + ("no",) * 4, False),
    "E4 seven": (("yes",) * 7 + ("no",) * 4, False),
    "E4 eight": (("yes",) * 8 + ("no",) * 3, True),
    "E6": (("yes",) * 4 + ("no",) * 3 + ("abstain",) * 2, False),
}


@pytest.mark.parametrize(("said", "passed"), CASES.values(), ids=CASES)
def test_a_vote_of_thirteen_members(sqlite_database: Database, said: tuple[str, ...], passed: bool) -> None:
    present = len(said)
    with sqlite_database.transaction() as session:
        made = voting.meeting(session, present)
        ballot = voting.opened(session, made)
        voting.cast_all(session, ballot, made.seats, *said)

        ballots.close(session, ballot, voting.officers(session))

        found = session.scalars(select(Tally)).one()
        counted = (found.yes, found.no, found.abstain, found.present, found.counted)
        assert counted == (said.count("yes"), said.count("no"), said.count("abstain"), present, present)
        assert found.passed is passed
        assert (made.items[0].passed, made.items[0].status) == (passed, "voted")


@pytest.mark.parametrize(("recused_count", "passed"), [(True, False), (False, True)])
def test_a_recused_member_counts_as_the_rule_says_and_both_are_shown(
    sqlite_database: Database, recused_count: bool, passed: bool
) -> None:
    with sqlite_database.transaction() as session:
        made = voting.meeting(session, 10, recused_count=recused_count)
        voting.recuse(session, made.seats[9], made.items[0].id)
        ballot = voting.opened(session, made)
        voting.cast_all(session, ballot, made.seats[:9], *["yes"] * 6, *["no"] * 3)

        ballots.close(session, ballot, voting.officers(session))

        found = session.scalars(select(Tally)).one()
        assert (found.present, found.recused, found.counted, found.passed) == (10, 1, 10 - (not recused_count), passed)
        assert found.other_way == {"counted": 9 + (not recused_count), "passed": not passed}


def test_who_hands_in_nothing_is_present_and_not_for_it(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        made = voting.meeting(session, 9)
        ballot = voting.opened(session, made)
        voting.cast_all(session, ballot, made.seats[:6], *["yes"] * 5, "no")

        ballots.close(session, ballot, voting.officers(session))

        found = session.scalars(select(Tally)).one()
        assert (found.yes, found.no, found.abstain, found.counted, found.passed) == (5, 1, 3, 9, False)


def test_a_close_leaves_votes_and_who_took_part_and_nothing_between(database: Database) -> None:
    """Every vote of every item is there, in another order than it was cast; sheets and key are gone."""
    with database.transaction() as session:
        made = voting.meeting(session, 11, items=4)
        voting.recuse(session, made.seats[2], made.items[1].id)
        ballot = voting.opened(session, made)
        for number, seat in enumerate(made.seats[:10]):
            mine = {item.id: "yes" if number % 3 else "no" for item in made.items if (number, item.place) != (2, 2)}
            ballots.cast(session, ballot, seat, mine)

    with database.transaction() as session:
        ballot = ballots.get(session, ballot.id)
        assert ballots.progress(session, ballot).handed_in == 10
        ballots.close(session, ballot, voting.officers(session))

    with database.reading() as session:
        ballot = ballots.get(session, ballot.id)
        votes = voting.stored(session, ballot)
        assert {item: sorted(said) for item, said in votes.items()} == {
            item.id: ["no"] * 4 + ["yes"] * (5 if item.place == 2 else 6) for item in made.items
        }
        assert session.scalars(select(SealedSheet)).all() == []
        assert (ballot.status, ballot.public_key, ballot.shares) == ("counted", None, None)
        assert sum(session.scalars(select(Participation.handed_in))) == 10


def test_what_left_the_agenda_while_the_vote_ran_is_not_decided_by_it(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        made = voting.meeting(session, 9, items=2)
        ballot = voting.opened(session, made)
        voting.cast_all(session, ballot, made.seats, *["yes"] * 9)
        made.items[0].status = "dropped"
        session.flush()

        ballots.close(session, ballot, voting.officers(session))

        assert [(each.status, each.passed) for each in made.items] == [("dropped", None), ("voted", True)]


def test_before_the_close_nobody_can_count(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        made = voting.meeting(session, 9, items=2)
        ballot = voting.opened(session, made)
        voting.cast_all(session, ballot, made.seats, *["yes"] * 9)

        assert session.scalars(select(Tally)).all() == []
        assert voting.stored(session, ballot) == {}
        assert {each.passed for each in made.items} == {None}
        assert (made.items[0].status, session.get_one(Declaration, made.items[0].declaration_id).status) == (
            "listed",
            "IN_SESSION",
        )


def test_the_history_tells_of_a_ballot_and_nothing_of_who_voted(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        made = voting.meeting(session, 9, items=2)
        ballot = voting.opened(session, made)
        voting.cast_all(session, ballot, made.seats, *["yes"] * 9)
        ballots.close(session, ballot, voting.officers(session))

        events = session.scalars(select(Event).where(Event.instance_id == made.review.instance_id).order_by(Event.id))
        assert [(each.kind, each.payload) for each in events] == [
            ("ballot_opened", {"task": "第1次（电子投票，2人）"}),
            ("ballot_counted", {"task": "第1次（电子投票，2人）"}),
        ]
