from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import batches, declarations
from app.errors import ConfigurationError, NotFound, Refused
from app.models.declaration import Declaration
from app.models.process import Message
from app.models.recommendation import BatchEntry, UnitBatch
from tests.support.cases import Season, batch_of, recommended, season, submitted

Freeze = Callable[[Session, str], object]


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-10 09:00:00")
        yield season(session)


def told(at_work: Season, name: str) -> list[int | None]:
    return list(at_work.session.scalars(select(Message.receiver_id).where(Message.name == name).order_by(Message.id)))


def row(declaration: Declaration, recommend: str = "yes", rank: int = 1, reason: str = "考核优秀") -> dict[str, object]:
    return {"_id": str(declaration.id), "recommend": recommend, "rank": rank, "reason": reason}


def test_the_first_name_opens_a_batch_and_asks_for_its_instance(at_work: Season) -> None:
    name = submitted(at_work)

    batch = batches.join(at_work.session, name)

    assert (batch.organisation_id, batch.role, batch.phase) == (at_work.bodies["institute"], "unit_clerk", "collecting")
    assert name.batch_id == batch.id
    message = at_work.session.scalars(select(Message)).one()
    assert (message.starts, message.payload["subject"]) == ("unit_recommendation", {"batch_id": batch.id})


def test_the_next_name_joins_the_same_batch(at_work: Season) -> None:
    first, second = (
        batches.join(at_work.session, submitted(at_work)),
        batches.join(at_work.session, submitted(at_work, "yi")),
    )

    assert (first.id, second.names) == (second.id, 2)
    assert len(batches.lines(at_work.session, first.id)) == 2
    assert at_work.session.scalar(select(func.count()).select_from(Message)) == 1


def test_an_agency_recommends_where_there_is_no_unit(at_work: Season) -> None:
    name = submitted(at_work)
    name.route = {"recommender": "agency", "bodies": {"agency": at_work.bodies["agency"]}}

    batch = batches.join(at_work.session, name)

    assert (batch.organisation_id, batch.role) == (at_work.bodies["agency"], "agency")


def test_a_recommender_nobody_works_for_is_a_fault_of_the_table(at_work: Season) -> None:
    name = submitted(at_work)
    name.route = {**name.route, "recommender": "department"}

    with pytest.raises(ConfigurationError, match="department"):
        batches.join(at_work.session, name)


def test_two_who_come_at_once_share_one_batch(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        freeze(session, "2023-10-10 09:00:00")
        at_work = season(session)
        ids = [submitted(at_work, person).id for person in ("jia", "yi", "bing")]

    def join(declaration_id: int) -> int:
        with database.transaction() as session:
            return batches.join(session, declarations.get(session, declaration_id)).id

    with ThreadPoolExecutor(3) as together:
        assert len(set(together.map(join, ids))) == 1
    with database.reading() as session:
        assert session.scalars(select(UnitBatch.names)).all() == [3]
        assert session.scalar(select(func.count()).select_from(Message)) == 1


def test_who_comes_while_a_batch_is_ranked_waits_and_joins_the_next(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        freeze(session, "2023-10-10 09:00:00")
        at_work = season(session)
        ranked, late = submitted(at_work), submitted(at_work, "yi").id
        batch_id = batch_of(at_work, ranked).id

    def join() -> int:
        with database.transaction() as session:
            return batches.join(session, declarations.get(session, late)).id

    with ThreadPoolExecutor(1) as beside:
        with database.transaction() as session:
            batches.decide_merit(session, batches.get(session, batch_id), [row(ranked)])
            session.flush()
            joining = beside.submit(join)
            with pytest.raises(TimeoutError):
                joining.result(timeout=0.3)
        assert joining.result() != batch_id


def test_merit_ranks_and_tells_those_who_are_not_recommended(at_work: Season) -> None:
    first, second, third = submitted(at_work), submitted(at_work, "yi"), submitted(at_work, "bing")
    batch = batch_of(at_work, first, second, third)

    batches.decide_merit(
        at_work.session, batch, [row(first, rank=2), row(second, rank=1), row(third, "no", 3, "考核不合格")]
    )

    assert [line.declaration.id for line in batches.lines(at_work.session, batch.id)] == [second.id, first.id]
    assert told(at_work, "not_recommended") == [third.instance_id]
    assert batches.live_count(at_work.session, batch.id) == 2
    assert batch.phase == "decided"


def test_merit_refuses_unknown_names_and_missing_reasons(at_work: Season) -> None:
    inside, outside = submitted(at_work), submitted(at_work, "yi")
    batch = batch_of(at_work, inside)

    with pytest.raises(Refused) as refused:
        batches.decide_merit(at_work.session, batch, [row(inside, "no", reason=" "), row(outside)])

    assert [problem.field for problem in refused.value.problems] == ["declarations.0.reason", "declarations.1"]


def test_a_name_left_out_waits_for_the_next_batch(at_work: Season) -> None:
    ranked, late, later = submitted(at_work), submitted(at_work, "yi"), submitted(at_work, "bing")
    batch = batch_of(at_work, ranked, late, later)

    batches.decide_merit(at_work.session, batch, [row(ranked)])

    assert late.batch_id == later.batch_id != batch.id
    following = batches.get(at_work.session, late.batch_id)
    assert (following.phase, following.names, batch.names) == ("collecting", 2, 3)
    assert following.organisation_id == batch.organisation_id
    assert at_work.session.scalar(select(func.count(Message.id)).where(Message.name == "start")) == 2
    assert [line.declaration.id for line in batches.lines(at_work.session, batch.id)] == [ranked.id]


def test_a_batch_without_anyone_is_closed(at_work: Season) -> None:
    name = submitted(at_work)
    batch = batch_of(at_work, name)

    batches.decide_merit(at_work.session, batch, [row(name, "no")])

    assert (batch.phase, batches.live_count(at_work.session, batch.id)) == ("closed", 0)


def test_all_but_the_held_go_up_in_one_action(at_work: Season) -> None:
    names = [submitted(at_work, person) for person in ("jia", "yi", "bing")]
    batch = recommended(at_work, *names)
    held = batches.entry_of(at_work.session, names[1].id)
    assert held is not None
    held.held = True
    at_work.session.flush()

    assert batches.recommend(at_work.session, batch, 2) == 2  # G1

    assert told(at_work, "recommended") == [names[0].instance_id, names[2].instance_id]
    assert (batch.phase, batches.ready_count(at_work.session, batch.id)) == ("decided", 0)

    held.held = False
    at_work.session.flush()
    assert batches.ready_count(at_work.session, batch.id) == 1
    assert batches.recommend(at_work.session, batch) == 1
    assert batch.phase == "submitted"


def test_a_confirmed_number_that_is_not_so_any_more_is_refused(at_work: Season) -> None:
    batch = recommended(at_work, submitted(at_work))

    with pytest.raises(Refused, match="本批现可推荐上报1人，您确认的为2人"):
        batches.recommend(at_work.session, batch, 2)


def test_the_second_channel_is_the_department_on_the_route(at_work: Season) -> None:
    batch = batch_of(at_work, submitted(at_work))

    assert batches.superior_body(at_work.session, batch).id == at_work.bodies["bureau"]


def test_a_unit_without_superior_names_the_next_body_of_the_route(at_work: Season) -> None:
    name, bodies = submitted(at_work), at_work.bodies
    name.route = {
        "recommender": "unit",
        "bodies": {"unit": bodies["company"], "agency": bodies["agency"], "district": bodies["dadukou_tro"]},
    }

    batch = batch_of(at_work, name)

    assert batches.superior_body(at_work.session, batch).id == bodies["agency"]  # G2


def test_a_route_of_the_unit_alone_names_who_convenes(at_work: Season) -> None:
    name = submitted(at_work)
    name.route = {"recommender": "unit", "bodies": {"unit": at_work.bodies["company"]}}

    batch = batch_of(at_work, name)

    assert batches.superior_body(at_work.session, batch).id == at_work.bodies["cq_bigdata_bureau"]


def test_an_unknown_batch_is_not_found(at_work: Season) -> None:
    with pytest.raises(NotFound):
        batches.get(at_work.session, None)


def test_a_name_stands_once_in_a_batch(at_work: Season) -> None:
    name = submitted(at_work)
    batch = batch_of(at_work, name)

    count = select(func.count()).select_from(BatchEntry).where(BatchEntry.batch_id == batch.id)
    assert at_work.session.scalar(count) == 1
