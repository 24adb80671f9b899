"""Where a case stands on its diagram: done, active, the way it went; loops, called processes, its own version."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import organisations, people, permissions
from app.errors import NotFound
from app.models.process import ProcessInstance, Task
from app.processes import diagrams, instances, tasks
from tests.engine import tiny
from tests.support import notices

Freeze = Callable[[Session, str], Any]
LEVEL = tiny.document(
    tiny.process(
        "level",
        tiny.start("ls") + tiny.user("look", role="caller", form="check", organisation="1") + tiny.end("le"),
        "ls>look>le",
    ).replace('id="level" isExec', 'id="level" name="本级审核" isExec')
)
MAIN = tiny.document(
    tiny.process(
        "main",
        tiny.start()
        + tiny.call("first", "level", role="unit_clerk")
        + tiny.gateway("again")
        + tiny.call("second", "level", role="unit_clerk")
        + tiny.end("e"),
        's>first>again; again>first[decision == "return"]; again>second!; second>e',
    ).replace('id="main" isExec', 'id="main" name="逐级审核" isExec')
)


@pytest.fixture
def world(database: Database, freeze: Freeze) -> Database:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        organisations.create(session, "unit", "虚构数据所", "institution")
        clerk = people.register(session, "clerk", "单一")
        people.grant(session, clerk.id, "unit_clerk", 1)
        form = notices.form({**notices.DECISION, "variable": True})
        version = notices.publish(session, {"main.bpmn": MAIN, "level.bpmn": LEVEL}, forms={"check": form})
        instances.start(session, "main", notice_version_id=version.id)
    return database


def decide(database: Database, decision: str) -> None:
    with database.transaction() as session:
        task = session.scalars(select(Task).where(Task.status == "open")).one()
        grants = permissions.grants_of(session, 1, clock.now(session))
        tasks.complete(session, task.id, tasks.Actor(1, grants), {"decision": decision})


def state_of(database: Database, process: str) -> Mapping[str, Any]:
    with database.reading() as session:
        instance = session.scalars(select(ProcessInstance)).one()
        return diagrams.of_instance(session, instance, process).state


def test_token_stands_in_the_calling_and_in_the_called_process(world: Database) -> None:
    outer, inner = state_of(world, "main"), state_of(world, "level")
    assert (outer["active"], outer["done"], outer["path"]) == (["first"], ["s"], ["main_0_s_first"])
    assert (inner["active"], inner["done"], inner["path"]) == (["look"], ["ls"], ["level_0_ls_look"])


def test_loop_marks_the_way_back_and_how_often(world: Database) -> None:
    decide(world, "return")
    state = state_of(world, "main")
    assert state["path"] == ["main_0_s_first", "main_1_first_again", "main_2_again_first"]
    assert state["active"] == ["first"]
    decide(world, "pass")
    again = state_of(world, "main")
    assert again["labels"] == {"first": "2次"}
    assert (again["active"], again["done"]) == (["second"], ["s", "first", "again"])
    assert again["path"][-1] == "main_3_again_second"


def test_process_called_again_shows_its_last_call_only(world: Database) -> None:
    decide(world, "pass")
    state = state_of(world, "level")
    assert (state["active"], state["done"]) == (["look"], ["ls"])


def test_ended_case_shows_where_it_ended_and_who_did_what(world: Database) -> None:
    decide(world, "pass")
    decide(world, "pass")
    state = state_of(world, "main")
    assert (state["active"], state["ended"]) == ([], ["e"])
    assert state["details"]["second"] == {
        "name": "second",
        "clause": "",
        "status": "second：审核通过",
        "when": "2023-10-09 09:00",
        "who": "虚构数据所 单一",
        "note": "",
    }


def test_task_is_shown_in_the_process_people_know_it_by_with_the_chain(world: Database) -> None:
    with world.reading() as session:
        task = session.scalars(select(Task)).one()
        known = diagrams.of_task(session, task)
        inner = diagrams.of_task(session, task, "level")
        with pytest.raises(NotFound):
            diagrams.of_task(session, task, "other")
    chain = [("main", "逐级审核"), ("level", "本级审核")]
    assert (known.key, known.chain) == ("main", chain)
    assert (inner.key, inner.chain, inner.xml) == ("level", chain, LEVEL.decode())


def test_table_says_the_same_in_the_order_of_the_way(world: Database) -> None:
    decide(world, "pass")
    with world.reading() as session:
        steps = diagrams.of_task(session, session.scalars(select(Task)).first()).steps
    assert [(step.name, step.state) for step in steps] == [("first", "first：审核通过"), ("second", "正在办理")]


def test_case_keeps_the_diagram_it_runs_on(world: Database) -> None:
    with world.transaction() as session:
        form = notices.form({**notices.DECISION, "variable": True})
        newer = MAIN.replace("逐级审核".encode(), "改后".encode())
        notices.publish(session, {"main.bpmn": newer, "level.bpmn": LEVEL}, forms={"check": form})
    with world.reading() as session:
        assert diagrams.of_task(session, session.scalars(select(Task)).one()).name == "逐级审核"
