"""The job that keeps the figures: counts what is new of the past, and now and then what stands; all of it anew."""

import time
from typing import Any

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.models.figures import FigureMark, StandingFigure
from app.models.process import Event
from app.processes.figures import counting, snapshot
from app.processes.figures.counting import Step

SECONDS = 60  # after which what stands is counted again though nothing happened: time makes tasks overdue
SHARE = 20  # counting what stands may take one part in so many of the time
OPEN_AND_OWN = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text, pg_current_xact_id()::text"


def refresh(database: Database, *, at_once: bool = False) -> int:
    """Bring the figures up to date; returns how many events were counted. `at_once`: what stands too, without delay."""
    counted, began = _past(database), time.perf_counter()
    with database.reading() as session:
        found = _standing(session) if at_once or _standing_due(session) else None
    if found is not None:
        with database.transaction() as session:
            _keep(session, *found, began)
    return counted


def rebuild(database: Database) -> None:
    """Forget every figure and count all anew, a part at a time."""
    with database.transaction() as session:
        for table in counting.FIGURES:
            session.execute(delete(table))
        mark = _mark(session)
        mark.event_id = mark.next_id = mark.horizon = 0
    step = Step(0, more=True)
    while step.more:
        with database.transaction() as session:
            step = counting.tasks(session, step.last)
    with database.transaction() as session:
        _mark(session)  # nobody counts meanwhile
        counting.add_up(session)
    refresh(database, at_once=True)


def _past(database: Database) -> int:
    """A part at a time, so that nobody waits long for a writer."""
    counted = 0
    while True:
        with database.reading() as session:
            if not _anything(session):
                return counted
        with database.transaction() as session:
            last = _last_event(session)  # read before the mark is taken: see `_safe_end`
            mark = _mark(session)
            before, announced = mark.event_id, mark.next_id
            upto = _safe_end(session, mark, last)
            mark.event_id = counting.events(session, before, upto).last if upto > before else before
            went_on = mark.event_id > before or mark.next_id > announced
            counted += mark.event_id - before
        if not went_on:
            return counted


def _anything(session: Session) -> bool:
    mark = session.get(FigureMark, 1)
    return _last_event(session) > (mark.event_id if mark else 0)


def _last_event(session: Session) -> int:
    return session.scalar(select(func.max(Event.id))) or 0


def _safe_end(session: Session, mark: FigureMark, last: int) -> int:
    """The event up to which all are there. Where writers work side by side a smaller number may still come.

    Whoever draws an event's number has written before, and so has a transaction number. `horizon` is ours, drawn after
    `last` was read: once all transactions up to it are over, no event up to `last` can come any more.
    """
    if session.get_bind().dialect.name == "sqlite":
        return last
    oldest, own = map(int, session.execute(text(OPEN_AND_OWN)).one())
    if mark.next_id > mark.event_id:
        return mark.next_id if oldest > mark.horizon else mark.event_id
    mark.next_id, mark.horizon = last, own
    return mark.event_id


def _mark(session: Session) -> FigureMark:
    """The one row, held until the transaction ends: two counters never count the same."""
    found = session.get(FigureMark, 1, with_for_update=True)
    if found is None:
        found = FigureMark(id=1, event_id=0, next_id=0, horizon=0, standing_event_id=0, standing_cost_ms=0)
        session.add(found)
        session.flush()
    return found


def _standing_due(session: Session) -> bool:
    """Something happened, or a minute is over; never so often that counting would take the machine's time."""
    mark = session.get(FigureMark, 1)
    if mark is None or mark.standing_at is None:
        return True
    waited = (clock.now(session) - mark.standing_at).total_seconds()
    news = _last_event(session) != mark.standing_event_id
    rested = waited * 1000 >= SHARE * mark.standing_cost_ms or waited < 0
    return rested and (news or waited >= SECONDS or waited < 0)


def _standing(session: Session) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the mark says of the counting, and the rows; read without a writer's turn."""
    event_id, now = _last_event(session), clock.now(session)
    return {"standing_at": now, "standing_event_id": event_id}, snapshot.taken(session)


def _keep(session: Session, said: dict[str, Any], rows: list[dict[str, Any]], began: float) -> None:
    mark = _mark(session)
    for key, value in said.items():
        setattr(mark, key, value)
    session.execute(delete(StandingFigure))
    if rows:
        session.execute(insert(StandingFigure), rows)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE standing_figure"))  # all of it is new: what the planner knows is of rows gone
    mark.standing_cost_ms = round(1000 * (time.perf_counter() - began))
