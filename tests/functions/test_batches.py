from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import batches, objections, publicity_rounds
from app.errors import Refused
from app.functions import batches as functions
from app.functions import objections as objection_functions
from app.functions.case import Case
from app.models.declaration import Declaration
from app.models.office import OverrideRecord
from app.models.process import Message, ProcessInstance
from app.models.recommendation import UnitBatch
from tests.domain.test_publicity import contacts
from tests.support.cases import Season, batch_of, case, instance, recommended, season, submitted

Freeze = Callable[[Session, str], object]
PUBLICITY = {"place": "公示栏", **contacts()}


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-16 09:00:00")
        yield season(session)


def of(at_work: Season, batch: UnitBatch, values: dict[str, Any] | None = None) -> Case:
    """The batch's own case, its clerk acting."""
    about = at_work.session.get_one(ProcessInstance, batch.instance_id)
    who = at_work.actor("clerk", "institute")
    return Case(at_work.session, about, who.person_id, who.organisation_id, values or {}, "element")


def merit(*names: Declaration, no: tuple[Declaration, ...] = ()) -> dict[str, Any]:
    rows = [{"_id": str(name.id), "recommend": "yes", "reason": "优秀"} for name in names]
    return {"declarations": rows + [{"_id": str(name.id), "recommend": "no", "reason": "考核不合格"} for name in no]}


def test_joining_opens_the_batch_of_the_unit(at_work: Season) -> None:
    name = submitted(at_work)

    functions.join_batch(case(at_work, name))

    assert batches.get(at_work.session, name.batch_id).organisation_id == at_work.bodies["institute"]


def test_a_batch_knows_who_works_on_it_and_who_stands_above(at_work: Season) -> None:
    asked = of(at_work, batch_of(at_work, submitted(at_work)))

    assert (functions.batch_body(asked), functions.batch_role(asked)) == (at_work.bodies["institute"], "unit_clerk")
    assert (functions.superior_body(asked), functions.superior_role(asked)) == (at_work.bodies["bureau"], "dept_admin")
    assert functions.override_approver(asked) == at_work.bodies["bureau"]


def test_apply_merit_leaves_the_recommended(at_work: Season) -> None:
    good, bad = submitted(at_work), submitted(at_work, "yi")
    batch = batch_of(at_work, good, bad)

    functions.apply_merit(of(at_work, batch, merit(good, no=(bad,))))

    assert functions.batch_count(of(at_work, batch)) == 1
    told = at_work.session.scalars(select(Message).where(Message.name == "not_recommended")).one()
    assert told.receiver_id == bad.instance_id


def test_a_quota_is_exceeded_until_the_excess_is_agreed_to(at_work: Season) -> None:
    batch = recommended(at_work, submitted(at_work), submitted(at_work, "yi"))
    assert functions.over_quota(of(at_work, batch)) is False

    assert functions.quota_filed(of(at_work, batch)) is False

    functions.record_quota(of(at_work, batch, {"levels": [{"level": "intermediate", "quota": 1, "declared": 2}]}))
    assert functions.quota_filed(of(at_work, batch)) is True
    assert functions.over_quota(of(at_work, batch)) is True

    functions.record_override(of(at_work, batch, {"decision": "agree", "opinion": "同意"}))
    assert functions.over_quota(of(at_work, batch)) is False
    assert at_work.session.scalars(select(OverrideRecord)).one().granted is True


def test_a_publicity_runs_from_its_start_to_its_close(at_work: Season, freeze: Freeze) -> None:
    name = submitted(at_work)
    batch = recommended(at_work, name)
    started = clock.local(clock.now(at_work.session)).isoformat()

    functions.start_publicity(of(at_work, batch, PUBLICITY))

    assert (functions.publicity_start(of(at_work, batch)), name.status) == (started, "PUBLICITY")
    with pytest.raises(Refused, match="请于2023年10月20日结束后办理"):
        functions.close_publicity(of(at_work, batch, {"result": "无异议"}))
    freeze(at_work.session, "2023-10-21 00:00:00")
    functions.close_publicity(of(at_work, batch, {"result": "无异议", "board_photograph": [1]}))
    shown = publicity_rounds.of_batch(at_work.session, batch.id)
    assert (shown.outcome, shown.photo, shown.last_day) == ("无异议", [1], date(2023, 10, 20))


def test_a_name_checked_again_rejoins_its_batch_for_the_next_round(at_work: Season) -> None:
    name = submitted(at_work)
    batch = recommended(at_work, name)
    functions.start_publicity(of(at_work, batch, PUBLICITY))
    assert functions.restart_reason(of(at_work, batch)) == ""
    publicity_rounds.supersede(at_work.session, batch, at_work.actor("clerk"), " 论文刊期有误 ", [name.id])
    assert functions.restart_reason(of(at_work, batch)) == "论文刊期有误"
    with pytest.raises(Refused, match="正在更正"):
        functions.start_publicity(of(at_work, batch, PUBLICITY))

    functions.rejoin_batch(case(at_work, name))

    functions.start_publicity(of(at_work, batch, PUBLICITY))
    assert publicity_rounds.of_batch(at_work.session, batch.id).round == 2


def test_all_without_open_objection_go_up_and_the_rest_later(at_work: Season) -> None:
    free, held = submitted(at_work), submitted(at_work, "yi")
    batch = recommended(at_work, free, held)
    functions.start_publicity(of(at_work, batch, PUBLICITY))
    objection = _objection(at_work, batch, held)
    objection_functions.hold_name(objection)
    assert functions.open_objections(of(at_work, batch)) == 1

    assert functions.recommend_all(of(at_work, batch, {"confirmed_count": 1})) == 1
    told = at_work.session.scalars(select(Message.receiver_id).where(Message.name == "recommended")).all()
    assert (told, held.status, functions.held_names(of(at_work, batch))) == ([free.instance_id], "OBJECTION", 0)

    objection_functions.release_name(objection)
    objection_functions.tell_batch(objection, "objection_closed")
    assert (functions.open_objections(of(at_work, batch)), functions.held_names(of(at_work, batch))) == (0, 1)
    assert at_work.session.scalars(select(Message.receiver_id).where(Message.name == "objection_closed")).all() == [
        batch.instance_id
    ]
    assert functions.recommend_all(of(at_work, batch)) == 1


def test_a_founded_objection_strikes_the_name(at_work: Season) -> None:
    free, struck = submitted(at_work), submitted(at_work, "yi")
    batch = recommended(at_work, free, struck)
    functions.start_publicity(of(at_work, batch, PUBLICITY))
    objection = _objection(at_work, batch, struck)
    objection_functions.hold_name(objection)

    objection_functions.strike_name(objection)

    assert functions.batch_count(of(at_work, batch)) == 1
    told = at_work.session.scalars(select(Message).where(Message.name == "objection_founded")).one()
    assert told.receiver_id == struck.instance_id


def _objection(at_work: Season, batch: UnitBatch, name: Declaration) -> Case:
    """The case of an objection to a name, as the objection's own instance hands it."""
    shown = publicity_rounds.of_batch(at_work.session, batch.id)
    found = objections.raise_objection(at_work.session, shown, objections.Raised(name.id, "业绩不实"))
    subject = {"objection_id": found.id, "batch_id": batch.id}
    about = instance(at_work, "objection", declaration_id=name.id, subject=subject)
    found.instance_id = about.id
    who = at_work.actor("clerk", "institute")
    return Case(at_work.session, about, who.person_id, who.organisation_id, {"finding": "经核实"}, "element")
