"""One tick: everything that is due, in order, whatever one row does."""

import pytest
from sqlalchemy import event

from app.domain import messages as letters
from app.processes import tick as ticking
from app.processes.tick import tick
from tests.support.clockwork import Works


def test_idle_tick_writes_nothing(works: Works) -> None:
    works.start("work")
    seen: list[str] = []
    event.listen(works.database.engine, "before_cursor_execute", lambda *call: seen.append(call[2].split()[0]))
    assert tick(works.database) == 0
    assert set(seen) <= {"SELECT", "BEGIN"}


def test_tick_goes_on_until_nothing_is_due(works: Works) -> None:
    """A start message, whose process takes an early message, and a timer: all in one tick."""
    with works.database.transaction() as session:
        letters.post_start(session, "ticks", notice_version_id=works.version_id)
        letters.post_start(session, "work", notice_version_id=works.version_id, declaration_id=works.declaration_id)
    assert tick(works.database) == 2
    works.at("2023-10-12 00:00:00")
    assert tick(works.database) == 1, "the faulty one does not count"
    assert works.open() == ["do", "told"]
    assert works.incidents() == [("share", "open")]


def test_after_a_standstill_everything_missed_happens_at_once(works: Works) -> None:
    for _ in range(3):
        works.start("work")
    works.at("2023-12-01 09:00:00")
    tick(works.database)
    assert works.open() == ["overdue", "overdue", "overdue", "told", "told", "told"]
    assert works.timers() == {}


def test_more_than_a_batch_is_done_in_one_tick(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticking.messages, "BATCH", 2)
    with works.database.transaction() as session:
        for _ in range(5):
            letters.post_start(session, "asks", notice_version_id=works.version_id)
    assert tick(works.database) == 5
    assert works.open() == ["first"] * 5
