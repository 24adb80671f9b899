"""Timers, the deadlines that wake an instance: leased, fenced, put off, written again, given up; each fires once."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text

from app import clock
from app.db import Database
from app.domain import amendments, deadlines
from app.domain.amendments import Amendment, Changes
from app.errors import NotFound
from app.models.process import Deadline, Event, ProcessInstance
from app.processes import clock_holds, instance_page, timers
from app.processes.tick import tick
from app.processes.timers import Leased
from tests.support.clockwork import Works
from tests.support.website import statements

WARNED, LATE = "2023-10-12 00:00:00", "2023-10-17 00:00:00"


def lease(works: Works) -> list[Leased]:
    with works.database.transaction() as session:
        return timers.lease(session)


def fired(works: Works) -> int:
    with works.database.reading() as session:
        return len(session.scalars(select(Event.id).where(Event.kind == "timer")).all())


def test_started_instance_has_a_row_for_each_timer(works: Works) -> None:
    works.start("work")
    assert works.timers() == {"warned": WARNED, "late": LATE}
    assert works.deadlines() == {"warning": (WARNED, False), "reply": (LATE, False)}


def test_nothing_is_leased_before_the_due_instant(works: Works) -> None:
    works.start("work")
    works.at("2023-10-11 23:59:59")
    assert lease(works) == []
    works.at(WARNED)
    assert len(lease(works)) == 1


def test_timer_fires_at_its_very_instant_and_the_task_stays(works: Works) -> None:
    works.start("work")
    works.at(WARNED)
    with statements(works.database) as sent:
        assert tick(works.database) == 1
    assert len([text for text in sent if text.startswith("UPDATE process_instance")]) == 1
    assert (works.open(), list(works.timers())) == (["do", "told"], ["late"])
    assert works.deadlines() == {"warning": (WARNED, True), "reply": (LATE, False)}


def test_interrupting_timer_takes_the_task_and_all_that_waits_beside_it(works: Works) -> None:
    works.start("work")
    works.at(LATE)
    tick(works.database)
    assert (works.open(), works.timers()) == (["overdue", "told"], {})
    assert {rule: closed for rule, (_, closed) in works.deadlines().items()} == {"warning": True, "reply": True}


def test_completing_the_task_takes_its_timers_and_closes_its_deadlines(works: Works) -> None:
    instance_id = works.start("work")
    works.complete("do")
    assert works.timers() == {}
    assert all(closed for _, closed in works.deadlines().values())
    assert works.instance(instance_id).status == "ended"


def test_second_worker_gets_nothing_while_the_lease_runs(works: Works) -> None:
    works.start("work")
    works.at(WARNED)
    first = lease(works)
    assert (len(first), lease(works)) == (1, [])


def test_lease_that_ran_out_goes_to_another_and_the_fence_refuses_the_loser(works: Works) -> None:
    works.start("work")
    works.at(WARNED)
    slow = lease(works)[0]
    works.at("2023-10-12 00:01:00")
    quick = lease(works)[0]
    assert (slow.deadline_id, slow.token != quick.token) == (quick.deadline_id, True)
    assert timers.fire(works.database, slow) is False
    assert timers.fire(works.database, quick) is True
    assert timers.fire(works.database, quick) is False
    assert (fired(works), works.open()) == (1, ["do", "told"])


def test_timer_cancelled_after_its_lease_does_not_fire(works: Works) -> None:
    works.start("work")
    works.at(WARNED)
    leased = lease(works)[0]
    works.complete("do")
    assert timers.fire(works.database, leased) is False
    assert (fired(works), works.incidents()) == (0, [])


def test_timer_held_after_its_lease_keeps_its_row_and_fires_when_released(works: Works) -> None:
    works.start("work")
    works.at(WARNED)
    tick(works.database)
    works.at(LATE)
    leased = lease(works)[0]
    hold(works, "objection")
    assert timers.fire(works.database, leased) is False
    assert (works.timers(), works.open()) == ({"late": None}, ["do", "told"])
    works.at("2023-10-18 09:00:00")
    with works.database.transaction() as session:
        assert deadlines.release(session, works.declaration_id, "objection") == 1
    assert works.timers() == {"late": LATE}  # it was over before the hold began
    tick(works.database)
    assert works.open() == ["overdue", "told"]


def test_timer_put_off_after_its_lease_does_not_fire_early(works: Works) -> None:
    works.start("closing")
    works.at("2023-11-01 00:00:00")
    leased = lease(works)[0]
    extend(works, "2023-11-15")
    assert timers.fire(works.database, leased) is False
    assert (works.timers(), works.open()) == ({"closes": "2023-11-16 00:00:00"}, [])
    works.at("2023-11-15 23:59:59")
    assert tick(works.database) == 0
    works.at("2023-11-16 00:00:00")
    tick(works.database)
    assert works.open() == ["after"]


def test_row_alone_says_when_a_timer_fires(works: Works) -> None:
    """Neither the engine's own date nor another timer's firing wakes it (D13)."""
    works.start("work")
    with works.database.transaction() as session:
        row = session.scalars(select(Deadline).where(Deadline.element_id == "late")).one()
        row.due_at = clock.now(session) + timedelta(days=30)
    works.at("2023-10-20 00:00:00")
    tick(works.database)
    assert works.open() == ["do", "told"]
    works.at("2023-11-08 09:00:00")
    tick(works.database)
    assert works.open() == ["overdue", "told"]


def test_completing_a_task_late_fires_no_timer_of_its_own_accord(works: Works) -> None:
    works.start("work")
    works.at("2023-10-20 00:00:00")
    works.complete("do")
    tick(works.database)
    assert (works.open(), fired(works)) == ([], 0)


def test_rows_survive_a_save_that_does_not_concern_them(works: Works) -> None:
    works.start("work")
    works.at(WARNED)
    before = {row.element_id: row.id for row in works.waking()}
    tick(works.database)
    works.complete("told")
    assert {row.element_id: row.id for row in works.waking()} == {"late": before["late"]}


def test_timer_of_a_suspended_instance_waits(works: Works) -> None:
    instance_id = works.start("work")
    works.at(WARNED)
    leased = lease(works)[0]
    with works.database.transaction() as session:
        session.get_one(ProcessInstance, instance_id).status = "suspended"
    assert timers.fire(works.database, leased) is False
    assert works.timers() == {"warned": WARNED, "late": LATE}


def test_failing_timer_is_an_incident_tries_again_and_gives_up(works: Works) -> None:
    works.start("ticks")
    works.at(WARNED)
    for minute in range(timers.MAX_ATTEMPTS):
        works.at(f"2023-10-12 00:0{minute}:00")
        tick(works.database)
    row = works.waking()[0]
    assert (row.attempts, row.dead, works.incidents()) == (timers.MAX_ATTEMPTS, True, [("share", "open")])
    assert "ZeroDivisionError" in row.last_error
    works.at("2023-10-13 00:00:00")
    assert tick(works.database) == 0


def test_mended_timer_fires_and_its_incident_is_solved(works: Works) -> None:
    instance_id = works.start("ticks")
    works.at(WARNED)
    tick(works.database)
    amend(works, {"divisor": {"value": 1, "clause": "虚构 §二"}})
    with works.database.transaction() as session:
        timers.revive(session, instance_id)
    works.at("2023-10-12 00:01:00")
    tick(works.database)
    assert (works.open(), works.incidents()) == (["shared"], [("share", "solved")])


def test_timer_of_the_diagrams_own_wakes_again_and_is_no_deadline_for_anybody(works: Works) -> None:
    instance_id = works.start("daily")
    (row,) = works.waking()
    assert (row.rule, works.timers()) == ("", {"each_day": "2023-10-10 09:00:00"})
    for day in (10, 11):
        works.at(f"2023-10-{day} 09:00:00")
        assert tick(works.database) == 1
        assert works.timers() == {"each_day": f"2023-10-{day + 1} 09:00:00"}
    assert ([each.id for each in works.waking()], works.open()) == ([row.id], ["reminded", "reminded", "slow"])
    with works.database.transaction() as session:
        assert deadlines.preview(session, Deadline.instance_id == instance_id) == []
        assert deadlines.hold_those(session, Deadline.instance_id == instance_id, "by_hand:查证") == 1
        shown = instance_page.dates(session, session.get_one(ProcessInstance, instance_id))
        assert [each.rule for each, _ in shown] == ["reply"]
        with pytest.raises(NotFound):
            clock_holds.get(session, row.id)
    assert works.timers() == {"each_day": "2023-10-12 09:00:00"}


def test_what_is_over_closes_in_the_statement_that_writes_what_comes(works: Works) -> None:
    works.start("daily")
    with statements(works.database) as sent:
        works.complete("slow")
    assert len([text for text in sent if text.split()[1:3] in (["INTO", "deadline"], ["deadline", "SET"])]) == 1
    assert works.timers() == {}
    assert works.deadlines() == {"reply": ("2023-10-17 00:00:00", True), "warning": ("2023-10-12 00:00:00", False)}
    assert sorted((row.rule, row.due_at is None) for row in works.all(Deadline)) == [
        ("", False), ("reply", False), ("warning", False),
    ]  # fmt: skip
    works.complete("then")
    assert all(row.closed_at is not None for row in works.all(Deadline))


EACH = 100


def many_due(database: Database, count: int) -> None:
    """Instances with EACH timers that were due yesterday; no engine ever made them."""
    with database.transaction() as session:
        now = clock.now(session)
        about = {"process_key": "x", "notice_version_id": 1, "definition_digest": "", "state": b"", "started_at": now,
                 "subject": {}, "waits": {}, "status": "running", "version": 1}  # fmt: skip
        made = insert(ProcessInstance).returning(ProcessInstance.id)
        instances = session.scalars(made, [about] * -(-count // EACH)).all()
        shared = {"element_id": "e", "due_at": now - timedelta(days=1), "rule": "", "kind": "diagram"}
        rows = [
            {**shared, "instance_id": instances[number // EACH], "engine_task_id": str(number)}
            for number in range(count)
        ]
        session.execute(insert(Deadline), rows)


@pytest.mark.postgresql
def test_twenty_thousand_due_timers_are_claimed_by_index(postgresql_database: Database) -> None:
    many_due(postgresql_database, 20_000)
    with postgresql_database.transaction() as session:
        session.execute(text("ANALYZE"))
    with postgresql_database.transaction() as session:
        statement = timers.claim(clock.now(session), 50)
        compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = session.scalars(text(f"EXPLAIN {compiled}")).all()
        first = timers.lease(session)
    with postgresql_database.transaction() as session:
        second = timers.lease(session)
    assert "ix_deadline_waking" in "\n".join(plan)
    assert [line for line in plan if "Sort" in line] == []
    assert (len(first), len(second)) == (50, 50)
    assert {one.deadline_id for one in first} & {one.deadline_id for one in second} == set()


@pytest.mark.postgresql
def test_two_workers_at_once_lease_different_timers(postgresql_database: Database) -> None:
    many_due(postgresql_database, 60)
    with postgresql_database.transaction() as one:
        first = timers.lease(one, 40)
        with postgresql_database.transaction() as other:
            second = timers.lease(other, 40)
    assert (len(first), len(second)) == (40, 20)


def hold(works: Works, reason: str) -> None:
    with works.database.transaction() as session:
        assert deadlines.hold(session, works.declaration_id, reason) == 1


def extend(works: Works, until: str) -> None:
    amend(works, {"check_window": {"value": {"from": "2023-10-01", "to": until}, "clause": "虚构 §二"}})


def amend(works: Works, parameters: dict[str, dict[str, object]]) -> None:
    with works.database.transaction() as session:
        amendment = Amendment("虚构补〔2023〕1号", "虚构依据", "延长", Changes(parameters=parameters))
        amended = amendments.amend(session, "made_up", amendment, by=None)
        deadlines.apply(
            session,
            deadlines.preview(session, ProcessInstance.notice_version_id == amended.version.id),
            why="延长",
            by=None,
        )
