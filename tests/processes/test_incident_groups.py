"""Incidents by cause: what differs from case to case does not part them, what failed elsewhere does."""

from datetime import timedelta

import pytest

from app.db import Database
from app.errors import DiagramFault, NotFound
from app.models.process import Incident
from app.processes import incident_groups, incidents
from tests.support import clockwork
from tests.support.clockwork import Freeze, Works

FAULTS = (
    ("divide", 3, "KeyError: 'a-17' of 3"),
    ("divide", 3, "KeyError: 'b-2' of 40"),
    ("divide", 4, "KeyError: 'b-2' of 40"),
    ("share", 3, "KeyError: 'b-2' of 40"),
)


@pytest.fixture
def works(sqlite_database: Database, freeze: Freeze) -> Works:
    return clockwork.build(sqlite_database, freeze)


def test_alike_are_one_group_with_its_times(works: Works) -> None:
    asks = [works.start("asks") for _ in FAULTS]
    with works.database.transaction() as session:
        for instance_id, (element, line, reason) in zip(asks, FAULTS, strict=True):
            incidents.record(session, DiagramFault(element, line, reason), instance_id=instance_id)
    first, *_ = works.all(Incident)
    works.at("2023-10-10 09:00:00")
    with works.database.transaction() as session:
        incidents.record(session, DiagramFault("divide", 3, "KeyError: 'a-18' of 3"), instance_id=asks[0])
    with works.database.reading() as session:
        manager, clerk = (clockwork.actor(session, each).grants for each in ("manager", "committee"))
        found = incident_groups.groups(session, manager)
        assert [(each.element, each.line, each.count, each.retriable) for each in found] == [
            *(("divide", 3, 2, 0), ("divide", 4, 1, 0), ("share", 3, 1, 0))
        ]
        largest = found[0]
        assert (largest.first, largest.last) == (first.at, first.at + timedelta(days=1))
        assert (largest.process, largest.ordinal, largest.outdated) == ("divides", 1, False)
        assert incident_groups.of_incident(session, manager, 2) == largest
        assert incident_groups.ids(session, manager, largest, 9) == [(1, asks[0]), (2, asks[1])]
        assert [each.incident.id for each in incident_groups.members(session, manager, largest, 1, 1)] == [2]
        assert incident_groups.instances_of(session, [3, 4]) == asks[2:]
        assert incident_groups.groups(session, clerk) == []
        with pytest.raises(NotFound):
            incident_groups.of_incident(session, clerk, 1)
