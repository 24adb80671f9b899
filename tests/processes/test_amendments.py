"""A supplementary notice in force: deadlines computed anew, those at work told, no instance loaded."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from app import clock
from app.domain import people
from app.domain.amendments import Amendment, Changes
from app.models.notification import Notification
from app.models.process import ProcessInstance
from app.processes import amendments
from app.processes.amendments import Outcome
from app.processes.tick import tick
from tests.support.clockwork import APPLICANT, CLERK, Works, multiply, wall

STATEMENTS = 60  # of an amendment, however many cases it reaches


def window(until: str) -> dict[str, dict[str, object]]:
    return {"check_window": {"value": {"from": "2023-10-01", "to": until}, "clause": "虚构补 §一"}}


def amend(
    works: Works, until: str, *, effective: datetime | None = None, shorten: bool = False, keep_old: str = "nobody"
) -> Outcome:
    with works.database.transaction() as session:
        amendment = Amendment(
            "虚构补〔2023〕1号", "虚构依据", "延长审核时间", Changes(parameters=window(until)), effective, keep_old
        )
        return amendments.amend(session, "made_up", amendment, by=None, shorten=shorten)


def test_longer_window_moves_timers_by_sql_alone(works: Works) -> None:
    for _ in range(3):
        works.start("closing")
    seen: list[str] = []
    event.listen(works.database.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    outcome = amend(works, "2023-11-15")
    assert (outcome.amended.moved, len(outcome.changes), outcome.left) == (3, 3, [])
    assert {row["closes"] for row in [works.timers()]} == {"2023-11-16 00:00:00"}
    assert [text for text in seen if "process_instance.state" in text] == []
    assert len([text for text in seen if text.startswith("UPDATE process_instance")]) == 1
    assert {row.notice_version_id for row in works.all(ProcessInstance)} == {outcome.amended.version.id}


def test_five_thousand_cases_are_repinned_without_loading_one(works: Works) -> None:
    works.start("closing")
    with works.database.transaction() as session:
        multiply(session, 5000)
    seen: list[str] = []
    event.listen(works.database.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    outcome = amend(works, "2023-11-15")
    assert (outcome.amended.moved, len(outcome.changes), outcome.left) == (5000, 5000, [])
    assert [text for text in seen if "process_instance.state" in text] == []
    assert len(seen) < STATEMENTS
    assert {row.notice_version_id for row in works.all(ProcessInstance)} == {outcome.amended.version.id}
    assert {wall(row.due_at) for row in works.waking()} == {"2023-11-16 00:00:00"}


def test_extended_timer_fires_at_the_new_end_only(works: Works) -> None:
    works.start("closing")
    amend(works, "2023-11-15")
    works.at("2023-11-01 00:00:00")
    tick(works.database)
    assert works.open() == []
    works.at("2023-11-16 00:00:00")
    tick(works.database)
    assert works.open() == ["after"]


def test_shorter_window_is_left_unless_said_so(works: Works) -> None:
    works.start("closing")
    outcome = amend(works, "2023-10-20")
    assert (outcome.changes, [change.rule for change in outcome.left]) == ([], ["closing"])
    assert works.timers() == {"closes": "2023-11-01 00:00:00"}


def test_shorter_window_is_applied_when_said_so(works: Works) -> None:
    works.start("closing")
    outcome = amend(works, "2023-10-20", shorten=True)
    assert [wall(change.after) for change in outcome.changes] == ["2023-10-21 00:00:00"]
    assert works.timers() == {"closes": "2023-10-21 00:00:00"}


def test_applicant_and_those_at_work_are_told_once(works: Works) -> None:
    works.start("closing")
    works.start("asks")
    outcome = amend(works, "2023-11-15")
    with works.database.reading() as session:
        wanted = [people.by_account(session, account) for account in (APPLICANT, CLERK)]
        rows = session.scalars(select(Notification).where(Notification.template == "window_changed")).all()
        told = sorted(row.person_id for row in rows)
    assert told == sorted(person.id for person in wanted if person)
    assert sorted(outcome.told) == told
    assert all("虚构依据" in row.body and "11月15日" in row.body for row in rows)


def test_amendment_that_takes_effect_later_moves_nobody_before(works: Works) -> None:
    works.start("closing")
    with works.database.reading() as session:
        effective = clock.now(session) + timedelta(days=2)
    outcome = amend(works, "2023-11-15", effective=effective)
    assert (outcome.changes, works.timers()) == ([], {"closes": "2023-11-01 00:00:00"})
    assert tick(works.database) == 0
    works.at("2023-10-11 09:00:00")
    assert tick(works.database) == 1
    assert works.timers() == {"closes": "2023-11-16 00:00:00"}
    assert tick(works.database) == 0


@pytest.mark.parametrize(("keep_old", "until"), [("started", "2023-11-01 00:00:00"), ("nobody", "2023-11-16 00:00:00")])
def test_who_keeps_the_old_rules_keeps_the_old_end(works: Works, keep_old: str, until: str) -> None:
    works.start("closing")
    works.at("2023-10-10 09:00:00")
    amend(works, "2023-11-15", keep_old=keep_old)
    assert works.timers() == {"closes": until}
