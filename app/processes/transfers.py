"""转办: a task goes for good to another holder of its role, in its body or where the step allows it beneath."""

from sqlalchemy.orm import Session

from app import clock
from app.domain import people
from app.domain.permissions import Grants
from app.domain.task_requests import TRANSFER
from app.engine import handing
from app.models.process import Task
from app.processes import asking
from app.processes.actors import Actor
from app.processes.asking import Choice

TEMPLATE = "transferred"


def choices(session: Session, grants: Grants, task: Task) -> list[Choice]:
    """To whom the holder may transfer his open task; nobody where the step does not allow it."""
    allowed = asking.offered(session, grants, task)
    if not allowed & {handing.TRANSFER, handing.BENEATH}:
        return []
    return asking.holders(session, task, grants.person_id, beneath=handing.BENEATH in allowed)


def transfer(session: Session, task_id: int, actor: Actor, to: int, *, reason: str) -> Task:
    """Make the task somebody else's; his draft and the clock go along. Signers who were to be asked after it stay.

    Raises NotFound, Conflict, NotAllowed, Refused (no reason, not one of `choices`).
    """
    task = asking.held(session, task_id, actor, (handing.TRANSFER, handing.BENEATH), "转办")
    choice = asking.chosen(session, task, choices(session, actor.grants, task), to, reason)
    now = clock.now(session)
    row = asking.request(session, task, actor, TRANSFER, choice.person_id, reason, status="done", ended_at=now)
    task.person_id, task.organisation_id = choice.person_id, choice.organisation_id
    session.flush()
    asking.note(session, task, "transferred", actor.person_id, to=choice.name, reason=row.reason)
    who = people.get(session, actor.person_id).name
    asking.tell(session, task, [choice.person_id], TEMPLATE, who=who, reason=row.reason)
    return task
