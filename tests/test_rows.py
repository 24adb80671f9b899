"""Rows go out as the ORM would write them, in fewer statements: defaults, numbers, only what differs, lost races."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import organisations
from app.errors import Conflict
from app.models.notification import Notification
from app.models.people import Organisation, Person
from app.models.process import Incident, KeptRevision, ProcessInstance, Task
from app.rows import adopt, first, objects
from tests.support.website import statements

AT = datetime(2023, 10, 9, tzinfo=UTC)
PERSON = Person.metadata.tables["person"]


def person(session: Session, account: str) -> Person:
    found = Person(account=account, name=account)
    session.add(found)
    return found


def notification(receiver: Person, title: str, **more: Any) -> Notification:
    return Notification(person_id=receiver.id, template="ended", title=title, body="", created_at=AT, **more)


def test_new_rows_get_their_numbers_in_order_and_their_defaults_in_one_statement(database: Database) -> None:
    with database.transaction() as session:
        receiver = person(session, "one")
        session.flush()
        rows = [notification(receiver, title) for title in "abc"]
        session.add_all(rows)
        with statements(database) as sent:
            session.flush()
        assert len(sent) == 1
    assert [(row.read_at, row.facts) for row in rows] == [(None, {})] * 3
    with database.reading() as session:
        stored = session.scalars(select(Notification).order_by(Notification.id)).all()
    assert [(row.id, row.title) for row in stored] == [(row.id, row.title) for row in rows]
    assert (stored[0].facts, stored[0].read_at) == ({}, None)


def test_what_nobody_filled_is_null_also_where_json_is_kept(database: Database) -> None:
    with database.transaction() as session:
        instance = ProcessInstance(
            process_key="p", notice_version_id=1, definition_digest="", state=b"", started_at=AT, subject={}, waits={}
        )
        session.add(instance)
        session.flush()
        task = Task(
            instance_id=instance.id, engine_task_id="t", element_id="e", process_key="p", name="n", role="applicant",
            created_at=AT,
        )  # fmt: skip
        session.add(task)
        session.flush()
        assert (task.path, task.status, task.values) == ([], "open", None)
        nothing = text('SELECT count(*) FROM task WHERE "values" IS NULL AND draft IS NULL')
        assert session.scalar(nothing) == 1


def test_only_what_differs_is_written_and_equal_changes_together(database: Database) -> None:
    with database.transaction() as session:
        people = [person(session, account) for account in ("one", "two")]
        session.flush()
        for each in people:
            each.name, each.failures = f"{each.account} anew", 0
        with statements(database) as sent:
            session.flush()
        assert len(sent) == 1
        assert "name" in sent[0]
        assert "failures" not in sent[0]
        people[0].name = people[0].name
        with statements(database) as sent:
            session.flush()
        assert sent == []
    with database.reading() as session:
        assert set(session.scalars(select(Person.name))) == {"one anew", "two anew"}


def test_sql_in_the_place_of_a_value_is_the_databases_to_compute(database: Database) -> None:
    with database.transaction() as session:
        found = person(session, "one")
        session.flush()
        found.failures = Person.failures + 2  # type: ignore[assignment]
    with database.reading() as session:
        assert session.scalars(select(Person.failures)).one() == 2


def test_a_row_that_is_gone_is_a_lost_race(database: Database) -> None:
    def change(session: Session) -> None:
        found = session.scalars(select(Person)).one()
        session.connection().execute(delete(PERSON))
        found.name = "anew"

    with database.transaction() as session:
        person(session, "one")
    with pytest.raises(Conflict):
        database.run(change)


def test_two_who_write_one_unique_key_lose_a_race_on_postgresql(postgresql_database: Database) -> None:
    seen: list[int] = []

    def look_and_write(session: Session) -> None:
        seen.append(len(session.scalars(select(Person)).all()))
        if len(seen) == 1:
            with postgresql_database.transaction() as quick:
                person(quick, "same")
        if not seen[-1]:
            person(session, "same")

    postgresql_database.run(look_and_write)
    assert seen == [0, 1]  # the loser looked again and found the other's


def test_a_versioned_row_is_still_guarded_by_its_version(database: Database) -> None:
    with database.transaction() as session:
        session.add(
            ProcessInstance(process_key="p", notice_version_id=1, definition_digest="", state=b"", started_at=AT)
        )

    def end(session: Session) -> None:
        found = session.scalars(select(ProcessInstance)).one()
        table = ProcessInstance.metadata.tables["process_instance"]
        session.connection().execute(update(table).values(version=7))
        found.status = "ended"

    with pytest.raises(Conflict):
        database.run(end)


def test_a_row_that_core_read_becomes_the_sessions_own_object(database: Database) -> None:
    with database.transaction() as session:
        session.add(Incident(kind="script", reason="because", at=AT))
    with database.transaction() as session:
        row = session.connection().execute(select(Incident.metadata.tables["incident"])).one()
        (found,) = adopt(session, row, Incident)
        assert session.get(Incident, found.id) is found
        assert (found.reason, found.at, found in session, session.dirty) == ("because", AT, True, session.new)
        found.reason = "another"
        session.flush()
        again = session.connection().execute(select(Incident.metadata.tables["incident"])).one()
        assert adopt(session, again, Incident) == [found]
        assert found.reason == "another"
        assert adopt(session, [None] * len(row), Incident) == [None]


def test_objects_are_found_as_the_orm_finds_them(database: Database) -> None:
    waiting = select(Incident).where(Incident.kind == bindparam("kind")).order_by(Incident.id)
    with database.transaction() as session:
        session.add_all(Incident(kind="script", reason=reason, at=AT) for reason in "ab")
    with database.transaction() as session:
        one, two = objects(session, waiting, {"kind": "script"}, Incident)
        assert ([one.reason, two.reason], session.get(Incident, two.id)) == (["a", "b"], two)
        one.kind = "moved"
        assert first(session, waiting, {"kind": "script"}, Incident) is two  # what is pending is written before
        with session.no_autoflush:
            two.kind = "moved"
            assert first(session, waiting, {"kind": "script"}, Incident) is two  # but here
        assert two.kind == "moved"
        assert first(session, waiting, {"kind": "none"}, Incident) is None


def test_writing_a_remembered_row_raises_the_revision(database: Database) -> None:
    def revision() -> int:
        with database.reading() as session:
            return session.scalar(select(KeptRevision.revision)) or 0

    before = revision()
    with database.transaction() as session:
        body = organisations.create(session, "k", "机构", "institution")
    created = revision()
    assert created > before
    with database.transaction() as session:
        session.get_one(Organisation, body.id).name = "机构"
    assert revision() == created
    with database.transaction() as session:
        session.get_one(Organisation, body.id).name = "新名"
    assert revision() == created + 1
