"""The statements of each task of the A1 walk: a new one is a decision, not an accident; history adds none."""

from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select

from app import clock
from app.cli.scenarios.world import SqliteWorlds
from app.db import Database
from app.domain import history
from app.models.attachment import Attachment
from app.models.process import Task
from benchmarks import walk

AT_MOST = {
    "fill_form": 8,
    "unit_check": 10,
    "unit_merit": 6,
    "unit_publicity": 9,
    "unit_close": 5,
    "unit_sign": 5,
    "unit_submit": 9,  # one numbers the list that goes up, one tells the applicants
    "dept_check": 7,
    "committee_accept": 10,
    "pay": 9,  # one numbers the receipt, one tells the applicant
}
PAST = 200


@pytest.fixture(scope="module")
def worlds() -> Iterator[SqliteWorlds]:
    made = SqliteWorlds()
    yield made
    made.close()


def statements(worlds: SqliteWorlds, heavy: bool = False) -> walk.Counted:
    with worlds.fresh() as database:
        walk.warm(database)
        counted = walk.Counted(database)
        walk.ours(database, {}, counted, lay_a_past if heavy else None)
        return counted


def lay_a_past(database: Database, element: str) -> None:
    """The open task's instance has a long history, its declaration many files, as after years of use."""
    with database.transaction() as session:
        task = session.scalars(select(Task).where(Task.element_id == element, Task.status == "open")).one()
        now = clock.now(session)
        about = {"instance_id": task.instance_id, "declaration_id": task.declaration_id}
        for _ in range(PAST):
            history.append(session, "passed", instance_id=task.instance_id, declaration_id=task.declaration_id)
        columns = ("element_id", "path", "process_key", "name", "role", "organisation_id")
        same = {name: getattr(task, name) for name in columns}
        past = {**about, **same, "status": "completed", "created_at": now, "ended_at": now}
        session.execute(insert(Task), [{**past, "engine_task_id": f"{element}-{n}"} for n in range(PAST)])
        file = {"name": "旧.pdf", "media_type": "application/pdf", "size": 1, "declaration_id": task.declaration_id}
        session.execute(insert(Attachment), [{**file, "digest": f"{n:064}", "uploaded_at": now} for n in range(PAST)])


def test_no_task_of_the_walk_needs_more_statements_than_agreed(worlds: SqliteWorlds) -> None:
    counted = statements(worlds)

    assert counted.per_element == AT_MOST
    assert counted.commits == counted.tasks == len(AT_MOST)


def test_a_long_past_costs_no_statement(worlds: SqliteWorlds) -> None:
    assert statements(worlds, heavy=True).per_element == AT_MOST
