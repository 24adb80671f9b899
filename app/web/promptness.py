"""What a person's act sends is delivered at once, after his answer has gone out, so that he waits for nothing."""

import structlog
from flask import Response, after_this_request

from app.processes.tick import tick
from app.web.session import database

_log = structlog.get_logger()


def deliver_soon() -> None:
    """Tick when the present answer has been sent; the scheduler or a worker would do the same a moment later."""
    db = database()

    def deliver() -> None:
        try:
            tick(db)
        except Exception:
            _log.exception("tick after an answer failed")

    @after_this_request
    def _remember(response: Response) -> Response:
        response.call_on_close(deliver)
        return response
