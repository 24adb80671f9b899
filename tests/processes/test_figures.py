"""Figures of the past and of what stands, against a count by hand over the same tasks and events."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.scenarios.case import moment
from app.cli.scenarios.world import SqliteWorlds
from app.clock import local
from app.db import Database
from app.domain import calendar, deadlines, history
from app.models.figures import PassFigure, StandingFigure, TaskFigure, WorkTime
from app.models.process import Event, ProcessInstance, Task
from app.processes import figures
from tests.processes.test_random_verbs import Hand, at_agency
from tests.support.clockwork import Works
from tests.support.figuring import count_all

STEPS = 40


@pytest.fixture(scope="module")
def worlds() -> Iterator[SqliteWorlds]:
    made = SqliteWorlds()
    yield made
    made.close()


def working_days(session: Session, first: date, last: date) -> int:
    days = calendar.calendar_of(session)
    return sum(days.is_working(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def by_hand(session: Session) -> tuple[Counter[Any], Counter[Any]]:
    """Durations and passes straight from the rows; nothing of these cases is ever held or migrated."""
    took, passed = Counter[Any](), Counter[Any]()
    versions = dict(session.execute(select(ProcessInstance.id, ProcessInstance.notice_version_id)).all())
    for task in session.scalars(select(Task).where(Task.status != "open")):
        assert task.ended_at is not None
        days = working_days(session, local(task.created_at).date(), local(task.ended_at).date())
        step = (versions[task.instance_id], task.process_key, task.element_id)
        took[*step, 0, "", days] += 1
        if task.organisation_id is not None:
            took[*step, task.organisation_id, task.role, days] += 1
    for event in session.scalars(select(Event).where(Event.kind == "passed")):
        for process, element in event.said["elements"]:
            passed[versions[event.instance_id or 0], process, element] += 1
    return took, passed


def counted(session: Session) -> tuple[Counter[Any], Counter[Any]]:
    tasks = {
        (row.notice_version_id, row.process_key, row.element_id, row.organisation_id, row.role, row.days): row.count
        for row in session.scalars(select(TaskFigure))
    }
    passed = session.execute(
        select(PassFigure.notice_version_id, PassFigure.process_key, PassFigure.element_id, PassFigure.count)
    )
    return Counter(tasks), Counter({tuple(key): count for *key, count in passed})


def standing(session: Session, kind: str) -> Counter[str]:
    found = Counter[str]()
    for row in session.scalars(select(StandingFigure).where(StandingFigure.kind == kind)):
        found[row.element_id or row.code or ""] += row.count
    return found


def test_figures_kept_while_work_is_done_returned_and_taken_back_are_those_counted_by_hand_and_anew(
    worlds: SqliteWorlds,
) -> None:
    with worlds.fresh() as database:
        hand = Hand(at_agency(database), 10)
        for number in range(STEPS):
            hand.step()
            if number % 3 == 0:
                figures.refresh(database, at_once=number % 2 == 0)
            if number % 8 == 7:
                hand.player.advance_to(moment("2023-10-17 10:00") + timedelta(days=number // 4))
        figures.refresh(database, at_once=True)
        assert min(hand.done["give_back"], hand.done["take_back"]) > 0
        with database.reading() as session:
            kept, truth = counted(session), by_hand(session)
            assert kept == truth
            assert len({key[5] for key in kept[0]}) > 2  # durations that differ
            assert standing(session, "task") == Counter(
                session.scalars(select(Task.element_id).where(Task.status == "open"))
            )
            running = session.scalars(select(ProcessInstance).where(ProcessInstance.status == "running")).all()
            places = Counter(place for each in running for place in {element for _, element in each.waits["active"]})
            assert standing(session, "token") == places
        figures.rebuild(database)
        with database.reading() as session:
            assert counted(session) == truth


def test_time_that_a_clock_stood_still_is_nobodys(works: Works) -> None:
    """Nine working days from Monday: held at the end of two of them and of the first, suspended over a weekend."""
    instance_id = works.start("work")
    with works.database.transaction() as session:
        held = deadlines.hold(session, works.declaration_id, "objection")
        assert held
    works.at("2023-10-12 15:00:00")
    with works.database.transaction() as session:
        deadlines.release(session, works.declaration_id, "objection")
        history.append(session, "suspended", instance_id=instance_id)
    works.at("2023-10-16 15:00:00")
    with works.database.transaction() as session:
        history.append(session, "resumed", instance_id=instance_id)
    works.at("2023-10-20 09:00:00")
    works.complete("do")
    count_all(works.database)
    with works.database.reading() as session:
        (time,) = session.scalars(select(WorkTime).where(WorkTime.role == "unit_clerk"))
    assert (time.element_id, time.days, time.held_days) == ("do", 9 - 2 - 2, 2 + 2)


def test_events_are_counted_only_when_none_can_come_before_them(works: Works) -> None:
    works.start("asks")
    other = works.start("closing")
    count_all(works.database)
    before = passes(works.database)
    if works.database.engine.dialect.name == "sqlite":
        return  # one writer at a time: none can come
    with works.database.transaction() as slow:
        history.append(slow, "passed", instance_id=other, payload={"elements": [["asks", "slow"]]})
        works.complete("first")
        figures.refresh(works.database)
        assert passes(works.database) == before
    count_all(works.database)
    assert passes(works.database)["slow"] == 1


def passes(database: Database) -> Counter[str]:
    with database.reading() as session:
        return Counter({row.element_id: row.count for row in session.scalars(select(PassFigure))})
