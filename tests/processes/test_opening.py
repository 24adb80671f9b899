"""A task opens on what is there when its locks are held, however long somebody else held them."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app import ahead, clock
from app.db import Database
from app.domain import acceptance, batches
from app.domain.offices import Actor
from app.errors import NotFound
from app.models.declaration import Declaration
from app.models.people import Organisation
from app.models.process import ProcessInstance, Task
from app.models.recommendation import BatchEntry, UnitBatch
from app.processes import opening, work
from app.rows import touch
from tests.support import cases
from tests.support.clockwork import Freeze

PATIENCE = 20.0  # seconds
HELD_UP = "SELECT true FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' LIMIT 1"


@dataclass
class Scene:
    """A batch of one name with an open task on it, and a second name that is not in it yet."""

    database: Database
    task_id: int
    batch_id: int
    instance_id: int
    names: tuple[int, int]

    def add_name(self, session: Session) -> None:
        entry = BatchEntry(batch_id=self.batch_id, declaration_id=self.names[1], joined_at=clock.now(session))
        session.add(entry)
        session.flush()


@pytest.fixture
def scene(postgresql_database: Database, freeze: Freeze) -> Scene:
    with postgresql_database.transaction() as session:
        now = freeze(session, "2023-10-10 09:00:00")
        season = cases.season(session)
        names = cases.submitted(season), cases.submitted(season, "yi")
        batch = cases.batch_of(season, names[0])
        task = Task(
            instance_id=batch.instance_id,
            engine_task_id="merit",
            element_id="unit_merit",
            process_key="unit_recommendation",
            name="择优确定推荐人选",
            record="batch",
            role="unit_clerk",
            created_at=now,
        )
        session.add(task)
        session.flush()
        assert batch.instance_id is not None
        return Scene(postgresql_database, task.id, batch.id, batch.instance_id, (names[0].id, names[1].id))


def while_held(scene: Scene, hold: Callable[[Session], Any], look: Callable[[Session], Any]) -> Any:
    """What `look` gives to who came while another transaction, which ends meanwhile, was at `hold`."""
    found: list[Any] = []

    def later() -> None:
        try:
            with scene.database.transaction() as session:
                found.append(look(session))
        except Exception as error:
            found.append(error)

    other = threading.Thread(target=later)
    with scene.database.transaction() as session:
        hold(session)
        other.start()
        until = time.monotonic() + PATIENCE
        while not waiting(scene.database):
            assert (time.monotonic() < until, found) == (True, [])
            time.sleep(0.01)
    other.join(PATIENCE)
    return found[0]


def waiting(database: Database) -> bool:
    with database.reading() as session:
        held_up = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(session.scalar(text(held_up)))


def names(scene: Scene) -> Callable[[Session], list[int]]:
    def look(session: Session) -> list[int]:
        opening.of_task(session, scene.task_id, 1)
        return [line.declaration.id for line in batches.lines(session, scene.batch_id)]

    return look


def held_instance(scene: Scene, session: Session) -> None:
    """By somebody who changes nothing of the instance itself."""
    work.locked(session, scene.instance_id)
    scene.add_name(session)


def joined(scene: Scene, session: Session) -> None:
    batches.join(session, session.get_one(Declaration, scene.names[1]))
    session.flush()


def written_task(scene: Scene, session: Session) -> None:
    session.execute(update(Task).where(Task.id == scene.task_id).values(person_id=None))
    scene.add_name(session)


@pytest.mark.parametrize("hold", [joined, held_instance, written_task])
def test_who_waited_for_a_lock_sees_what_its_holder_left(scene: Scene, hold: Callable[[Scene, Session], None]) -> None:
    assert while_held(scene, lambda session: hold(scene, session), names(scene)) == list(scene.names)


def test_nobody_waits_where_nobody_holds_and_what_came_along_is_what_is_there(scene: Scene) -> None:
    with scene.database.transaction() as session:
        assert names(scene)(session) == [scene.names[0]]
        scene.add_name(session)
        with pytest.raises(NotFound):
            opening.of_task(session, scene.task_id + 1, 1)
    with scene.database.transaction() as session:
        assert names(scene)(session) == list(scene.names)


def test_what_an_opening_brought_and_nobody_asked_for_is_gone_with_the_next(scene: Scene) -> None:
    about = {"batch": scene.batch_id}
    with scene.database.transaction() as session:
        ahead.lay(session, batches.LINES, about, "[]")
        session.execute(update(Task).where(Task.id == scene.task_id).values(form_key="a_form_of_ones_own"))
        opening.of_task(session, scene.task_id, 1)
        assert ahead.taken(session, batches.LINES, about) is None


def test_a_row_written_since_the_statement_began_is_noticed_under_its_lock(scene: Scene) -> None:
    """Between its begin and its locks there is a moment without any wait: a statement that waits makes it long."""

    def is_fresh(session: Session) -> bool:
        patient = opening._opening("postgresql", True, *clock.columns(session))
        about = {"task": scene.task_id, "person": 1, "ids": ""}
        return bool(session.connection().execute(patient, about).one()[-1])

    def bare_lock(session: Session) -> None:
        session.get_one(ProcessInstance, scene.instance_id, with_for_update=True)

    def written_instance(session: Session) -> None:
        session.execute(update(ProcessInstance).values(history_number=7))

    def touched(session: Session) -> None:
        touch(session, session.get_one(UnitBatch, scene.batch_id))

    assert while_held(scene, bare_lock, is_fresh) is True
    assert while_held(scene, touched, is_fresh) is False
    assert while_held(scene, written_instance, is_fresh) is False
    assert while_held(scene, lambda session: joined(scene, session), is_fresh) is False


def test_who_waits_to_accept_sees_the_notice_that_was_just_sent(
    postgresql_database: Database, freeze: Freeze, scene: Scene
) -> None:
    with postgresql_database.transaction() as session:
        declaration = session.get_one(Declaration, scene.names[0])
        task = session.get_one(Task, scene.task_id)
        task.instance_id, task.record, task.form_key = declaration.instance_id or 0, "declaration", "committee_accept"
        about = replace(scene, instance_id=task.instance_id)

    def sent(session: Session) -> None:
        work.locked(session, about.instance_id)
        declaration = session.get_one(Declaration, scene.names[0])
        values = {"correction_items": [{"text": "请补充学历证书"}]}
        body = session.scalars(select(Organisation.id).where(Organisation.key == "cq_bigdata_bureau")).one()
        acceptance.issue_correction(session, declaration, "committee", Actor(None, body), values)

    def look(session: Session) -> list[str]:
        opening.of_task(session, about.task_id, 1)
        found = acceptance.notice_of(session, scene.names[0])
        return [] if found is None else [item["text"] for item in found.items]

    assert while_held(about, sent, look) == ["请补充学历证书"]
