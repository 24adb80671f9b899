from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import deadlines, publicity
from app.domain.deadline_rules import midnight_after
from app.errors import ConfigurationError, Refused
from app.functions import levels as functions
from app.models.notification import Notification
from app.models.office import CheckRecord, CompletionRequest
from app.models.process import ProcessInstance
from tests.domain.test_publicity import PLAN
from tests.support.cases import Season, case, recommended, season, submitted

Freeze = Callable[[Session, str], object]
UNIT = {"level": "unit"}


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-16 09:00:00")
        yield season(session)


def test_record_check_signs_for_the_level_of_the_diagram(at_work: Season) -> None:
    name, who = submitted(at_work), at_work.actor("clerk", "institute")

    functions.record_check(case(at_work, name, who=who, data=UNIT, values={"decision": "pass", "opinion": "同意"}))

    kept = at_work.session.scalars(select(CheckRecord)).one()
    assert (kept.level, kept.decision, kept.person_id) == ("unit", "pass", at_work.people["clerk"])
    assert functions.level_status(case(at_work, name), "unit") == "pass"


def test_a_diagram_that_sets_no_level_is_told_so(at_work: Season) -> None:
    with pytest.raises(ConfigurationError, match="level"):
        functions.record_check(case(at_work, submitted(at_work), who=at_work.actor("clerk")))


def test_send_back_tells_the_applicant_what_and_until_when(at_work: Season) -> None:
    name, who = submitted(at_work), at_work.actor("clerk", "institute")
    values = {"return_items": [{"target": "学历学位情况", "text": "补传学位证书"}], "return_days": 3}

    functions.send_back(case(at_work, name, who=who, data=UNIT, values=values))

    assert at_work.session.scalars(select(CompletionRequest)).one().days == 3
    note = at_work.session.scalars(select(Notification)).one()
    assert note.person_id == name.person_id
    assert note.facts["items"] == "补传学位证书"
    assert note.facts["due"] == "2023年10月19日24时"  # A17


def test_check_completion_takes_anything_before_publicity(at_work: Season) -> None:
    name = submitted(at_work)

    functions.check_completion(case(at_work, name, data=UNIT, values={"achievements": [{"_id": "new"}]}))


def test_check_completion_refuses_what_was_not_publicised(at_work: Season) -> None:
    name = submitted(at_work)
    publicity.start(at_work.session, recommended(at_work, name), at_work.actor("clerk"), PLAN)

    with pytest.raises(Refused, match="未经公示的材料"):
        functions.check_completion(case(at_work, name, data=UNIT, values={"papers": [{"_id": "new"}]}))


def test_a_hold_stops_the_clocks_that_its_reason_stops_and_no_others(at_work: Season, freeze: Freeze) -> None:
    name = submitted(at_work)
    asker = deadlines.Asker(at_work.session.get_one(ProcessInstance, name.instance_id), "t")
    stopped = deadlines.ask(at_work.session, asker, "unit_publicity")
    running = deadlines.ask(at_work.session, asker, "route_deadline")
    due = stopped.due_at, running.due_at

    functions.hold_declaration(case(at_work, name), "objection")
    assert (name.status, stopped.due_at, running.due_at) == ("HOLD", None, due[1])
    freeze(at_work.session, "2023-10-17 09:00:00")
    functions.release_declaration(case(at_work, name), "objection")

    assert (name.status, running.due_at) == ("SUBMITTED", due[1])
    assert stopped.due_at == midnight_after(date(2023, 10, 23))  # one working day later than 2023-10-20
