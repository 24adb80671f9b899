"""Many hands at once: one wins, the others are told; nothing is lost."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, select

from app.db import Database
from app.domain import submission
from app.errors import Conflict, NotAllowed, Refused
from app.models.declaration import Declaration
from app.models.process import ClockOffset, Event, ProcessInstance, Task
from app.processes import tasks, timers, work
from tests.support import cases, clockwork
from tests.support.clockwork import CLERK, Freeze, Works


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs in threads that begin together; what each returned or raised, in their order."""
    gate, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[place] = job()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def open_task(works: Works, element: str) -> int:
    with works.database.reading() as session:
        return session.scalars(select(Task.id).where(Task.element_id == element, Task.status == "open")).one()


def test_two_completions_at_once_one_wins_and_the_other_is_told(works: Works) -> None:
    works.start("asks")
    task_id = open_task(works, "first")

    def complete() -> int:
        with works.database.transaction() as session:
            return tasks.complete(session, task_id, clockwork.actor(session, CLERK), {}).id

    results = at_once(complete, complete)
    losers = [found for found in results if isinstance(found, Exception)]
    assert [found for found in results if found == task_id] == [task_id]
    assert [type(loser) for loser in losers] == [Conflict]
    assert losers[0].message.startswith("此事项已由白若溪于2023年10月9日09:00办理，您填写的内容已保留在草稿中")
    with works.database.reading() as session:
        assert session.scalars(select(Event.kind).where(Event.kind == "completed")).all() == ["completed"]


def test_a_task_may_be_one_person_s_whoever_else_holds_its_role(works: Works) -> None:
    works.start("personal")
    with works.database.transaction() as session:
        task = session.scalars(select(Task).where(Task.element_id == "own")).one()
        assert (task.person_id, works.incidents()) == (2, [])
        other = clockwork.actor(session, "expert.candidate")
        with pytest.raises(NotAllowed):
            tasks.complete(session, task.id, other, {})
    works.complete("own", "li.yue")


def test_completion_and_timer_at_once_leave_one_course(works: Works) -> None:
    instance_id = works.start("work")
    works.at("2023-10-17 00:00:00")
    with works.database.transaction() as session:
        leased = timers.lease(session)
    late = next(item for item in leased if item.deadline_id == _timer(works, "late"))
    task_id = open_task(works, "do")

    def complete() -> str:
        with works.database.transaction() as session:
            tasks.complete(session, task_id, clockwork.actor(session, CLERK), {})
        return "completed"

    answers = at_once(complete, lambda: timers.fire(works.database, late))
    assert (answers[0] == "completed") is not answers[1], answers
    assert works.instance(instance_id).status == ("ended" if answers[0] == "completed" else "running")


def _timer(works: Works, element: str) -> int:
    return next(row.id for row in works.waking() if row.element_id == element)


def test_locked_instance_that_ended_is_refused(works: Works) -> None:
    instance_id = works.start("work")
    works.complete("do")
    with pytest.raises(Conflict), works.database.transaction() as session:
        work.opened(session, work.locked(session, instance_id))


def test_stale_version_is_a_conflict_and_changes_nothing(works: Works) -> None:
    instance_id = works.start("asks")

    def late_write() -> None:
        with works.database.transaction() as session:
            row = session.get_one(ProcessInstance, instance_id)
            row.status = "suspended"
            with works.database.engine.connect() as other:
                if works.database.engine.dialect.name == "sqlite":
                    session.connection().exec_driver_sql("UPDATE process_instance SET version = version + 1")
                else:
                    other.exec_driver_sql("UPDATE process_instance SET version = version + 1")
                    other.commit()  # house: the other writer of this test

    with pytest.raises(Conflict):
        late_write()
    assert works.instance(instance_id).status == "running"


def test_loser_of_a_race_tries_once_more(database: Database) -> None:
    tried = []

    def lose_first(_session: Any) -> str:
        tried.append(1)
        if len(tried) == 1:
            raise Conflict
        return "done"

    assert (database.run(lose_first), len(tried)) == ("done", 2)


def test_four_threads_lose_no_update(database: Database) -> None:
    with database.transaction() as session:
        session.add(ClockOffset(id=7, offset_us=0))

    def add() -> None:
        for _ in range(50):
            with database.transaction() as session:
                session.get_one(ClockOffset, 7, with_for_update=True).offset_us += 1

    assert at_once(add, add, add, add) == [None] * 4
    with database.reading() as session:
        assert session.get_one(ClockOffset, 7).offset_us == 200


def test_second_transaction_in_a_thread_is_refused_not_waited_for(sqlite_database: Database) -> None:
    with sqlite_database.transaction(), pytest.raises(RuntimeError, match="hand its session down"):
        sqlite_database.transaction().__enter__()
    with sqlite_database.transaction():
        pass


def test_second_normal_declaration_at_the_same_moment_is_refused(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        freeze(session, "2023-10-10 09:00:00")
        season = cases.season(session)
        ids = [cases.draft(season).id for _ in range(2)]

    def submit(declaration_id: int) -> str:
        with database.transaction() as session:
            declaration = session.get_one(Declaration, declaration_id)
            again = cases.Season(session, season.version, season.committee, season.bodies, season.people)
            return submission.submit(session, declaration, again.rules(declaration)).status

    results = at_once(*(lambda key=key: submit(key) for key in ids))
    refused = [found for found in results if isinstance(found, Exception)]
    assert [found for found in results if found == "SUBMITTED"] == ["SUBMITTED"]
    assert [type(found) for found in refused] == [Refused]
    assert "一个年度内只能通过正常渠道申报一次" in refused[0].message


def test_completing_a_task_loads_and_saves_its_instance_once(works: Works) -> None:
    works.start("asks")
    task_id = open_task(works, "first")
    seen: list[str] = []
    event.listen(works.database.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    with works.database.transaction() as session:
        tasks.complete(session, task_id, clockwork.actor(session, CLERK), {})
    assert len([text for text in seen if "process_instance.state" in text and not text.startswith("UPDATE")]) == 1
    assert len([text for text in seen if text.startswith("UPDATE process_instance SET")]) == 1
