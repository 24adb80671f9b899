"""Incidents: kept apart from the work that failed, one for one fault, solved when the work goes through."""

import pytest
from sqlalchemy.orm import Session

from app.db import Database
from app.errors import Conflict, DiagramFault, Problem, Refused
from app.models.process import ClockOffset, Incident
from app.processes import incidents


def rows(database: Database) -> list[tuple[int | None, str | None, int | None, str, str]]:
    with database.reading() as session:
        found = session.query(Incident).order_by(Incident.id)
        return [(row.task_id, row.element_id, row.line, row.kind, row.status) for row in found]


def failing(session: Session) -> bool:
    session.add(ClockOffset(id=9, offset_us=1))
    session.flush()
    raise DiagramFault("step", 12, "NameError: x")


def test_fault_is_kept_and_the_work_undone(database: Database) -> None:
    with pytest.raises(DiagramFault):
        incidents.run(database, failing, task_id=3)
    assert rows(database) == [(3, "step", 12, "script", "open")]
    with database.reading() as session:
        assert session.get(ClockOffset, 9) is None


def test_same_fault_again_is_the_same_incident(database: Database) -> None:
    for _ in range(3):
        with pytest.raises(DiagramFault):
            incidents.run(database, failing, task_id=3)
    assert len(rows(database)) == 1


def test_fault_of_another_task_is_another_incident(database: Database) -> None:
    for key in (3, 4):
        with pytest.raises(DiagramFault):
            incidents.run(database, failing, task_id=key)
    assert [row[0] for row in rows(database)] == [3, 4]


def test_refusal_is_no_incident(database: Database) -> None:
    def refuse(_session: Session) -> None:
        raise Refused(Problem("no", "不行"))

    with pytest.raises(Refused):
        incidents.run(database, refuse, task_id=3)
    assert rows(database) == []


def test_solving_closes_only_its_own(database: Database) -> None:
    for key in (3, 4):
        with pytest.raises(DiagramFault):
            incidents.run(database, failing, task_id=key)
    with database.transaction() as session:
        incidents.solve(session, task_id=3)
    assert [row[4] for row in rows(database)] == ["solved", "open"]


@pytest.mark.parametrize(("error", "kept"), [(ValueError("odd"), 1), (DiagramFault("a", 1, "r"), 1), (Conflict(), 0)])
def test_unattended_work_never_raises_and_is_put_off(database: Database, error: Exception, kept: int) -> None:
    said: list[str] = []

    def work(_session: Session) -> bool:
        raise error

    assert incidents.unattended(database, work, lambda _session, words: said.append(words), message_id=5) is False
    assert (len(rows(database)), len(said)) == (kept, 1)


def test_unattended_work_that_goes_through_solves_its_incident(database: Database) -> None:
    incidents.unattended(database, failing, lambda _session, _words: None, message_id=5)
    assert incidents.unattended(database, lambda _session: True, lambda _session, _words: None, message_id=5) is True
    assert [row[4] for row in rows(database)] == ["solved"]
