"""The embedded way to run the jobs: threads of this process tick every second, carry letters, count figures (D30)."""

from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler

from app.config import Settings
from app.db import Database
from app.jobs.beats import Beats
from app.jobs.counting import count
from app.jobs.delivery import deliver
from app.jobs.reminding import Reminding
from app.jobs.upkeep import tidy
from app.jobs.ways import carriers
from app.processes.tick import tick

SELDOM = 3600  # rounds between two of what is not urgent


def start(database: Database, settings: Settings | None = None, seconds: int = 1) -> Callable[[], None]:
    """Begin to work; returns what stops it. A round that fails is logged and the next one goes on.

    Letters go in a thread of their own: a slow mail server must not keep a deadline waiting. Without settings they are
    written to the log.
    """
    scheduler = BackgroundScheduler(timezone="UTC")
    watched = Beats(database).watched
    known, site = carriers(settings), settings.site if settings else ""
    login_log_days = settings.login_log_days if settings else Settings.login_log_days
    often = {"trigger": "interval", "max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    scheduler.add_job(watched(lambda: tick(database), "tick"), seconds=seconds, **often)
    scheduler.add_job(watched(lambda: deliver(database, known, site), "delivery"), seconds=3 * seconds, **often)
    scheduler.add_job(watched(Reminding(database), "reminders"), seconds=5 * seconds, **often)
    scheduler.add_job(watched(lambda: count(database), "figures"), seconds=5 * seconds, **often)
    scheduler.add_job(watched(lambda: tidy(database, login_log_days), "upkeep"), seconds=SELDOM * seconds, **often)
    scheduler.start()
    return lambda: scheduler.shutdown(wait=True)
