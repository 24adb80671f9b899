"""The way out, from the tables: state and due instants of an instance as the engine's library writes them."""

import json
from typing import Any

import pytest
from sqlalchemy import select, update

from app.errors import NotFound
from app.models.process import Deadline
from app.processes import exports
from tests.support.clockwork import Works


def exported(works: Works, instance_id: int) -> dict[str, Any]:
    with works.database.transaction() as session:
        return json.loads(exports.export(session, instance_id))


def due_of(found: dict[str, Any], element: str) -> str:
    task = next(each for each in found["tasks"].values() if each["task_spec"] == element)
    return task["internal_data"]["event_value"]


def test_export_carries_the_diagram_and_the_due_instants_of_the_rows(works: Works) -> None:
    number = works.start("work")
    with works.database.transaction() as session:
        session.execute(update(Deadline).where(Deadline.element_id == "warned").values(due_at=None))
        row = session.scalars(select(Deadline).where(Deadline.element_id == "late")).one()
        assert row.due_at is not None
        late = row.due_at.isoformat()
    found = exported(works, number)
    assert (found["typename"], found["spec"]["name"]) == ("BpmnWorkflow", "work")
    assert (due_of(found, "late"), due_of(found, "warned")) == (late, "9999-12-31T00:00:00+00:00")


def test_unknown_instance_is_not_found(works: Works) -> None:
    with pytest.raises(NotFound):
        exported(works, 404)
