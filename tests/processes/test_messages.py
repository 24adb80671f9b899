"""Messages between instances: early, late, once, unhandled, failing, starting."""

from typing import Any

from sqlalchemy import select

from app.db import Database
from app.domain import messages as letters
from app.models.process import Event, Message, ProcessInstance
from app.processes import messages
from app.processes.tick import tick
from tests.processes.test_timers import amend
from tests.support.clockwork import Works


def post(works: Works, name: str, receiver: int, **payload: Any) -> None:
    with works.database.transaction() as session:
        letters.post(session, name, receiver_id=receiver, payload=payload)


def pending(works: Works) -> list[int]:
    with works.database.reading() as session:
        return messages.deliverable(session)


def test_message_goes_to_the_task_that_waits_and_carries_its_payload(works: Works) -> None:
    instance_id = works.start("asks")
    works.complete("first")
    post(works, "answer", instance_id, rank=1)
    assert tick(works.database) == 1
    assert (works.open(), works.messages()) == (["last"], [("answer", "delivered")])
    with works.database.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == "message")).one()
        assert (event.element_id, event.payload) == ("answer", {"name": "answer", "data": {"rank": 1}})


def test_early_message_waits_until_somebody_listens(works: Works) -> None:
    instance_id = works.start("asks")
    post(works, "answer", instance_id)
    assert tick(works.database) == 0
    assert (works.open(), works.messages()) == (["first"], [("answer", "pending")])
    works.complete("first")
    tick(works.database)
    assert (works.open(), works.messages()) == (["last"], [("answer", "delivered")])


def test_message_is_delivered_once(works: Works) -> None:
    instance_id = works.start("asks")
    works.complete("first")
    post(works, "answer", instance_id)
    key = pending(works)[0]
    assert messages.deliver(works.database, key) is True
    assert messages.deliver(works.database, key) is False
    assert works.open() == ["last"]


def test_one_waiting_task_takes_one_of_two_messages(works: Works) -> None:
    instance_id = works.start("asks")
    works.complete("first")
    post(works, "answer", instance_id, rank=1)
    post(works, "answer", instance_id, rank=2)
    tick(works.database)
    assert works.messages() == [("answer", "delivered"), ("answer", "pending")]


def test_message_to_an_ended_instance_is_unhandled(works: Works) -> None:
    instance_id = works.start("work")
    works.complete("do")
    post(works, "stop", instance_id)
    tick(works.database)
    assert works.messages() == [("stop", "unhandled")]


def test_message_that_nobody_took_in_its_time_is_unhandled(works: Works) -> None:
    instance_id = works.start("asks")
    post(works, "answer", instance_id)
    with works.database.reading() as session:
        expires = session.scalars(select(Message.expires_at)).one()
    assert expires is not None
    works.at((expires.replace(tzinfo=None)).strftime("%Y-%m-%d %H:%M:%S"))
    assert tick(works.database) == 0
    works.at("2024-12-31 00:00:00")
    tick(works.database)
    assert works.messages() == [("answer", "unhandled")]


def test_interrupting_message_takes_task_timers_and_deadlines(works: Works) -> None:
    instance_id = works.start("work")
    post(works, "stop", instance_id, why="撤回")
    tick(works.database)
    assert (works.open(), works.timers(), works.instance(instance_id).status) == ([], {}, "ended")
    assert all(closed for _, closed in works.deadlines().values())


def test_failing_delivery_is_an_incident_and_is_tried_again(works: Works) -> None:
    instance_id = works.start("divides")
    post(works, "go", instance_id)
    assert tick(works.database) == 0
    assert (works.messages(), works.incidents(), works.open()) == ([("go", "pending")], [("divide", "open")], [])
    assert tick(works.database) == 0, "not before its time"
    amend(works, {"divisor": {"value": 1, "clause": "虚构 §二"}})
    works.at("2023-10-09 09:01:00")
    assert tick(works.database) == 1
    assert (works.messages(), works.incidents(), works.open()) == (
        [("go", "delivered")],
        [("divide", "solved")],
        ["done"],
    )


def test_failing_message_does_not_hold_up_the_others(works: Works) -> None:
    faulty, sound = works.start("divides"), works.start("asks")
    works.complete("first")
    post(works, "go", faulty)
    post(works, "answer", sound)
    tick(works.database)
    assert (works.open(), works.messages()) == (["last"], [("go", "pending"), ("answer", "delivered")])


def test_failing_delivery_gives_up(works: Works) -> None:
    instance_id = works.start("divides")
    post(works, "go", instance_id)
    for minute in range(messages.MAX_ATTEMPTS + 3):
        works.at(f"2023-10-09 09:{minute:02d}:00")
        tick(works.database)
    row = works.all(Message)[0]
    assert (row.status, row.attempts, len(works.incidents())) == ("pending", messages.MAX_ATTEMPTS, 1)


def test_unexpected_failure_is_an_incident_and_does_not_stop_the_tick(works: Works) -> None:
    """A start of a process that the notice does not bring: no diagram of ours runs at all."""
    with works.database.transaction() as session:
        letters.post_start(session, "nowhere", notice_version_id=works.version_id)
    instance_id = works.start("asks")
    works.complete("first")
    post(works, "answer", instance_id)
    tick(works.database)
    assert works.open() == ["last"]
    assert works.incidents() == [(None, "open")]


def test_start_message_starts_a_process_once(works: Works) -> None:
    with works.database.transaction() as session:
        letters.post_start(
            session, "asks", notice_version_id=works.version_id, declaration_id=works.declaration_id, subject={"a": 1}
        )
    tick(works.database)
    tick(works.database)
    found = works.all(ProcessInstance)
    assert [(row.process_key, row.declaration_id, row.subject) for row in found] == [
        ("asks", works.declaration_id, {"a": 1})
    ]
    assert (works.open(), works.messages()) == (["first"], [("start", "delivered")])


def test_message_in_an_undone_transaction_was_never_sent(works: Works) -> None:
    class Undone(Exception):
        """The sender's work fails after it wrote."""

    def write(database: Database) -> None:
        with database.transaction() as session:
            letters.post(session, "answer", receiver_id=1)
            raise Undone

    try:
        write(works.database)
    except Undone:
        assert works.messages() == []
