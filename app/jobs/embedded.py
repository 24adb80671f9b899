"""The embedded way to run the jobs: one thread of this process ticks every second (D30)."""

from collections.abc import Callable

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from app.db import Database
from app.processes.tick import tick

log = structlog.get_logger()


def start(database: Database, seconds: int = 1) -> Callable[[], None]:
    """Begin to tick; returns what stops it. A tick that fails is logged and the next one goes on."""
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        _safely, "interval", [database], seconds=seconds, max_instances=1, coalesce=True, misfire_grace_time=None
    )
    scheduler.start()
    return lambda: scheduler.shutdown(wait=True)


def _safely(database: Database) -> None:
    try:
        tick(database)
    except Exception:
        log.exception("tick failed")
