"""加签: the holder adds signers before or after his decision; they are asked one after the other."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.domain import task_requests
from app.domain.permissions import Grants
from app.domain.task_requests import AFTER, BEFORE
from app.engine import handing
from app.errors import Problem, Refused
from app.models.process import Task
from app.processes import after, asking
from app.processes.actors import Actor
from app.processes.asking import Choice


def choices(session: Session, grants: Grants, task: Task) -> list[Choice]:
    """Whom the holder may add; nobody where the step does not allow it."""
    if handing.SIGN not in asking.offered(session, grants, task):
        return []
    return among(session, task, asking.colleagues(session, task, grants.person_id))


def among(session: Session, task: Task, colleagues: Sequence[Choice]) -> list[Choice]:
    """Those who are not added already."""
    added = {row.to_person_id for row in task_requests.live(session, task.id)}
    return [each for each in colleagues if each.person_id not in added]


def add(session: Session, task_id: int, actor: Actor, to: Sequence[int], *, when: str, reason: str) -> Task:
    """Ask these people, in this order, to sign before the holder decides (`before`) or after it (`after`).

    Before: the task is in their hands at once. After: it stays with its holder until he has decided. Raises NotFound,
    Conflict, NotAllowed, Refused.
    """
    task = asking.held(session, task_id, actor, (handing.SIGN,), "加签")
    if when not in (BEFORE, AFTER):
        raise Refused(Problem("when", "请选择在您办理之前还是之后加签。", "when"))
    if len(set(to)) != len(to):
        raise Refused(Problem("to", "同一人只能加签一次，请核对人员。", "to"))
    offered = choices(session, actor.grants, task)
    chosen = [asking.chosen(session, task, offered, each, reason) for each in to or [0]]
    last = max((row.position for row in task_requests.live(session, task.id, when)), default=0)
    home = asking.home_of(task, actor)
    rows = [
        asking.request(session, task, actor, when, each.person_id, reason, status="planned", position=last + number)
        for number, each in enumerate(chosen, 1)
    ]
    names = "、".join(each.name for each in chosen)
    verb = task_requests.KINDS[when]
    asking.note(session, task, "sign_asked", actor.person_id, to=names, verb=f"（{verb}）", reason=reason.strip())
    if when == BEFORE:
        asking.turn(session, task, rows[0])
    else:
        task.person_id = home
        after.plan(session, task)
    return task
