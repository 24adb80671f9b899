"""For whom a case waits: its own process, and the batch it is recommended in while it stands there."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import waiting
from app.models.recommendation import BatchEntry, UnitBatch
from app.processes import instances
from tests.support import desk

Freeze = Callable[[Session, str], Any]


@pytest.fixture
def world(database: Database, freeze: Freeze) -> Database:
    """A declaration at the desk, and a batch of the same unit whose process waits there too."""
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        version = desk.open_desk(session)
        desk.arrive(session, version)
        instance = instances.start(session, "desk", notice_version_id=version)
        now = clock.now(session)
        batch = UnitBatch(
            organisation_id=1, notice_key="made_up", notice_version_id=version, role="unit_clerk",
            instance_id=instance.id, created_at=now,
        )  # fmt: skip
        session.add(batch)
        session.flush()
        session.add(BatchEntry(batch_id=batch.id, declaration_id=1, joined_at=now))
    return database


def test_waiting_names_office_contact_and_phone(world: Database) -> None:
    with world.reading() as session:
        (found,) = waiting.of_tasks(session, [1])
        assert (found.task, found.who, found.holder) == ("单位审核", "山城数智研究院 单位职称管理员", "")
        assert (found.contact, found.phone, found.since) == ("白若溪", "023-55550105", clock.now(session))


def test_case_waits_for_its_batch_while_it_stands_there(world: Database) -> None:
    with world.transaction() as session:
        assert [each.task_id for each in waiting.of_declaration(session, 1)] == [1, 2]
        session.get_one(BatchEntry, 1).gone_up_at = clock.now(session)
        session.flush()
        assert [each.task_id for each in waiting.of_declaration(session, 1)] == [1]
