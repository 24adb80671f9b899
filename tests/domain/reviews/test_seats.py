import pytest
from sqlalchemy.orm import Session

from app.db import Database
from app.domain.reviews import seats
from app.domain.reviews.seats import Sitting
from app.errors import Refused
from tests.support import reviews


@pytest.fixture
def session(sqlite_database: Database) -> Session:
    with sqlite_database.transaction() as opened:
        yield opened  # type: ignore[misc]


def test_signing_in_leaving_and_coming_back(session: Session) -> None:
    meeting = reviews.session_with(session, seats=13, items=0)
    first, *_ = meeting.come(9)
    assert seats.lamp(session, meeting.review).lit
    seats.leave(session, first)
    with pytest.raises(Refused, match="应到13人，实到8人，未达三分之二（9人）"):
        seats.require_quorum(session, meeting.review)
    seats.sign_in(session, first)
    assert (first.phone_receipt, first.left_at, first.pledged_at is not None) == ("T001", None, True)
    seats.require_quorum(session, meeting.review)
    with pytest.raises(Refused, match="尚未签到"):
        seats.leave(session, meeting.seats[-1])


def test_a_reserve_votes_only_in_an_absent_members_place(session: Session) -> None:
    meeting = reviews.session_with(session, seats=13, items=0, reserves=2)
    meeting.come(8)
    reserve, other = meeting.seats[-2:]
    seats.sign_in(session, reserve)
    assert len(seats.present(session, meeting.review.id)) == 8
    seats.stand_in(session, meeting.review, reserve, meeting.seats[12])
    assert (len(seats.present(session, meeting.review.id)), meeting.review.roster_size) == (9, 13)
    seats.sign_in(session, meeting.seats[12])  # comes late: his place is taken
    assert len(seats.present(session, meeting.review.id)) == 9
    for wrong, absent in ((other, meeting.seats[0]), (reserve, meeting.seats[11]), (other, meeting.seats[12])):
        with pytest.raises(Refused):
            seats.stand_in(session, meeting.review, wrong, absent)


def test_chair_or_deputy_presides(session: Session) -> None:
    meeting = reviews.session_with(session, seats=13, items=0)
    chair, deputy, member = meeting.seats[:3]
    seats.sign_in(session, member)
    with pytest.raises(Refused, match="均未到会"):
        seats.require_presiding(session, meeting.review, member.id)
    seats.sign_in(session, deputy)
    assert seats.require_presiding(session, meeting.review, deputy.id) is deputy
    with pytest.raises(Refused, match="请选择主持人"):
        seats.require_presiding(session, meeting.review, chair.id)


def test_a_roster_needs_somebody_to_preside_and_nobody_twice(session: Session) -> None:
    meeting = reviews.session_with(session, seats=3, items=0)
    one = meeting.seats[0].expert_id
    for roster, words in (([Sitting(one)], "无人主持"), ([Sitting(one, "chair"), Sitting(one)], "两个席位")):
        with pytest.raises(Refused, match=words):
            seats.seat(session, meeting.review, roster)
    assert [line.name for line in seats.lines(session, meeting.review.id)] == ["评委01", "评委02", "评委03"]
    person = meeting.person(meeting.seats[1])
    assert seats.of_person(session, meeting.review.id, person) is meeting.seats[1]
