"""The process dies at each statement of a ballot's close, at its commit, and before it could say so: all or nothing."""

import pytest
from sqlalchemy import func, select

from app.db import Database
from app.domain import ballots
from app.domain.ballots import sealing
from app.errors import Refused
from app.models.ballot import Ballot, Participation, SealedSheet, Tally, Vote
from app.models.review import AgendaItem
from app.processes import ballots as after
from app.processes.tick import tick
from tests.crash.faults import Fault, Killed, watched
from tests.support import ballots as voting
from tests.support import restart
from tests.support.secrecy import session as held
from tests.support.secrecy.truth import Truth
from tests.support.secrecy.walker import walk

CAST = held.ITEMS * held.PRESENT


@pytest.fixture
def briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sealing._ARGON, "memory_cost", 64)


def _state(database: Database) -> dict[str, object]:
    """Everything that a close changes, counted."""
    with database.reading() as session:
        counted = {
            table.__tablename__: session.scalar(select(func.count()).select_from(table))
            for table in (SealedSheet, Vote, Tally)
        }
        ballot = session.scalars(select(Ballot)).one()
        decided = session.scalars(select(AgendaItem.status).distinct()).all()
        handed_in = sum(session.scalars(select(Participation.handed_in)))
    return {**counted, "ballot": ballot.status, "keys": ballot.shares is not None, "items": decided, "in": handed_in}


NOTHING = {
    "sealed_sheet": held.PRESENT, "vote": 0, "tally": 0, "ballot": "open", "keys": True, "items": ["listed"],
    "in": held.PRESENT,
}  # fmt: skip
ALL = {
    "sealed_sheet": 0, "vote": CAST, "tally": held.ITEMS, "ballot": "counted", "keys": False, "items": ["voted"],
    "in": held.PRESENT,
}  # fmt: skip


@pytest.fixture(params=["sqlite_database", pytest.param("postgresql_alone", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Database:
    return request.getfixturevalue(request.param)


@pytest.mark.usefixtures("briefly")
def test_a_close_that_dies_anywhere_leaves_all_or_nothing(database: Database) -> None:
    """After each death a new process finds the ballot untouched, or counted; in the end nothing is tied to anybody."""
    truth = held.cast(database)
    assert _state(database) == NOTHING
    statement = 0
    while True:
        statement += 1
        try:
            with watched(database, Fault("statement", statement)):
                held.close(database, truth)
            break
        except Killed:
            database = restart.anew(database)
            assert _state(database) == NOTHING, statement
        if statement == 1:  # the commit once, early: nothing has changed since
            database = _dies(database, truth, Fault("commit", 1))
            assert _state(database) == NOTHING
    assert statement > len(("ballot", "sheets", "roll", "recusals", "votes", "tallies", "items", "sheets", "ballot"))
    assert _state(database) == ALL
    with pytest.raises(Refused, match="本次投票已经结束"):
        held.close(database, truth)
    tick(database)  # what the dead could not wipe
    assert after.wipe(database)
    assert walk(database, truth, {}) == []
    database.dispose()


@pytest.mark.usefixtures("briefly")
def test_a_close_whose_answer_is_lost_is_done(sqlite_database: Database) -> None:
    truth = held.cast(sqlite_database)
    database = _dies(sqlite_database, truth, Fault("answer", 1))
    assert _state(database) == ALL
    assert after.wipe(database)
    assert walk(database, truth, {}) == []
    database.dispose()


def test_a_reader_keeps_the_traces_until_a_later_tick(database: Database) -> None:
    with database.transaction() as session:
        made = voting.meeting(session, 9)
        ballot = voting.opened(session, made)
        voting.cast_all(session, ballot, made.seats, *["yes"] * 9)
    with database.reading() as reader:
        reader.scalars(select(Ballot)).all()
        with database.transaction() as session:
            ballots.close(session, ballots.get(session, ballot.id), voting.officers(session))
        assert not after.wipe(database)
    tick(database)
    with database.reading() as session:
        assert ballots.get(session, ballot.id).wiped_at is not None


def _dies(database: Database, truth: Truth, fault: Fault) -> Database:
    with pytest.raises(Killed), watched(database, fault):
        held.close(database, truth)
    return restart.anew(database)
