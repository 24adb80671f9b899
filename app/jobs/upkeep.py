"""What has to be tidied now and then: merged bodies hold no task, the login log lets go of what is old enough."""

import structlog

from app.db import Database
from app.domain import login_log
from app.domain.restructuring import merging

log = structlog.get_logger()


def tidy(database: Database, login_log_days: int) -> None:
    with database.transaction() as session:
        merging.catch_up(session)
    with database.reading() as session:
        if not login_log.any_old(session, login_log_days):
            return
    with database.transaction() as session:
        gone = login_log.forget(session, login_log_days)
    log.info("login log tidied", gone=gone, days=login_log_days)
