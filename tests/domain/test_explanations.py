"""Why a date is what it is: rule, start, skipped days, clause, holds, what moved it; on a real deadline row."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import calendar, deadlines, explanations
from app.domain.explanations import Explanation
from app.models.process import Deadline, ProcessInstance
from tests.support import desk

Freeze = Callable[[Session, str], Any]


@pytest.fixture
def world(database: Database, freeze: Freeze) -> Database:
    with database.transaction() as session:
        freeze(session, "2023-09-27 09:00:00")
        desk.arrive(session, desk.open_desk(session, stopped_by=["dispute"]))
    return database


def explained(session: Session) -> Explanation:
    row = session.scalars(select(Deadline)).one()
    return explanations.explain(session, row, session.get_one(ProcessInstance, row.instance_id))


def test_rest_days_on_the_way_are_named(world: Database) -> None:
    with world.reading() as session:
        said = explained(session)
    rest = "、".join(["9月29日（中秋）", *(f"{day}（国庆节）" for day in DAYS)])
    assert said == Explanation(
        meaning="单位审核期限",
        due="2023年10月10日24时",
        rule="起算次日开始计算，共5个工作日",
        start="2023年9月27日起算",
        skipped=f"其间{rest}不计",
        clause="N2 §四; R-120",
        holds=(),
        changes=(),
        provisional=False,
    )


def test_hold_is_told_while_it_stands_and_after(world: Database, freeze: Freeze) -> None:
    with world.transaction() as session:
        freeze(session, "2023-10-08 10:00:00")
        deadlines.hold(session, 1, "dispute")
        standing = explained(session)
    with world.transaction() as session:
        freeze(session, "2023-10-09 11:00:00")
        deadlines.release(session, 1, "dispute")
        over = explained(session)
    assert (standing.due, standing.holds) == ("", ("2023年10月8日10:00起计时暂停：争议核实",))
    assert standing.changes == ("2023年10月8日10:00由2023年10月10日24时调整为暂停",)
    assert over.due == "2023年10月11日24时"
    assert over.holds == ("2023年10月8日10:00至2023年10月9日11:00计时暂停：争议核实",)
    assert over.changes[-1] == "2023年10月9日11:00由暂停调整为2023年10月11日24时"


def test_changed_calendar_is_told_with_its_reason(world: Database) -> None:
    with world.transaction() as session:
        last = explanations.local(session.scalars(select(Deadline.due_at)).one()).date()
        day = last.replace(day=last.day - 1)
        calendar.set_day(session, day, working=False, note="停电", source="测试")
        deadlines.apply(session, deadlines.preview(session), why="日历调整", by=None)
        said = explained(session)
    assert said.changes == ("2023年9月27日09:00由2023年10月10日24时调整为2023年10月11日24时（日历调整）",)
    assert said.skipped.endswith("10月10日（停电）不计")


DAYS = ("9月30日", "10月1日", "10月2日", "10月3日", "10月4日", "10月5日", "10月6日")
