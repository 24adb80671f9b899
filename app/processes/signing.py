"""加签, the signer's side: his word on a task, which then goes to the next signer, home, or is carried out."""

from sqlalchemy.orm import Session

from app.domain import people, permissions, task_requests
from app.domain.task_requests import AFTER, BEFORE, DELEGATION
from app.errors import NotAllowed, Problem, Refused
from app.models.process import ProcessInstance, Task
from app.models.request import TaskRequest
from app.processes import after, asking, delegations, tasks
from app.processes.actors import Actor
from app.processes.opening import Opened


def answer(session: Session, task_id: int, actor: Actor, *, agreed: bool | None, opinion: str) -> Task:
    """What the person says who is asked about the task: an opinion, or as a signer whether he agrees.

    A refusal, which needs its reason, brings the task home at once. The last signer's agreement to a decision carries
    it out in the name of whoever took it. Raises NotFound, Conflict, NotAllowed, Refused, InvalidForm, DiagramFault.
    """
    task = asking.opened(session, task_id)
    if not permissions.may_answer(session, actor.grants, task):
        raise NotAllowed
    row = asking.open_request(session, task, BEFORE, AFTER, DELEGATION)
    asking.require_another(session, row, actor)
    if row.kind == DELEGATION:
        return delegations.answer(session, task, row, actor, opinion=opinion)
    _require_word(agreed, opinion)
    asking.end(session, row, "done", agreed=agreed, opinion=opinion.strip() or None, answered_by=actor.person_id)
    said = "同意" if agreed else "不同意"
    asking.note(session, task, "signed", actor.person_id, decision=said, reason=opinion.strip())
    following = next(iter(task_requests.live(session, task.id, row.kind)), None)
    if agreed and following is not None:
        asking.turn(session, task, following)
    elif agreed and row.kind == AFTER:
        _carry_out(session, task, row)
    else:
        _home(session, task, row, actor, f"{said}。{opinion.strip()}")
    return task


def _require_word(agreed: bool | None, opinion: str) -> None:
    if agreed is None:
        raise Refused(Problem("missing", "请选择同意或者不同意。", "agreed"))
    if not agreed and not opinion.strip():
        raise Refused(Problem("missing", "不同意的，请填写理由。", "opinion"))


def _home(session: Session, task: Task, row: TaskRequest, actor: Actor, said: str) -> None:
    if row.kind == BEFORE:
        task_requests.close(session, [task.id], BEFORE)
    else:
        after.again(session, task)
    asking.bring_home(session, task, row)
    who = people.get(session, actor.person_id).name
    asking.tell(session, task, asking.home(task, row), delegations.ANSWERED, who=who, answer=said)


def _carry_out(session: Session, task: Task, row: TaskRequest) -> None:
    """The kept decision once more through the form's check, then to the engine, in the name of who took it."""
    instance = session.get_one(ProcessInstance, task.instance_id)
    grants = permissions.grants_of(session, row.from_person_id)
    decider = Actor(row.from_person_id, grants, task.idempotency_key)
    task.request_id = task.after_id = None
    task.person_id = row.home_id
    session.flush()
    held = Opened(task, instance, grants)
    tasks.carry_out(session, held, decider, task.draft or {}, on_behalf_of=row.on_behalf_of)
    who = people.get(session, row.answered_by or row.to_person_id).name
    told = {"who": who, "answer": "同意，您的决定已生效"}
    asking.tell(session, task, [row.home_id], delegations.ANSWERED, **told)
