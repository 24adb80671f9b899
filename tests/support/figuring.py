"""Figures in tests that run beside others on one PostgreSQL server."""

import time

from sqlalchemy import func, select

from app.db import Database
from app.models.figures import FigureMark
from app.models.process import Event
from app.processes import figures

PATIENCE = 20.0  # seconds


def count_all(database: Database) -> None:
    """Count what stands, and every event: a transaction of another test may hold events back for a moment."""
    until = time.monotonic() + PATIENCE
    while True:
        figures.refresh(database, at_once=True)
        with database.reading() as session:
            mark, last = session.get(FigureMark, 1), session.scalar(select(func.max(Event.id))) or 0
        if mark is not None and mark.event_id >= last:
            return
        assert time.monotonic() < until, (mark and mark.event_id, last)
        time.sleep(0.02)
