"""E1, E10 and E12 at the session's opening: everything that is missing is said at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain.offices import Actor
from app.domain.reviews import minutes, openings, quorum, seats
from app.errors import Refused
from app.models.ballot import Ballot
from app.models.declaration import Declaration
from tests.support import reviews
from tests.support.reviews import Meeting

Freeze = Callable[[Session, str], object]
TICKED = {"closed_management": True, "recording_started": True}


def meeting_on(session: Session, freeze: Freeze, day: str = "2023-12-08 09:00:00", **more: Any) -> Meeting:
    freeze(session, day)
    return reviews.session_with(session, items=2, **more)


def clerk(meeting: Meeting) -> Actor:
    return meeting.season.actor("clerk", "cq_bigdata_bureau")


def test_everything_that_is_missing_is_said_at_once(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        meeting = meeting_on(session, freeze)
        seats.sign_in(session, meeting.seats[5])
        with pytest.raises(Refused) as refused:
            openings.open_session(session, meeting.review, {}, clerk(meeting))
        assert [problem.code for problem in refused.value.problems] == [
            "nobody_presides", "no_quorum", "closed", "recording", "phones", "pledges",
        ]  # fmt: skip
        meeting.come(9)
        meeting.review.presiding_id = meeting.seats[1].id
        openings.open_session(session, meeting.review, {**TICKED, "recording": " 录2023-08 "}, clerk(meeting))
        assert (meeting.review.status, meeting.review.recording) == ("open", "录2023-08")
        assert meeting.review.rules["recusal_in_denominator"] is True
        declaration = session.get_one(Declaration, meeting.items[0].declaration_id)
        assert declaration.status == "IN_SESSION"


def test_e1_without_quorum_the_session_is_put_off_and_meets_again(sqlite_database: Database, freeze: Freeze) -> None:
    with sqlite_database.transaction() as session:
        meeting = meeting_on(session, freeze)
        meeting.come(8)
        meeting.review.presiding_id = meeting.seats[0].id
        with pytest.raises(Refused, match="应到13人，实到8人"):
            openings.open_session(session, meeting.review, TICKED, clerk(meeting))
        later = clock.now(session) + timedelta(days=3)
        for begins, reason in ((later, " "), (clock.now(session), "出席不足")):
            with pytest.raises(Refused):
                openings.postpone(session, meeting.review, begins, later + timedelta(hours=8), reason)
        openings.postpone(session, meeting.review, later, later + timedelta(hours=8), "出席不足")
        review = meeting.review
        assert (review.status, review.presiding_id, seats.present(session, review.id)) == ("postponed", None, [])
        attended = [each for each in minutes.compose(session, review)["attendance"] if each["earlier"]]
        assert len(attended) == 8
        (entry,) = review.postponed
        assert (entry["present"], entry["needed"], entry["size"], len(entry["seats"])) == (8, 9, 13, 8)


def test_e12_no_session_after_the_approvals_last_day(sqlite_database: Database, freeze: Freeze) -> None:
    with sqlite_database.transaction() as session:
        meeting = meeting_on(session, freeze, "2026-09-05 09:00:00")
        now = clock.now(session)
        with pytest.raises(Refused, match="有效期至2026年8月31日，重新核准备案前不能组织评审"):
            openings.schedule(session, meeting.review, now, now + timedelta(hours=8), "三楼")
        with pytest.raises(Refused, match="有效期至2026年8月31日"):
            openings.open_session(session, meeting.review, TICKED, clerk(meeting))


def test_the_rules_are_minuted_before_the_first_ballot_and_stay(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        meeting = reviews.opened(session, items=1)
        openings.minute_rules(session, meeting.review, recused_count=False)
        session.add(
            Ballot(
                session_id=meeting.review.id,
                number=1,
                mode="electronic",
                item_ids=[meeting.items[0].id],
                rules=meeting.review.rules,
                opened_at=clock.now(session),
                opened_by=meeting.season.people["clerk"],
            )
        )
        session.flush()
        openings.minute_rules(session, meeting.review, recused_count=None)
        with pytest.raises(Refused, match="不能变更"):
            openings.minute_rules(session, meeting.review, recused_count=True)
        assert quorum.VoteRules.of(meeting.review.rules).recused_count is False
        with pytest.raises(Refused, match="正在进行的投票"):
            openings.require_no_ballot(session, meeting.review)
