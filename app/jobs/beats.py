"""Each job tells the database now and then that it still goes round, and when it failed: 运行状况 reads that."""

import time
from collections.abc import Callable

import structlog
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.models.beat import JobBeat

log = structlog.get_logger()
EVERY = 60.0  # seconds between two notes that a job goes well


class Beats:
    """Notes of the jobs of one process; several processes write the same rows."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: dict[str, float] = {}

    def watched(self, work: Callable[[], object], name: str) -> Callable[[], None]:
        """`work` as a job: a failed round is logged and noted, and the next one goes on."""

        def run() -> None:
            try:
                work()
            except Exception as error:
                log.exception(f"{name} failed")
                self._quietly(name, f"{type(error).__name__}: {error}"[:500])
            else:
                if time.monotonic() - self._noted.get(name, -EVERY) >= EVERY:
                    self._noted[name] = time.monotonic()
                    self._quietly(name, None)

        return run

    def _quietly(self, name: str, error: str | None) -> None:
        """A note that cannot be written must not stop the job."""
        try:
            self._database.run(lambda session: _note(session, name, error))
        except Exception:
            log.exception("beat not noted", job=name)


def _note(session: Session, name: str, error: str | None) -> None:
    row = session.get(JobBeat, name, with_for_update=True)
    if row is None:
        row = JobBeat(name=name)
        session.add(row)
    now = clock.real(session)
    if error is None:
        row.done_at = now
    else:
        row.failed_at, row.error = now, error
