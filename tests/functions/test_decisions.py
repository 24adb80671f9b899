from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import complaints
from app.domain.complaints import Reported
from app.functions import decisions as functions
from app.models.office import DecisionRecord, Opinion
from app.models.process import Message
from tests.support.cases import Season, case, season, submitted

Freeze = Callable[[Session, str], object]


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-11-16 00:00:00")
        yield season(session)


def test_record_decision_keeps_the_form_with_who_and_where(at_work: Season) -> None:
    who = at_work.actor("clerk", "cq_bigdata_bureau")

    functions.record_decision(
        case(at_work, submitted(at_work), who=who, values={"decision": "lapse", "reason": "逾期"})
    )

    kept = at_work.session.scalars(select(DecisionRecord)).one()
    assert (kept.element_id, kept.decision, kept.values["reason"], kept.person_id, kept.organisation_id) == (
        "element",
        "lapse",
        "逾期",
        who.person_id,
        who.organisation_id,
    )


def test_record_opinion_is_kept_for_the_declaration(at_work: Season) -> None:
    name, who = submitted(at_work), at_work.actor("clerk", "institute")

    functions.record_opinion(case(at_work, name, who=who, values={"decision": "agree", "opinion": "同意"}))

    kept = at_work.session.scalars(select(Opinion)).one()
    assert (kept.declaration_id, kept.decision, kept.text) == (name.id, "agree", "同意")


def test_an_overdue_file_is_decided_in_its_own_instance(at_work: Season) -> None:
    name = submitted(at_work)
    assert functions.still_climbing(case(at_work, name)) is True

    functions.start_overdue(case(at_work, name))

    assert at_work.session.scalars(select(Message.starts)).all() == ["overdue"]


def test_a_complaint_asks_for_one_recheck(at_work: Season) -> None:
    name, who = submitted(at_work), at_work.actor("clerk", "cq_bigdata_bureau")
    assert functions.needs_targeted_recheck(case(at_work, name)) is False

    complaints.register(at_work.session, name, Reported("业绩与事实不符"))
    assert functions.needs_targeted_recheck(case(at_work, name)) is True

    asked = case(at_work, name, who=who, values={"decision": "unfounded", "finding": "属实"})
    asked.element = "targeted_recheck"
    functions.record_decision(asked)
    assert functions.needs_targeted_recheck(case(at_work, name)) is False


def test_extend_route_gives_the_day(at_work: Season) -> None:
    values = {"extended_until": "2023-11-20", "reason": "经办人病假", "approver": "孙局长"}

    assert functions.extend_route(case(at_work, submitted(at_work), values=values)) == "2023-11-20"
