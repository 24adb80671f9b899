"""Reminders of deadlines, looked for once a minute of the product's own clock."""

from datetime import datetime

import structlog

from app import clock
from app.db import Database
from app.errors import Conflict
from app.processes import due_reminders

log = structlog.get_logger()


class Reminding:
    """Made once by whoever runs the jobs, called in every round."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looked: datetime | None = None

    def __call__(self) -> None:
        with self._database.reading() as session:
            minute = clock.now(session).replace(second=0, microsecond=0)
        if minute == self._looked:
            return
        self._looked = minute
        try:
            due_reminders.remind(self._database)
        except Conflict:  # another worker was at the same tasks; what is left comes with the next minute
            log.info("reminders left to another worker")
