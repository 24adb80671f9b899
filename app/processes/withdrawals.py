"""收回 and 减签: whoever asked takes back what is not answered; and what becomes of it where the task goes away."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.domain import people, task_requests
from app.domain.permissions import Grants
from app.domain.task_requests import LIVE
from app.errors import Conflict, NotAllowed, NotFound
from app.models.process import Task
from app.models.request import TaskRequest
from app.processes import after, asking
from app.processes.actors import Actor

ANSWERED_ALREADY = "对方已经答复，不能再收回。"
TEMPLATE = "request_over"


def may_withdraw(grants: Grants, row: TaskRequest) -> bool:
    """Whoever asked, and for whom he did; also who stands in for that one now."""
    mine = {grants.person_id, *(each.on_behalf_of for each in grants.held)}
    return row.status in LIVE and bool(mine & {row.from_person_id, row.on_behalf_of or row.from_person_id})


def withdraw(session: Session, request_id: int, actor: Actor) -> Task:
    """Take back a request that is not answered; the task goes to the next signer, or home.

    Raises NotFound, NotAllowed, Conflict.
    """
    found = task_requests.get(session, request_id)
    if found is None:
        raise NotFound
    task = asking.opened(session, found.task_id)
    row = task_requests.get(session, request_id)
    if row is None or row.status not in LIVE:
        raise Conflict(ANSWERED_ALREADY)
    if not may_withdraw(actor.grants, row):
        raise NotAllowed
    was_open = row.status == "open"
    asking.end(session, row, "withdrawn")
    following = next(iter(task_requests.live(session, task.id, row.kind)), None)
    if was_open and following is not None:
        asking.turn(session, task, following)
    elif was_open:
        asking.bring_home(session, task, row)
    after.plan(session, task)
    to = people.get(session, row.to_person_id).name
    asking.note(session, task, "request_withdrawn", actor.person_id, to=to, verb=task_requests.KINDS[row.kind])
    _tell(session, task, [row] if was_open else [], "已收回")
    return task


def drop(session: Session, task: Task, why: str) -> None:
    """The task goes to somebody else: nobody is asked about it any more. The caller says whose it is now."""
    _tell(session, task, task_requests.release(session, task), why)


def _tell(session: Session, task: Task, rows: Iterable[TaskRequest], why: str) -> None:
    for row in rows:
        asking.tell(session, task, [row.to_person_id], TEMPLATE, verb=task_requests.KINDS[row.kind], why=why)
