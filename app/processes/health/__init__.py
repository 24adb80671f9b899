"""运行状况: a lamp for each thing that may go wrong, with words and what to do.

Some thirty statements, however much there is: what is counted is counted as far as MANY. A part that cannot be asked is
a lamp of its own.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.config import Settings
from app.db import Database
from app.processes.health import house, work
from app.processes.health.lamps import BAD, Lamp

__all__ = ["Lamp", "Report", "report"]
log = structlog.get_logger()


@dataclass(frozen=True)
class Report:
    """All lamps; `state` is that of the worst."""

    lamps: list[Lamp]

    @property
    def state(self) -> str:
        return next((state for state in ("bad", "warn") if any(each.state == state for each in self.lamps)), "ok")


def report(database: Database, settings: Settings) -> Report:
    """Each part in a look of its own: one that fails darkens no other."""
    found: list[Lamp] = []
    for part in (*work.PARTS, *house.PARTS):
        found += _looked(database, settings, part)
    return Report(found)


def _looked(database: Database, settings: Settings, part: Callable[..., Iterable[Lamp]]) -> list[Lamp]:
    try:
        with database.reading() as session:
            return list(part(session, settings))
    except (SQLAlchemyError, OSError) as error:
        log.exception("health", part=part.__name__)
        return [Lamp(part.__name__, "无法查询", BAD, type(error).__name__, "请查看运行日志中的错误。")]
