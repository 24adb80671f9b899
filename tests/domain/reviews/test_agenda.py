import pytest

from app.db import Database
from app.domain import declarations
from app.domain.reviews import agenda, sessions
from app.models.declaration import Declaration
from tests.support import reviews


def test_ready_declarations_are_listed_once_from_the_highest_level(database: Database) -> None:
    with database.transaction() as session:
        meeting = reviews.session_with(session, items=3)
        later = reviews.ready(meeting.season, 2)
        later[0].level, later[1].status = "associate_senior", "PAID"
        session.flush()
        assert agenda.build(session, meeting.review) == 4
        assert [line.declaration.level for line in agenda.lines(session, meeting.review.id)] == [
            *["intermediate"] * 3,
            "associate_senior",
        ]
        another = sessions.create(session, meeting.season.version.id, meeting.season.committee, reviews.of(meeting))
        assert agenda.build(session, another) == 0
        meeting.review.status = "cancelled"
        session.flush()
        assert agenda.build(session, another) == 4
        assert agenda.lines(session, another.id)[0].declaration.level == "associate_senior"


def test_what_has_ended_leaves_the_agenda(database: Database) -> None:
    with database.transaction() as session:
        meeting = reviews.opened(session, items=3)
        first, second, third = (session.get_one(Declaration, item.declaration_id) for item in meeting.items)
        assert {each.status for each in (first, second, third)} == {"IN_SESSION"}
        declarations.end(session, first, "TERMINATED")
        agenda.drop(session, first)
        declarations.end(session, second, "WITHDRAWN")
        assert agenda.drop_ended(session, meeting.review) == 1
        agenda.defer(session, meeting.items[2], "回避后人数不足")
        assert [item.status for item in agenda.items(session, meeting.review.id)] == ["dropped", "dropped", "deferred"]
        assert meeting.items[0].reason == "申报已办结：评审终止"
        assert third.status == "DEFERRED"
        another = sessions.create(session, meeting.season.version.id, meeting.season.committee, reviews.of(meeting))
        assert agenda.build(session, another) == 1
        with pytest.raises(Exception, match="议程事项"):
            agenda.get(session, None)
