"""A two-task diagram from its start to its end: the story of one user task, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import organisations, people, permissions
from app.errors import Conflict, DiagramFault, InvalidForm, NotAllowed
from app.models.process import Event, Incident, ProcessInstance, Task
from app.processes import incidents, instances, tasks
from tests.engine import tiny
from tests.support import notices

Freeze = Callable[[Session, str], Any]
TWO_TASKS = tiny.document(
    tiny.process(
        "two",
        tiny.start()
        + tiny.user("check", role="unit_clerk", form="check", organisation="1", clauses="R-120")
        + tiny.gateway("passed")
        + tiny.script("broken", "x = 1 // 0")
        + tiny.user("sign", role="unit_head", form="check", organisation="1")
        + tiny.end("e"),
        's>check>passed; passed>broken[note == "break"]; passed>sign!; broken>sign; sign>e',
    )
)


@pytest.fixture
def started(database: Database, freeze: Freeze) -> tuple[Database, int, int]:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        unit = organisations.create(session, "unit", "虚构数据所", "institution")
        assert unit.id == 1
        clerk = people.register(session, "clerk", "单一")
        people.grant(session, clerk.id, "unit_clerk", unit.id)
        version = notices.publish(
            session,
            {"two.bpmn": TWO_TASKS},
            forms={"check": notices.form(notices.DECISION, {**notices.NOTE, "variable": True})},
        )
        instance = instances.start(session, "two", notice_version_id=version.id)
        return database, instance.id, clerk.id


def act(session: Session, person_id: int, key: str | None = None) -> tasks.Actor:
    return tasks.Actor(person_id, permissions.grants_of(session, person_id, clock.now(session)), key)


def only_task(session: Session) -> Task:
    return session.scalars(select(Task).where(Task.status == "open")).one()


def complete(database: Database, person_id: int, values: dict[str, Any], key: str | None = None) -> None:
    with database.transaction() as session:
        tasks.complete(session, only_task(session).id, act(session, person_id, key), values)


def test_start_opens_the_first_task_with_its_properties(started: tuple[Database, int, int]) -> None:
    database, instance_id, _ = started
    with database.reading() as session:
        task = only_task(session)
        assert (task.instance_id, task.element_id, task.role, task.organisation_id, task.form_key, task.clauses) == (
            instance_id,
            "check",
            "unit_clerk",
            1,
            "check",
            "R-120",
        )


def test_complete_moves_on_and_keeps_what_was_submitted(started: tuple[Database, int, int]) -> None:
    database, instance_id, clerk = started
    complete(database, clerk, {"decision": "pass", "note": "齐全"})
    with database.reading() as session:
        done, waiting = session.scalars(select(Task).order_by(Task.id)).all()
        assert (done.status, done.decision, done.values, done.ended_by) == (
            "completed",
            "pass",
            {"decision": "pass", "note": "齐全"},
            clerk,
        )
        assert (waiting.element_id, waiting.status) == ("sign", "open")
        kinds = session.scalars(select(Event.kind).where(Event.instance_id == instance_id).order_by(Event.id)).all()
        assert kinds == ["started", "waiting", "passed", "completed", "waiting", "passed"]


def test_last_task_ends_the_instance(started: tuple[Database, int, int]) -> None:
    database, instance_id, clerk = started
    with database.transaction() as session:
        head = people.register(session, "head", "单首").id
        people.grant(session, head, "unit_head", 1)
    complete(database, clerk, {"decision": "pass"})
    complete(database, head, {"decision": "pass"})
    with database.reading() as session:
        instance = session.get_one(ProcessInstance, instance_id)
        assert (instance.status, instance.ended_at) == ("ended", clock.now(session))


def test_invalid_form_changes_nothing(started: tuple[Database, int, int]) -> None:
    database, _, clerk = started
    with pytest.raises(InvalidForm) as refused:
        complete(database, clerk, {"note": "没有决定"})
    assert [problem.field for problem in refused.value.problems] == ["decision"]
    with database.reading() as session:
        assert only_task(session).element_id == "check"


def test_task_of_another_office_is_refused_by_name(started: tuple[Database, int, int]) -> None:
    database, _, _ = started
    with database.transaction() as session:
        stranger = people.register(session, "stranger", "路人").id
    with pytest.raises(NotAllowed) as refused:
        complete(database, stranger, {"decision": "pass"})
    assert "虚构数据所" in refused.value.message


def test_right_that_went_while_the_page_stood_open_is_none(started: tuple[Database, int, int]) -> None:
    database, _, clerk = started
    with database.transaction() as session:
        task_id, of_page = only_task(session).id, act(session, clerk)
        for grant in of_page.grants.held:
            people.revoke(session, grant.id)
    with database.transaction() as session, pytest.raises(NotAllowed):
        tasks.complete(session, task_id, of_page, {"decision": "pass"})
    with database.reading() as session:
        assert only_task(session).element_id == "check"


def test_repeated_request_gets_the_same_answer(started: tuple[Database, int, int]) -> None:
    database, _, clerk = started
    with database.transaction() as session:
        task_id = only_task(session).id
    for _ in range(2):
        with database.transaction() as session:
            tasks.complete(session, task_id, act(session, clerk, "page-1"), {"decision": "pass"})
    with database.reading() as session:
        assert session.scalars(select(Task.element_id).order_by(Task.id)).all() == ["check", "sign"]


def test_second_person_learns_who_was_faster(started: tuple[Database, int, int]) -> None:
    database, _, clerk = started
    with database.transaction() as session:
        task_id = only_task(session).id
    complete(database, clerk, {"decision": "pass"})
    with pytest.raises(Conflict) as lost, database.transaction() as session:
        tasks.complete(session, task_id, act(session, clerk, "other"), {"decision": "pass"})
    assert lost.value.message.startswith("此事项已由单一于2023年10月9日09:00办理")


def test_failing_script_leaves_an_incident_and_the_task(started: tuple[Database, int, int]) -> None:
    database, instance_id, clerk = started
    with pytest.raises(DiagramFault), incidents.recorded(database, instance_id=instance_id):
        complete(database, clerk, {"decision": "pass", "note": "break"})
    with database.reading() as session:
        incident = session.scalars(select(Incident)).one()
        assert (incident.element_id, incident.kind, incident.status) == ("broken", "script", "open")
        assert "ZeroDivisionError" in incident.reason
        assert only_task(session).element_id == "check"


def test_no_holder_is_an_incident_not_a_lost_task(started: tuple[Database, int, int]) -> None:
    database, instance_id, clerk = started
    with database.transaction() as session:
        grant = permissions.grants_of(session, clerk, clock.now(session)).held[0]
    complete(database, clerk, {"decision": "pass"})
    assert grant.role == "unit_clerk"
    with database.reading() as session:
        assert only_task(session).element_id == "sign"
        assert session.scalars(select(Incident.kind).where(Incident.instance_id == instance_id)).all() == ["nobody"]


def test_draft_of_an_older_page_is_refused(started: tuple[Database, int, int]) -> None:
    database, _, clerk = started
    with database.transaction() as session:
        task_id = only_task(session).id
        first = tasks.save_draft(session, task_id, act(session, clerk), {"note": "一"}, None)
    with database.transaction() as session:
        tasks.save_draft(session, task_id, act(session, clerk), {"note": "二"}, first)
    with pytest.raises(Conflict), database.transaction() as session:
        tasks.save_draft(session, task_id, act(session, clerk), {"note": "三"}, first)
    with database.reading() as session:
        assert tasks.sheet(session, task_id).values == {"note": "二"}
