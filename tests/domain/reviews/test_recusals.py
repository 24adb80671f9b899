import pytest
from sqlalchemy import select

from app import clock
from app.db import Database
from app.domain.reviews import openings, recusals
from app.errors import Refused
from app.models.declaration import Declaration
from app.models.expert import Expert
from app.models.process import Task
from app.models.review import Recusal
from tests.support import reviews
from tests.support.reviews import Meeting


def relate(meeting: Meeting) -> None:
    """Seat 1 works in the applicants' unit, seat 2 recommended the second, seat 3 shares a paper with the third."""
    session = meeting.season.session
    declarations = [session.get_one(Declaration, item.declaration_id) for item in meeting.items]
    experts = [session.get_one(Expert, seat.expert_id) for seat in meeting.seats]
    experts[0].employer_id = meeting.season.bodies["institute"]
    declarations[0].data = {**declarations[0].data, "unit_id": None}
    session.add(
        Task(
            instance_id=declarations[1].instance_id,
            engine_task_id="t",
            element_id="exceptional",
            process_key="exceptional",
            name="破格申报",
            form_key="exceptional",
            role="applicant",
            declaration_id=declarations[1].id,
            status="completed",
            values={"recommenders": [{"name": "评委 02"}]},
            created_at=clock.now(session),
        )
    )
    experts[2].profile = {"papers": [{"title": "城市 Data 平台"}]}
    declarations[2].data = {**declarations[2].data, "papers": [{"title": "城市data平台"}, {"title": None}]}
    session.flush()


def test_the_records_suggest_and_the_chair_decides(database: Database) -> None:
    with database.transaction() as session:
        meeting = reviews.session_with(session, items=3)
        relate(meeting)
        assert recusals.suggest(session, meeting.review) == 4
        assert recusals.suggest(session, meeting.review) == 0
        listed = recusals.lines(session, meeting.review.id)
        said = [(each.item.place, each.seat.number, each.recusal.basis) for each in listed]
        assert said == [(2, 1, ["employer"]), (2, 2, ["recommender"]), (3, 1, ["employer"]), (3, 3, ["co_author"])]
        first, second, third, fourth = (each.recusal for each in listed)
        with pytest.raises(Refused, match="理由"):
            recusals.decide(session, first, recused=False, reason=" ")
        recusals.decide(session, first, recused=False, reason="同一集团不同法人")
        recusals.decide(session, second, recused=True, reason="")
        with pytest.raises(Refused, match="不能取消"):
            recusals.decide(session, second, recused=False, reason="误报")
        meeting.items[2].status = "voted"
        with pytest.raises(Refused, match="已经表决"):
            recusals.decide(session, fourth, recused=True, reason="")
        open_pairs = recusals.pairs(session, meeting.review.id)
        assert open_pairs == {(each.seat_id, each.item_id) for each in (second, third, fourth)}


def test_g5_recusals_leave_an_item_without_quorum_only_where_they_do_not_count(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        meeting = reviews.opened(session, items=2, present=9)
        one, other = meeting.items
        now = clock.now(session)
        session.add(Recusal(seat_id=meeting.seats[0].id, item_id=one.id, status="recused", basis=["other"], at=now))
        session.add(Recusal(seat_id=meeting.seats[12].id, item_id=other.id, status="recused", basis=["other"], at=now))
        session.flush()
        assert recusals.short(session, meeting.review) == {}
        openings.minute_rules(session, meeting.review, recused_count=False)
        assert recusals.short(session, meeting.review) == {one.id: "1名评委回避后有8人，未达到应到13人的法定出席人数"}
        meeting.seats[8].left_at = now
        session.flush()
        assert recusals.short(session, meeting.review) == {}  # nobody may vote at all
        assert len(session.scalars(select(Recusal)).all()) == 2
