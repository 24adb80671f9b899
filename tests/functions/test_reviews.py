"""The functions of a review session, one after another as its diagram calls them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain.offices import Actor
from app.domain.reviews import agenda, minutes, seats
from app.errors import ConfigurationError, Refused
from app.functions import declarations as declaration_functions
from app.functions import reviews as functions
from app.functions.case import Case
from app.models.declaration import Declaration
from app.models.draw import Draw, Invitation
from app.models.process import ProcessInstance
from app.models.review import ReviewSession
from tests.support import reviews
from tests.support.cases import case
from tests.support.reviews import Meeting

Freeze = Callable[[Session, str], object]
TIMES = {"planned_from": "2023-12-08T09:00", "planned_until": "2023-12-08T18:00", "place": "三楼"}
LATER = {"postponed_from": "2023-12-11T09:00", "postponed_until": "2023-12-11T18:00", "reason": "出席不足"}
OPENING = {"closed_management": True, "recording_started": True, "recused_rule": "left_out"}


def of(meeting: Meeting, values: dict[str, Any] | None = None, who: Actor | None = None) -> Case:
    """The session's own case, its office acting unless somebody else is named."""
    session = meeting.season.session
    about = session.get_one(ProcessInstance, meeting.review.instance_id)
    actor = who or meeting.season.actor("clerk", "cq_bigdata_bureau")
    return Case(session, about, actor.person_id, actor.organisation_id, values or {}, "element")


def test_from_scheduling_to_the_end(sqlite_database: Database, freeze: Freeze) -> None:
    with sqlite_database.transaction() as session:
        freeze(session, "2023-12-01 09:00:00")
        meeting = reviews.session_with(session, items=1)
        review, body = meeting.review, meeting.season.bodies["cq_bigdata_bureau"]
        functions.schedule_session(of(meeting, TIMES))
        assert (functions.convening_body(of(meeting)), functions.roster_seated(of(meeting))) == (body, True)
        assert of(meeting).rules.parameter("quorum_base") == "executing_roster"
        assert functions.build_agenda(of(meeting)) == 1
        with pytest.raises(Refused, match="议程现列1人，您确认的为2人"):
            functions.fix_agenda(of(meeting, {"confirmed_count": 2}))
        assert functions.fix_agenda(of(meeting, {"confirmed_count": 1})) == 1
        with pytest.raises(ConfigurationError, match="还没有主持人"):
            functions.presiding_role(of(meeting))
        functions.postpone_session(of(meeting, LATER))
        meeting.come(9)
        review.presiding_id = meeting.seats[1].id
        functions.open_session(of(meeting, OPENING))
        assert review.rules["recusal_in_denominator"] is False
        assert functions.presiding_role(of(meeting)) == "deputy_chair"
        assert functions.needs_defence(of(meeting)) is False
        with pytest.raises(Refused, match="没有登记答辩（考核）成绩：申报人001"):
            functions.record_defence(of(meeting))
        said = [{"_id": str(meeting.items[0].id), "score": 80, "note": " 思路清晰 "}]
        functions.record_defence(of(meeting, {"defences": said}))
        with pytest.raises(Refused, match="还有1位申报人没有表决"):
            functions.require_decided(of(meeting))
        meeting.items[0].status, meeting.items[0].panel_opinion = "voted", "同意"
        session.flush()
        functions.require_decided(of(meeting))
        deputy = Actor(meeting.person(meeting.seats[1]), body)
        functions.sign_result(of(meeting, {"signed_by": "评委02"}, deputy))
        functions.keep_minutes(of(meeting, {"recording": "录1", "signed_by": "赵经办"}))
        functions.end_session(of(meeting))
        assert (review.status, review.recording, len(review.postponed)) == ("ended", "录1", 1)
        kept = minutes.read(session, review)["items"][0]
        assert kept["defence"] == {"score": 80, "note": "思路清晰"}


def test_a_session_is_called_off_only_before_it_opens(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        meeting = reviews.session_with(session, items=1)
        with pytest.raises(Refused, match="原因"):
            functions.cancel_session(of(meeting))
        functions.cancel_session(of(meeting, {"reason": "改期另行组织"}))
        assert session.get_one(ReviewSession, meeting.review.id).status == "cancelled"
        opened = reviews.opened(session, items=1, season=meeting.season)
        with pytest.raises(Refused, match="已经开始，不能取消"):
            functions.cancel_session(of(opened, {"reason": "改期"}))


def test_a_declaration_that_ends_leaves_the_agenda(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        meeting = reviews.session_with(session, items=2)
        declaration = session.get_one(Declaration, meeting.items[0].declaration_id)
        declaration_functions.end_declaration(case(meeting.season, declaration), "TERMINATED")
        assert [item.status for item in agenda.items(session, meeting.review.id)] == ["dropped", "listed"]


def test_a_fixed_roster_is_seated_in_drawn_order(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        meeting = reviews.session_with(session, seats=2, items=0)
        drawn = reviews.experts(session, 3)
        review = meeting.review
        for seat in meeting.seats:
            session.delete(seat)
        draw = Draw(session_id=review.id, number=1, record={}, digest="0" * 64, frozen_at=clock.now(session))
        session.add(draw)
        session.flush()
        assert (functions.seat_roster(of(meeting)), functions.roster_seated(of(meeting))) == (0, False)
        rows = (
            ("member", "deputy_chair", "accepted"),
            ("member", "reserve", "accepted"),
            ("reserve", "reserve", "drawn"),
        )
        session.add_all(
            Invitation(draw_id=draw.id, expert_id=expert.id, place=place, kind=kind, position=position, status=status)
            for place, (expert, (kind, position, status)) in enumerate(zip(drawn, rows, strict=True), 1)
        )
        draw.status = "fixed"
        session.flush()
        assert functions.seat_roster(of(meeting)) == 3
        seated = [line.seat.position for line in seats.lines(session, review.id)]
        assert seated == ["deputy_chair", "member", "reserve"]
        assert review.roster_size == 2
