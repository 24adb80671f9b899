"""A year's arrangement published under five thousand open deadlines: firm at once, and no instance loaded."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.domain import deadlines, shortenings, year_arrangement
from app.errors import Refused
from app.models.process import Deadline
from app.processes import effects
from app.processes.effects import DayChange, YearChange
from tests.support.clockwork import Works, multiply, wall
from tests.support.website import statements

CASES, STATEMENTS = 5000, 40
ARRANGED = YearChange(2027, "虚构放假通知", year_arrangement.read(2027, "元旦：1月1日至3日放假。"))
MADE_UP = DayChange(date(2027, 1, 2), True, "调休上班", "虚构补充通知")


def change(session: Session, what: DayChange | YearChange) -> tuple[int, int]:
    changes = effects.change_calendar(session, what)
    assert len(effects.described(session, changes)) == len(changes)
    return shortenings.apply_calendar(session, changes, why=effects.words(what), by=None)


@contextmanager
def few_statements(works: Works) -> Iterator[None]:
    with statements(works.database) as sent:
        yield
    assert len(sent) < STATEMENTS
    assert [text for text in sent if "process_instance.state" in text] == []


def due(works: Works) -> set[str | None]:
    """When deadlines, timers among them, fall due."""
    return {wall(row.due_at) for row in works.all(Deadline)}


def test_five_thousand_provisional_deadlines_turn_firm_and_none_is_shortened_unasked(works: Works) -> None:
    works.at("2026-12-30 09:00:00")
    works.start("ticks")
    with works.database.transaction() as session:
        multiply(session, CASES)
    assert due(works) == {"2027-01-02 00:00:00"}
    assert {row.provisional for row in works.all(Deadline)} == {True}
    with few_statements(works), works.database.transaction() as session:
        assert change(session, ARRANGED) == (CASES, 0)
    assert due(works) == {"2027-01-05 00:00:00"}
    assert {row.provisional for row in works.all(Deadline)} == {False}
    with few_statements(works), works.database.transaction() as session:
        assert change(session, MADE_UP) == (0, CASES)
        assert len(shortenings.waiting(session)) == CASES
    assert due(works) == {"2027-01-05 00:00:00"}
    with works.database.transaction() as session, pytest.raises(Refused, match="请填写理由"):
        shortenings.approve(session, {1}, reason=" ", by=1)
    first = works.all(Deadline)[0].id
    with few_statements(works), works.database.transaction() as session:
        assert shortenings.keep(session, {first}, reason="已经公告", by=1) == 1
        others = {row.deadline_id for row in shortenings.waiting(session)}
        assert shortenings.approve(session, others, reason="市局同意", by=1) == CASES - 1
        assert shortenings.waiting(session) == []
    assert due(works) == {"2027-01-03 00:00:00", "2027-01-05 00:00:00"}
    kept = next(row for row in works.all(Deadline) if row.id == first)
    assert kept.history[-1]["why"] == "维持原定日期（已经公告）"


def test_a_clock_that_stood_still_meanwhile_ends_no_earlier_than_announced(works: Works) -> None:
    works.at("2026-12-30 09:00:00")
    works.start("ticks")
    with works.database.transaction() as session:
        change(session, ARRANGED)
        assert change(session, MADE_UP) == (0, 1)
    for _ in range(2):  # the second time nothing but the hold has happened since
        with works.database.transaction() as session:
            assert deadlines.hold_those(session, Deadline.closed_at.is_(None), "by_hand:查证") == 1
            assert shortenings.waiting(session) == []
        assert due(works) == {None}
        with works.database.transaction() as session:
            assert deadlines.release_those(session, Deadline.closed_at.is_(None), "by_hand:查证") == 1
            waits = [(wall(each.before), wall(each.after)) for each in shortenings.waiting(session)]
        assert waits == [("2027-01-05 00:00:00", "2027-01-03 00:00:00")]
        assert due(works) == {"2027-01-05 00:00:00"}
