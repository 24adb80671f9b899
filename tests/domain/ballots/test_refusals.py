"""Who may not vote and what may not be opened or closed, in the words that are shown (E1, E9)."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import ballots
from app.domain.ballots import casting, closing
from app.domain.reviews import seats
from app.errors import Refused
from app.models.ballot import Ballot, SealedSheet
from tests.support import ballots as voting
from tests.support.reviews import Meeting

Attempt = Callable[[Session, Meeting, Ballot], None]


def _twice(session: Session, made: Meeting, ballot: Ballot) -> None:
    for choice in ("yes", "no"):
        ballots.cast(session, ballot, made.seats[0], dict.fromkeys(ballot.item_ids, choice))


def _for_the_absent(session: Session, made: Meeting, ballot: Ballot) -> None:
    ballots.cast(session, ballot, made.seats[12], dict.fromkeys(ballot.item_ids, "yes"))


def _came_after_the_opening(session: Session, made: Meeting, ballot: Ballot) -> None:
    seats.sign_in(session, made.seats[12], pledged=True)
    _for_the_absent(session, made, ballot)


def _has_left(session: Session, made: Meeting, ballot: Ballot) -> None:
    seats.leave(session, made.seats[0])
    ballots.cast(session, ballot, made.seats[0], dict.fromkeys(ballot.item_ids, "yes"))


def _recused(session: Session, made: Meeting, ballot: Ballot) -> None:
    voting.recuse(session, made.seats[0], ballot.item_ids[0])
    ballots.cast(session, ballot, made.seats[0], dict.fromkeys(ballot.item_ids, "yes"))


def _half_filled(session: Session, made: Meeting, ballot: Ballot) -> None:
    ballots.cast(session, ballot, made.seats[0], {ballot.item_ids[0]: "yes", ballot.item_ids[1]: "perhaps"})


def _another_list(session: Session, made: Meeting, ballot: Ballot) -> None:
    ballots.cast(session, ballot, made.seats[0], dict.fromkeys([*ballot.item_ids, 999], "yes"))


def _after_the_close(session: Session, made: Meeting, ballot: Ballot) -> None:
    ballots.close(session, ballot, voting.officers(session))
    ballots.cast(session, ballot, made.seats[0], dict.fromkeys(ballot.item_ids, "yes"))


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (_twice, casting.REPEATED),
        (_for_the_absent, casting.NO_PROXY),
        (_came_after_the_opening, casting.NO_PROXY),
        (_has_left, casting.NO_PROXY),
        (_recused, casting.RECUSED.format(applicant="申报人001")),
        (_half_filled, "还有1位申报人没有选择：申报人002。请逐一选择同意、不同意或者弃权。"),
        (_another_list, "选票与本次投票的名单不符，请重新打开选票。"),
        (_after_the_close, casting.LATE),
    ],
)
def test_a_sheet_that_may_not_be_handed_in(sqlite_database: Database, attempt: Attempt, words: str) -> None:
    with sqlite_database.transaction() as session:
        made = voting.meeting(session, 9, items=2)
        ballot = voting.opened(session, made)

        with pytest.raises(Refused) as refused:
            attempt(session, made, ballot)

        assert [each.message for each in refused.value.problems] == [words]


def test_two_hand_in_for_one_seat_at_once(postgresql_database: Database) -> None:
    """The second transaction waits for the first and is then refused: the sheet that counts is the first one."""
    with postgresql_database.transaction() as session:
        made = voting.meeting(session, 9)
        ballot = voting.opened(session, made)
    with postgresql_database.transaction() as first:
        ballots.cast(first, ballot, made.seats[0], {ballot.item_ids[0]: "yes"})
    with pytest.raises(Refused, match=casting.REPEATED), postgresql_database.transaction() as second:
        ballots.cast(second, ballot, made.seats[0], {ballot.item_ids[0]: "no"})


def _no_quorum(session: Session) -> None:
    voting.opened(session, voting.meeting(session, 8))


def _rules_not_minuted(session: Session) -> None:
    made = voting.meeting(session, 9)
    made.review.rules_minuted_at = None
    voting.opened(session, made)


def _not_sitting(session: Session) -> None:
    made = voting.meeting(session, 9)
    made.review.status = "ended"
    voting.opened(session, made)


def _decided(session: Session) -> None:
    made = voting.meeting(session, 9)
    made.items[0].status = "voted"
    session.flush()
    voting.opened(session, made)


def _running(session: Session) -> None:
    made = voting.meeting(session, 9)
    voting.opened(session, made)
    voting.opened(session, made)


def _recusal_breaks_quorum(session: Session) -> None:
    made = voting.meeting(session, 9, recused_count=False)
    voting.recuse(session, made.seats[0], made.items[0].id)
    voting.opened(session, made)


def _mixed(session: Session) -> None:
    made = voting.meeting(session, 9, items=2)
    for seat in made.seats[:5]:
        voting.recuse(session, seat, made.items[1].id)
    voting.opened(session, made)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (_no_quorum, "出席不足：应到13人，实到8人，未达三分之二（9人），不能开始投票。"),
        (_rules_not_minuted, "首次投票前，须先确定出席、通过和回避的计算办法并记入会议记录。"),
        (_not_sitting, "会议尚未开始或者已经结束，不能开始投票。"),
        (_decided, "申报人001不在待表决之列，不能投票。"),
        (_running, "申报人001的投票正在进行。"),
        (_recusal_breaks_quorum, "因评委回避，申报人001的表决人数未达三分之二，请暂缓表决或者递补评委。"),
        (_mixed, "申报人002有表决权的评委不足5人，须单独用纸质选票投票。"),
    ],
)
def test_a_ballot_that_may_not_be_opened(
    sqlite_database: Database, attempt: Callable[[Session], None], words: str
) -> None:
    with sqlite_database.transaction() as session, pytest.raises(Refused) as refused:
        attempt(session)

    assert [each.message for each in refused.value.problems] == [words]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"teller_count": "short"}, "请计票人本人输入不少于8位的口令。"),
        ({"teller_count": voting.PASSPHRASES["teller_supervise"]}, "监票人和计票人的口令不能相同。"),
    ],
)
def test_officers_bring_two_good_passphrases(sqlite_database: Database, typed: dict[str, str], words: str) -> None:
    with sqlite_database.transaction() as session:
        made = voting.meeting(session, 9)
        asked = (session, made.review, [made.items[0].id], made.season.people["clerk"])

        with pytest.raises(Refused) as refused:
            ballots.open(*asked, voting.officers(session, **typed))

        assert [each.message for each in refused.value.problems] == [words]


def test_a_wrong_passphrase_closes_nothing_and_is_named(database: Database) -> None:
    with database.transaction() as session:
        made = voting.meeting(session, 9)
        ballot = voting.opened(session, made)
        voting.cast_all(session, ballot, made.seats, *["yes"] * 9)

        with pytest.raises(Refused) as refused:
            ballots.close(session, ballot, voting.officers(session, teller_count="不是这个口令吧"))

        assert [each.field for each in refused.value.problems] == ["teller_count"]
        assert (ballot.status, voting.stored(session, ballot)) == ("open", {})
        ballots.close(session, ballot, voting.officers(session))
        assert ballot.status == "counted"


def test_a_changed_sheet_stops_the_count(sqlite_database: Database) -> None:
    """A sheet laid in another seat's place does not open: nothing is counted."""
    with sqlite_database.transaction() as session:
        made = voting.meeting(session, 9)
        ballot = voting.opened(session, made)
        voting.cast_all(session, ballot, made.seats, *["yes"] * 9)
        first, second = (session.get_one(SealedSheet, (ballot.id, each.id)) for each in made.seats[:2])
        first.content, second.content = second.content, first.content
        session.flush()

        with pytest.raises(Refused, match="有选票与密封时不一致"):
            ballots.close(session, ballot, voting.officers(session))


def test_a_void_ballot_tells_nothing_and_its_items_may_be_voted_on_anew(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        made = voting.meeting(session, 9)
        ballot = voting.opened(session, made)
        voting.cast_all(session, ballot, made.seats, *["yes"] * 9)

        closing.void(session, ballot, "会场断网", made.season.people["clerk"])

        assert (ballot.status, ballot.shares, ballot.void_reason) == ("void", None, "会场断网")
        assert voting.stored(session, ballot) == {}
        assert voting.opened(session, made).number == 2
        assert clock.now(session) == ballot.closed_at
