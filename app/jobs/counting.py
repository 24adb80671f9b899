"""Figures brought up to date, and whoever set a threshold on them told once when it is crossed."""

from app.db import Database
from app.processes import figures
from app.processes.season import alerts


def count(database: Database) -> None:
    figures.refresh(database)
    alerts.check(database)
