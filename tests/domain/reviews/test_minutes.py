"""E11: the minutes close only with everything that must stand in them."""

import pytest
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain.offices import Actor
from app.domain.reviews import agenda, announcing, minutes
from app.errors import Refused
from app.models.ballot import Ballot, Tally
from app.models.review import Recusal, ReviewOpinion
from tests.support import reviews
from tests.support.reviews import Meeting


def vote(meeting: Meeting) -> None:
    """Eight of eleven agree to the first item; the second is deferred."""
    session, (first, second) = meeting.season.session, meeting.items
    by = meeting.season.people["clerk"]
    ballot = Ballot(
        session_id=meeting.review.id,
        number=1,
        mode="electronic",
        status="counted",
        item_ids=[first.id],
        rules=meeting.review.rules,
        opened_at=clock.now(session),
        opened_by=by,
    )
    session.add(ballot)
    session.flush()
    figures = {"yes": 8, "no": 2, "abstain": 0, "present": 11, "recused": 1, "counted": 11}
    session.add(
        Tally(ballot_id=ballot.id, item_id=first.id, passed=True, other_way={"counted": 10, "passed": True}, **figures)
    )
    session.add(
        Recusal(
            seat_id=meeting.seats[3].id, item_id=first.id, status="recused", basis=["kinship"], at=clock.now(session)
        )
    )
    first.status, first.passed = "voted", True
    agenda.defer(session, second, "回避后人数不足")
    session.flush()


def announced(session: Session) -> Meeting:
    meeting = reviews.opened(session, items=2)
    vote(meeting)
    chair = meeting.seats[0]
    announcing.announce(session, meeting.review, {"signed_by": "评委01"}, Actor(meeting.person(chair)))
    return meeting


def test_only_the_presiding_member_announces_and_signs(database: Database) -> None:
    with database.transaction() as session:
        meeting = reviews.opened(session, items=2)
        chair, deputy = (Actor(meeting.person(seat)) for seat in meeting.seats[:2])
        with pytest.raises(Refused, match="还有2位申报人没有表决：申报人001、申报人002"):
            announcing.announce(session, meeting.review, {"signed_by": "评委01"}, chair)
        vote(meeting)
        for actor, name, words in ((deputy, "评委02", "主持人评委01（主任委员）"), (chair, "评委02", "本人姓名")):
            with pytest.raises(Refused, match=words):
                announcing.announce(session, meeting.review, {"signed_by": name}, actor)
        announcing.announce(session, meeting.review, {"signed_by": "评委01"}, chair)
        assert meeting.review.status == "announced"
        assert meeting.review.ended_at == clock.now(session)


def test_e11_minutes_close_only_when_complete(database: Database) -> None:
    with database.transaction() as session:
        meeting = announced(session)
        clerk = meeting.season.actor("clerk")
        with pytest.raises(Refused) as refused:
            minutes.keep(session, meeting.review, {}, clerk)
        assert [problem.message for problem in refused.value.problems] == [
            "会议记录缺少录音录像编号，不能办结。",
            "会议记录缺少1位申报人的评议意见：申报人001。",
        ]
        item = meeting.items[0]
        session.add(
            ReviewOpinion(
                item_id=item.id, seat_id=meeting.seats[4].id, text="成果突出", handed_in_at=clock.now(session)
            )
        )
        said = {"recording": "录2023-1208", "discussion": "逐一评议", "signed_by": "赵经办"}
        minutes.keep(session, meeting.review, said, clerk)
        kept = minutes.read(session, meeting.review)
        first, second = kept["items"]
        assert (first["tally"]["counted"], first["tally"]["other_way"]) == (11, {"counted": 10, "passed": True})
        assert (first["opinions"], first["recused"], second["status"]) == (["成果突出"], ["评委04"], "deferred")
        assert (kept["presiding"], kept["recording"], kept["discussion"]) == ("评委01", "录2023-1208", "逐一评议")
        assert sum(each["signed_in_at"] is not None for each in kept["attendance"]) == 11
        assert kept["rules"]["recusal_in_denominator"] is True


def test_the_clerk_may_enter_the_panels_opinion(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        meeting = announced(session)
        rows = [{"_id": str(meeting.items[0].id), "panel_opinion": "同意推荐"}, {"_id": "0", "panel_opinion": "无"}]
        said = {"recording": "录1", "opinions": rows}
        assert minutes.read(session, meeting.review)["recording"] is None
        minutes.keep(session, meeting.review, said, meeting.season.actor("clerk"))
        assert minutes.read(session, meeting.review)["items"][0]["panel_opinion"] == "同意推荐"
