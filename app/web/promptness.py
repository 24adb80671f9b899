"""What follows at once from a person's act or look: messages delivered after his answer, 送达 noted before it."""

import structlog
from flask import Response, after_this_request

from app.domain import deliveries
from app.models.process import Task
from app.processes.tick import tick
from app.web.session import database, reading, transaction

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


def note_delivery(person_id: int, way: str) -> None:
    """送达: what was sent to the person is shown to him on this page; writes only where something is new."""
    with reading() as session:
        waiting = deliveries.any_undelivered(session, person_id)
    if waiting:
        with transaction() as session:
            deliveries.deliver(session, person_id, way)


def note_reading(task: Task) -> None:
    """阅读: the applicant opens the task in which he answers a notice; hardly ever is there one to note."""
    with reading() as session:
        paper = deliveries.asked_by(session, task.declaration_id or 0, task.form_key)
    if paper is not None and paper.read_at is None:
        with transaction() as session:
            fresh = deliveries.asked_by(session, task.declaration_id or 0, task.form_key)
            assert fresh is not None
            deliveries.opened(session, fresh)
