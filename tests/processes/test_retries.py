"""Trying again what an incident stopped: in the person's name, with his values, from the failed element on."""

import pytest
from sqlalchemy import select

from app.db import Database
from app.domain import organisations, people
from app.domain.parameter_values import ParameterSpec
from app.errors import DiagramFault, NotAllowed, Refused
from app.models.people import RoleGrant
from app.models.process import Event, Incident, Task
from app.processes import incidents, retries, tasks
from app.processes.incidents import Attempt
from app.processes.tick import tick
from tests.engine import tiny
from tests.processes.test_timers import amend
from tests.support import clockwork, notices
from tests.support.clockwork import CLERK, Freeze, Works

DIVIDES = tiny.document(
    tiny.process(
        "divides",
        tiny.start("ds")
        + tiny.user("check", role="unit_clerk", form="check", organisation="{unit}")
        + tiny.script("divide", 'x = 1 // parameter("divisor")')
        + tiny.user("sign", role="unit_clerk", organisation="{unit}")
        + tiny.end("de"),
        "ds>check>divide>sign>de",
    )
)
MANAGER = 1


@pytest.fixture
def works(database: Database, freeze: Freeze) -> Works:
    made = clockwork.build(database, freeze)
    with database.transaction() as session:
        unit = str(organisations.by_key(session, clockwork.UNIT).id).encode()
        made.version_id = notices.publish(
            session,
            {"divides.bpmn": DIVIDES.replace(b"{unit}", unit)},
            forms={"check": notices.form(notices.DECISION, notices.NOTE)},
            parameters={"divisor": clockwork.RULES["divisor"][1]},
            vocabulary={"divisor": ParameterSpec("divisor", "int", "divisor")},
        ).id
    made.start("divides")
    return made


def mend(works: Works) -> None:
    """A supplementary notice gives the parameter a value that the script can divide by."""
    amend(works, {"divisor": {"value": 1, "clause": "虚构 §二"}})


def attempt(works: Works, note: str = "齐全") -> int:
    """The clerk completes the check; gives the id of the task, open still."""
    values = {"decision": "pass", "note": note}
    with works.database.reading() as session:
        task_id = session.scalars(select(Task.id).where(Task.element_id == "check")).one()
        actor = clockwork.actor(session, CLERK)
    tried = Attempt(actor.person_id, values, "key-1")
    with pytest.raises(DiagramFault):
        incidents.run(
            works.database,
            lambda session: tasks.complete(session, task_id, actor, values),
            tried,
            task_id=task_id,
        )
    return task_id


def test_mended_diagram_lets_the_persons_own_work_go_on(works: Works) -> None:
    task_id = attempt(works)
    assert works.open() == ["check"]
    mend(works)
    retries.again(works.database, 1, MANAGER)
    assert works.open() == ["sign"]
    with works.database.reading() as session:
        done, clerk = session.get_one(Task, task_id), people.by_account(session, CLERK)
        assert clerk is not None
        assert (done.status, done.values, done.ended_by) == (
            "completed",
            {"decision": "pass", "note": "齐全"},
            clerk.id,
        )
        trace = session.scalars(select(Event).where(Event.kind == "retried")).one()
        by = people.get(session, MANAGER).name
        assert trace.said == {"task": "check", "who": "白若溪", "by": by}
        incident = session.get_one(Incident, 1)
        assert (incident.status, incident.attempt) == ("solved", None)


def test_still_failing_is_the_same_incident_counted(works: Works) -> None:
    attempt(works)
    for _ in range(2):
        with pytest.raises(DiagramFault):
            retries.again(works.database, 1, MANAGER)
    (incident,) = works.all(Incident)
    assert (incident.status, incident.attempts) == ("open", 3)
    assert incident.attempt == {"values": {"decision": "pass", "note": "齐全"}, "key": "key-1"}


def test_editing_drops_what_was_tried_before(works: Works) -> None:
    task_id = attempt(works)
    with works.database.transaction() as session:
        assert tasks.sheet(session, task_id).values["note"] == "齐全"
        tasks.save_draft(session, task_id, clockwork.actor(session, CLERK), {"note": "另行说明"}, None)
    mend(works)
    with pytest.raises(Refused, match="没有可以重试的办理"):
        retries.again(works.database, 1, MANAGER)
    assert works.open() == ["check"]
    with works.database.reading() as session:
        assert tasks.sheet(session, task_id).values["note"] == "另行说明"


def test_person_who_lost_his_role_is_not_acted_for(works: Works) -> None:
    attempt(works)
    mend(works)
    with works.database.transaction() as session:
        clerk = people.by_account(session, CLERK)
        assert clerk is not None
        for grant in session.scalars(select(RoleGrant).where(RoleGrant.person_id == clerk.id)):
            people.revoke(session, grant.id)
    with pytest.raises(NotAllowed):
        retries.again(works.database, 1, MANAGER)
    assert works.open() == ["check"]


def test_timer_is_tried_again_at_once(database: Database, freeze: Freeze) -> None:
    works = clockwork.build(database, freeze)
    works.start("ticks")
    works.at("2023-10-12 00:00:01")
    tick(works.database)
    (incident,) = works.all(Incident)
    with pytest.raises(DiagramFault):
        retries.again(works.database, incident.id, MANAGER)
    (again,) = works.all(Incident)
    assert (again.id, again.status, again.attempts) == (incident.id, "open", 2)
    mend(works)
    retries.again(works.database, incident.id, MANAGER)
    assert works.open() == ["shared"]
    assert [row.status for row in works.all(Incident)] == ["solved"]
