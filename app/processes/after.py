"""后加签, the holder's side: a decision that is kept until the signers who were added after it have agreed."""

from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.domain import task_requests
from app.domain.task_requests import AFTER
from app.models.process import Task
from app.processes import asking
from app.processes.actors import Actor, absent


def deposit(session: Session, task: Task, actor: Actor, token: str) -> Task:
    """The decision stands in the task's draft, checked; the first signer is asked, in the name of whoever decided."""
    rows = task_requests.live(session, task.id, AFTER)
    home = asking.home_of(task, actor)
    for row in rows:
        row.from_person_id, row.on_behalf_of, row.home_id = actor.person_id, absent(actor.grants, task), home
    task.draft_token, task.idempotency_key = token, actor.key
    asking.note(session, task, "decided", actor.person_id)
    asking.turn(session, task, rows[0])
    return task


def decided_by(session: Session, task: Task) -> int | None:
    """Whose decision waits for a signer now."""
    row = task_requests.get(session, task.request_id) if task.request_id is not None else None
    return row.from_person_id if row is not None and row.kind == AFTER else None


def again(session: Session, task: Task) -> None:
    """A signer refused: what the others signed is void, and all of them are asked anew about the next decision."""
    for row in task_requests.signed(session, task.id, AFTER):
        row.status = "void"
        facts: dict[str, Any] = {
            name: getattr(row, name)
            for name in ("task_id", "declaration_id", "kind", "position", "from_person_id", "on_behalf_of", "home_id")
        }
        facts |= {"to_person_id": row.to_person_id, "reason": row.reason, "asked_at": clock.now(session)}
        session.add(task_requests.planned(**facts))
    session.flush()
    plan(session, task)


def plan(session: Session, task: Task) -> None:
    """Let the task know which signer comes first once it is decided."""
    rows = task_requests.live(session, task.id, AFTER)
    task.after_id = rows[0].id if rows else None
    session.flush()
