"""Deadlines as rows: found or made, held and released, computed anew; the timers follow them."""

from datetime import date

from sqlalchemy import select

from app.domain import calendar, deadlines
from app.models.process import Deadline, ProcessInstance, Task
from app.processes.tick import tick
from tests.support.clockwork import MONDAY, Works, wall


def rows(works: Works) -> dict[str, Deadline]:
    return {row.rule: row for row in works.all(Deadline)}


def hold(works: Works, reason: str) -> int:
    with works.database.transaction() as session:
        return deadlines.hold(session, works.declaration_id, reason, by=7)


def release(works: Works, reason: str) -> int:
    with works.database.transaction() as session:
        return deadlines.release(session, works.declaration_id, reason, by=8)


def test_task_and_timer_on_one_rule_share_the_row(works: Works) -> None:
    works.start("work")
    with works.database.reading() as session:
        task = session.scalars(select(Task).where(Task.element_id == "do")).one()
    found = rows(works)
    assert sorted(found) == ["reply", "warning"]
    assert task.deadline_id == found["reply"].id
    reply = found["reply"]
    assert (reply.kind, reply.count, reply.unit, reply.clause) == ("relative", 5, "working_day", "虚构 §一")
    assert (wall(reply.starts_at), wall(reply.due_at)) == (MONDAY, "2023-10-17 00:00:00")


def test_same_asker_finds_its_row_and_a_length_of_the_office_stays(works: Works) -> None:
    instance_id = works.start("asks")
    with works.database.transaction() as session:
        asker = deadlines.Asker(session.get_one(ProcessInstance, instance_id), "task-1")
        first = deadlines.ask(session, asker, "reply", days=3)
        assert deadlines.ask(session, asker, "reply") is first
        assert wall(first.due_at) == "2023-10-13 00:00:00"
        assert deadlines.preview(session, Deadline.rule == "reply") == []


def test_hold_stops_only_the_clocks_that_the_notice_lets_it_stop(works: Works) -> None:
    works.start("work")
    assert hold(works, "objection") == 1
    assert works.timers() == {"late": None, "warned": "2023-10-12 00:00:00"}
    assert hold(works, "objection") == 0
    assert hold(works, "vacation") == 0


def test_clock_stands_still_until_the_last_hold_of_a_kind_is_lifted(works: Works) -> None:
    works.start("work")
    assert (hold(works, "objection:1"), hold(works, "objection:2"), hold(works, "objection:2")) == (1, 1, 0)
    assert release(works, "objection:1") == 1
    assert works.timers()["late"] is None
    assert release(works, "objection:1") == 0
    assert release(works, "objection:2") == 1
    assert works.timers() == {"late": "2023-10-17 00:00:00", "warned": "2023-10-12 00:00:00"}


def test_days_of_a_hold_are_not_counted(works: Works) -> None:
    works.start("work")
    works.at("2023-10-11 09:00:00")
    hold(works, "objection")
    works.at("2023-10-13 09:00:00")
    assert release(works, "objection") == 1
    due = works.timers()["late"]
    assert due == wall(rows(works)["reply"].due_at)
    assert due == "2023-10-19 00:00:00"
    ledger = rows(works)["reply"].held_by
    assert [(entry["reason"], entry["by"], entry["released_by"]) for entry in ledger] == [("objection", 7, 8)]


def test_held_timer_does_not_fire_and_fires_after_its_release(works: Works) -> None:
    works.start("work")
    hold(works, "objection")
    works.at("2023-12-01 00:00:00")
    tick(works.database)
    assert works.open() == ["do", "told"]
    release(works, "objection")
    due = works.timers()["late"]
    assert due is not None
    works.at(due)
    tick(works.database)
    assert works.open() == ["overdue", "told"]


def test_step_completed_during_a_hold_keeps_the_timer_row_held(works: Works) -> None:
    works.start("work")
    works.at("2023-10-12 00:00:00")
    tick(works.database)
    hold(works, "objection")
    works.complete("told")
    assert works.timers() == {"late": None}


def test_release_of_another_reason_changes_nothing(works: Works) -> None:
    works.start("work")
    hold(works, "objection")
    assert release(works, "complaint") == 0
    assert works.timers()["late"] is None


def test_calendar_change_lists_before_and_after_and_moves_the_timers(works: Works) -> None:
    works.start("work")
    change_day(works, date(2023, 10, 11), working=False)
    with works.database.reading() as session:
        found = deadlines.preview(session)
    listed = sorted((each.rule, wall(each.before), wall(each.after), each.shortens) for each in found)
    assert listed == [
        ("reply", "2023-10-17 00:00:00", "2023-10-18 00:00:00", False),
        ("warning", "2023-10-12 00:00:00", "2023-10-13 00:00:00", False),
    ]
    assert works.timers()["late"] == "2023-10-17 00:00:00", "a preview changes nothing"
    assert apply(works) == 2
    assert works.timers() == {"late": "2023-10-18 00:00:00", "warned": "2023-10-13 00:00:00"}
    assert [(entry["why"], entry["by"]) for entry in rows(works)["reply"].history] == [("调休", 3)]


def test_announced_period_is_never_shortened_silently(works: Works) -> None:
    works.start("work")
    change_day(works, date(2023, 10, 14), working=True)
    with works.database.reading() as session:
        found = deadlines.preview(session)
    assert [(each.rule, each.shortens) for each in found] == [("reply", True)]
    assert apply(works) == 0
    assert works.timers()["late"] == "2023-10-17 00:00:00"
    assert apply(works, shorten=True) == 1
    assert works.timers()["late"] == "2023-10-15 00:00:00"


def test_unpublished_year_is_provisional_until_it_is_known(works: Works) -> None:
    works.at("2030-12-30 09:00:00")
    works.start("work")
    assert all(row.provisional for row in rows(works).values())
    with works.database.transaction() as session:
        for year in (2030, 2031):
            calendar.publish_year(session, year, source="虚构安排")
        calendar.set_day(session, date(2031, 1, 1), working=False, note="元旦", source="虚构安排")
    apply(works)
    assert not any(row.provisional for row in rows(works).values())


def change_day(works: Works, day: date, *, working: bool) -> None:
    with works.database.transaction() as session:
        calendar.set_day(session, day, working=working, note="调休", source="虚构安排")


def apply(works: Works, *, shorten: bool = False) -> int:
    with works.database.transaction() as session:
        return deadlines.apply(session, deadlines.preview(session), why="调休", by=3, shorten=shorten)
