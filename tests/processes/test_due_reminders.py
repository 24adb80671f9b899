"""Reminders of deadlines: so many working days before and after, once each, whatever crashes or moves."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.db import Database
from app.domain import calendar, history, notifications, people, reminder_rules
from app.errors import Conflict, Refused
from app.models.notification import Notification
from app.models.process import Deadline, ProcessInstance, Task
from app.models.reminder import TaskReminder
from app.processes import due_reminders, suspensions, timeline
from tests.support import clockwork
from tests.support.clockwork import Freeze, Works
from tests.support.website import statements


@pytest.fixture
def works(database: Database, freeze: Freeze) -> Works:
    """Monday at nine; the task that begins has until the next Monday's end."""
    made = clockwork.build(database, freeze)
    made.start("work")
    return made


def told(works: Works, moment: str) -> list[str]:
    """What is said at a moment, and again a minute later, to how many."""
    works.at(moment)
    with works.database.reading() as session:
        before = set(session.scalars(select(Notification.id)))
    for _ in range(2):
        due_reminders.remind(works.database)
    with works.database.reading() as session:
        found = session.scalars(select(Notification).where(Notification.id.not_in(before)).order_by(Notification.id))
        return [f"{row.title} {row.facts['left']}" for row in found]


def test_holders_are_reminded_before_and_after_once_each(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(works, "2023-10-11 08:59:00") == []
    with monkeypatch.context() as broken:  # the process dies half-way
        broken.setattr(history, "append_many", lambda *_: 1 / 0)
        works.at("2023-10-11 09:00:00")
        with pytest.raises(ZeroDivisionError):
            due_reminders.remind(works.database)
    assert works.all(TaskReminder) == []
    assert told(works, "2023-10-11 09:00:00") == ["期限将到 还有3个工作日"]
    assert told(works, "2023-10-12 09:00:00") == []
    assert told(works, "2023-10-13 17:00:00") == ["期限将到 剩1个工作日"]
    assert told(works, "2023-10-14 10:00:00") == []  # nobody works on Saturdays
    with works.database.transaction() as session:
        calendar.set_day(session, date(2023, 10, 17), working=False, note="停电", source="通知")
        rows = session.scalars(select(Deadline).where(Deadline.rule == "reply")).all()
        for row in rows:  # by the new calendar it ends two days later, on Wednesday
            assert row.due_at is not None
            row.due_at += timedelta(days=2)
    assert told(works, "2023-10-16 09:00:00") == ["期限将到 剩1个工作日"]
    assert told(works, "2023-10-19 08:00:00") == []
    assert told(works, "2023-10-19 09:00:00") == ["已经逾期 已逾期1个工作日"]
    assert told(works, "2023-10-20 09:00:00") == []
    with works.database.reading() as session:
        instance = session.scalars(select(ProcessInstance)).one()
        lines = [(line.title, line.note) for line in timeline.of_instance(session, instance)]
        assert [note for title, note in lines if title == "提醒：do"] == [
            "还有3个工作日", "剩1个工作日", "剩1个工作日", "已逾期1个工作日",
        ]  # fmt: skip
        assert history.check(session, instance.id).faults == []
    works.complete("do")  # the instance goes on as if nothing had been written beside it


def test_nobody_is_told_what_is_held_suspended_new_or_said_by_the_diagram(works: Works) -> None:
    with works.database.transaction() as session:
        first = session.scalars(select(Task)).one()
        clerk = people.by_account(session, clockwork.CLERK)
        manager = people.by_account(session, "admin")
        assert clerk is not None
        assert manager is not None
        manager_id = manager.id
    works.at("2023-10-11 09:00:00")
    late = works.start("work")  # begins when the first morning is over: it has five days of its own
    about = notifications.About(None, None, first.instance_id)
    with works.database.transaction() as session:
        notifications.post(session, [clerk.id], "route_warning", {}, about)
    assert told(works, "2023-10-11 09:30:00") == []  # the diagram has just said it
    with works.database.transaction() as session:
        suspensions.suspend(session, first.instance_id, reason="核实", person_id=manager_id)
    assert told(works, "2023-10-13 09:00:00") == ["期限将到 还有3个工作日"]  # of the later one alone
    with works.database.reading() as session:
        assert {row.task_id for row in session.scalars(select(TaskReminder))} == {
            first.id,
            session.scalars(select(Task.id).where(Task.instance_id == late)).one(),
        }


def test_as_many_statements_for_many_tasks_as_for_one(works: Works) -> None:
    with works.database.transaction() as session:
        reminder_rules.save(session, [1], [], seen=0, by=1)
    works.at("2023-10-13 09:00:00")
    with statements(works.database) as one:
        assert due_reminders.remind(works.database) == 1
    works.at("2023-10-09 09:00:00")
    for _ in range(3):
        works.start("work")
    works.at("2023-10-13 09:01:00")
    with statements(works.database) as three:
        assert due_reminders.remind(works.database) == 3
    assert len(three) <= len(one)


def test_the_house_says_how_many_days(works: Works) -> None:
    with works.database.transaction() as session:
        reminder_rules.save(session, [2, 2], [], seen=0, by=1)
        assert reminder_rules.rules(session).before == (2,)
        with pytest.raises(Conflict):
            reminder_rules.save(session, [1], [], seen=0, by=1)
        with pytest.raises(Refused, match="截止前的提醒请填写1至30"):
            reminder_rules.save(session, [31], [1], seen=1, by=1)
    assert told(works, "2023-10-11 09:00:00") == []
    assert told(works, "2023-10-12 09:00:00") == ["期限将到 剩2个工作日"]
    assert told(works, "2023-10-13 09:00:00") == []
