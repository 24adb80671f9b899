"""委派: a colleague gives his opinion on a task, which comes back to its holder, who alone decides."""

from sqlalchemy.orm import Session

from app.domain import people
from app.domain.permissions import Grants
from app.domain.task_requests import DELEGATION
from app.engine import handing
from app.errors import Problem, Refused
from app.models.process import Task
from app.models.request import TaskRequest
from app.processes import asking
from app.processes.actors import Actor
from app.processes.asking import Choice

ASKED, ANSWERED = "delegated", "request_answered"


def choices(session: Session, grants: Grants, task: Task) -> list[Choice]:
    """Whom the holder may ask for an opinion; nobody where the step does not allow it."""
    allowed = asking.offered(session, grants, task)
    return asking.colleagues(session, task, grants.person_id) if handing.DELEGATE in allowed else []


def delegate(session: Session, task_id: int, actor: Actor, to: int, *, reason: str) -> Task:
    """Put the task into a colleague's hands until he has answered. Raises NotFound, Conflict, NotAllowed, Refused."""
    task = asking.held(session, task_id, actor, (handing.DELEGATE,), "委派")
    choice = asking.chosen(session, task, choices(session, actor.grants, task), to, reason)
    row = asking.request(session, task, actor, DELEGATION, choice.person_id, reason)
    asking.hand(session, task, row)
    asking.note(session, task, "delegated", actor.person_id, to=choice.name, reason=row.reason)
    who = people.get(session, actor.person_id).name
    asking.tell(session, task, [choice.person_id], ASKED, who=who, reason=row.reason)
    return task


def answer(session: Session, task: Task, row: TaskRequest, actor: Actor, *, opinion: str) -> Task:
    """Give the opinion one was asked for; the task is its holder's again. Refused without words."""
    if not opinion.strip():
        raise Refused(Problem("missing", "请填写意见。", "opinion"))
    asking.end(session, row, "done", opinion=opinion.strip(), answered_by=actor.person_id)
    asking.bring_home(session, task, row)
    asking.note(session, task, "delegation_answered", actor.person_id, reason=row.opinion)
    who = people.get(session, actor.person_id).name
    asking.tell(session, task, asking.home(task, row), ANSWERED, who=who, answer=row.opinion)
    return task
