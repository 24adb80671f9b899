from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import batches, declarations, objections, publicity, records
from app.domain.objections import Raised
from app.errors import ConfigurationError, NotFound, Refused
from app.models.declaration import Declaration
from app.models.process import Message, ProcessInstance, Task
from app.models.recommendation import Objection, Publicity
from tests.domain.test_publicity import PLAN
from tests.support.cases import Season, instance, recommended, season, submitted

Freeze = Callable[[Session, str], object]


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-18 09:00:00")
        yield season(session)


def shown(at_work: Season, *names: Declaration) -> Publicity:
    return publicity.start(at_work.session, recommended(at_work, *names), at_work.actor("clerk"), PLAN)


def raised(at_work: Season, publicity_: Publicity, name: Declaration) -> Objection:
    found = objections.raise_objection(
        at_work.session, publicity_, Raised(name.id, "业绩与事实不符", contact="13900000000")
    )
    about = {"objection_id": found.id, "batch_id": publicity_.batch_id}
    found.instance_id = instance(at_work, "objection", declaration_id=name.id, subject=about).id
    objections.hold_name(at_work.session, found)
    return found


def test_an_objection_gets_a_receipt_and_its_own_instance(at_work: Season) -> None:
    name = submitted(at_work)
    found = objections.raise_objection(at_work.session, shown(at_work, name), Raised(name.id, "业绩与事实不符"))

    assert objections.by_receipt(at_work.session, found.receipt_code.lower()).id == found.id
    start = at_work.session.scalars(select(Message).where(Message.starts == "objection")).one()
    assert start.payload == {
        "declaration_id": name.id,
        "subject": {"objection_id": found.id, "batch_id": name.batch_id},
    }


def test_its_officer_reads_what_was_reported_and_its_files(at_work: Season) -> None:
    name = submitted(at_work)
    found = raised(at_work, shown(at_work, name), name)
    found.evidence = [7]
    about = at_work.session.get_one(ProcessInstance, found.instance_id)
    task = Task(record="objection")

    assert records.load(at_work.session, task, about) == {"reported": "业绩与事实不符", "reported_evidence": [7]}
    assert records.shown(at_work.session, about) == [7]


def test_the_contact_is_kept_sealed(at_work: Season) -> None:
    name = submitted(at_work)
    found = raised(at_work, shown(at_work, name), name)

    stored = at_work.session.execute(
        text("SELECT contact FROM objection WHERE id = :id"), {"id": found.id}
    ).scalar_one()
    assert found.contact == "13900000000"
    assert b"13900000000" not in bytes(stored)


def test_an_objection_holds_one_name_and_no_other(at_work: Season) -> None:
    one, other = submitted(at_work), submitted(at_work, "yi")
    found = raised(at_work, shown(at_work, one, other), one)

    assert (one.status, other.status) == ("OBJECTION", "PUBLICITY")
    assert objections.is_held(at_work.session, found)
    assert batches.open_objection_count(at_work.session, one.batch_id or 0) == 1
    assert batches.ready_count(at_work.session, one.batch_id or 0) == 1


def test_unfounded_lets_the_name_go_on(at_work: Season) -> None:
    name = submitted(at_work)
    found = raised(at_work, shown(at_work, name), name)

    objections.release_name(at_work.session, found, at_work.actor("clerk", "institute"), "经核实无此事")

    assert (found.status, found.finding, found.explanation) == ("closed", "unfounded", "经核实无此事")
    assert (name.status, objections.is_held(at_work.session, found)) == ("PUBLICITY", False)
    assert batches.open_objection_count(at_work.session, name.batch_id or 0) == 0


def test_a_second_objection_keeps_the_name_back(at_work: Season) -> None:
    name = submitted(at_work)
    board = shown(at_work, name)
    first, second = raised(at_work, board, name), raised(at_work, board, name)

    objections.release_name(at_work.session, first, at_work.actor("clerk"), None)
    assert (objections.is_held(at_work.session, second), name.status) == (True, "OBJECTION")
    objections.release_name(at_work.session, second, at_work.actor("clerk"), None)
    assert (objections.is_held(at_work.session, second), name.status) == (False, "PUBLICITY")


def test_founded_strikes_the_name_and_tells_its_declaration(at_work: Season) -> None:
    one, other = submitted(at_work), submitted(at_work, "yi")
    board = shown(at_work, one, other)
    found = raised(at_work, board, one)

    objections.strike_name(at_work.session, found, at_work.actor("clerk"), "属实")

    message = at_work.session.scalars(select(Message).where(Message.name == "objection_founded")).one()
    assert (message.receiver_id, message.sender_id) == (one.instance_id, found.instance_id)
    assert [line.declaration.id for line in batches.lines(at_work.session, board.batch_id)] == [other.id]  # A19


def test_an_objection_is_closed_once(at_work: Season) -> None:
    name = submitted(at_work)
    found = raised(at_work, shown(at_work, name), name)
    objections.release_name(at_work.session, found, at_work.actor("clerk"), None)

    with pytest.raises(ConfigurationError, match="已经办结"):
        objections.strike_name(at_work.session, found, at_work.actor("clerk"), None)


def test_a_founded_objection_to_an_ended_declaration_tells_nobody(at_work: Season) -> None:
    name = submitted(at_work)
    found = raised(at_work, shown(at_work, name), name)
    declarations.end(at_work.session, name, "WITHDRAWN")

    objections.strike_name(at_work.session, found, at_work.actor("clerk"), None)

    assert at_work.session.scalars(select(Message).where(Message.name == "objection_founded")).all() == []


def test_the_batch_is_told(at_work: Season) -> None:
    name = submitted(at_work)
    found = raised(at_work, shown(at_work, name), name)

    objections.tell_batch(at_work.session, found, "objection_closed")

    message = at_work.session.scalars(select(Message).where(Message.name == "objection_closed")).one()
    assert message.receiver_id == batches.get(at_work.session, name.batch_id).instance_id


def test_after_the_publicity_no_objection_is_taken(at_work: Season, freeze: Freeze) -> None:
    name = submitted(at_work)
    board = shown(at_work, name)
    freeze(at_work.session, "2023-10-25 00:00:00")

    with pytest.raises(Refused, match="不再受理公示异议"):
        objections.raise_objection(at_work.session, board, Raised(name.id, "业绩与事实不符"))


@pytest.mark.parametrize("words", ["", "  "])
def test_an_objection_says_something(at_work: Season, words: str) -> None:
    name = submitted(at_work)

    with pytest.raises(Refused, match="请写明反映的问题"):
        objections.raise_objection(at_work.session, shown(at_work, name), Raised(name.id, words))


def test_only_a_publicised_name_is_objected_to(at_work: Season) -> None:
    name, elsewhere = submitted(at_work), submitted(at_work, "yi")

    with pytest.raises(Refused, match="不在本次公示名单中"):
        objections.raise_objection(at_work.session, shown(at_work, name), Raised(elsewhere.id, "业绩与事实不符"))


def test_an_unknown_receipt_is_not_found(at_work: Season) -> None:
    with pytest.raises(NotFound):
        objections.by_receipt(at_work.session, "NOSUCHCODE")
