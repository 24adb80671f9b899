"""A draw's steps from its own page: the open task of the session is completed, or it is said why there is none."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.draws import rounds
from app.domain.reviews import sessions
from app.errors import Conflict
from app.models.process import Task
from app.processes import tasks
from app.processes.tasks import Actor

PROCESS = "expert_draw"
STEPS = ("witness_draw", "commit_draw", "reveal_draw", "draw", "open_sealed", "confirm_draw", "void_draw")


def open_tasks(session: Session, review_id: int) -> dict[str, Task]:
    """Element → the draw's open task of the session, the rules' included."""
    review = sessions.get(session, review_id)
    wanted = select(Task).where(Task.instance_id == review.instance_id, Task.status == "open")
    found = session.scalars(wanted.where(Task.element_id.in_(("draw_rules", "draw_exception", *STEPS))))
    return {task.element_id: task for task in found}


def require_task(session: Session, review_id: int, element: str) -> Task:
    """The open task of a step. Refused, in the printed words, where nobody has witnessed; else Conflict if not due."""
    found = open_tasks(session, review_id).get(element)
    if found is not None:
        return found
    if element not in ("witness_draw", "void_draw"):
        rounds.require_witnessed(rounds.latest(session, review_id))
    raise Conflict("现在不能办理此事项，请刷新页面查看最新情况。")


def act(session: Session, review_id: int, element: str, actor: Actor, values: Mapping[str, Any]) -> Task:
    """Complete the step's open task."""
    return tasks.complete(session, require_task(session, review_id, element).id, actor, values)
