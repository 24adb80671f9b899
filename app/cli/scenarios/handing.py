"""Scenario steps by which holders ask others about their tasks and managers step in; and who holds what."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.scenarios import people
from app.cli.scenarios.case import Step
from app.cli.scenarios.player import Failed, Player
from app.domain import task_requests
from app.domain.task_requests import LIVE
from app.models.process import ProcessInstance, Task
from app.models.request import TaskCopy, TaskRequest
from app.processes import (
    copies,
    delegations,
    moves,
    reassigning,
    signers,
    signing,
    suspensions,
    terminations,
    transfers,
    urging,
    withdrawals,
)

Finding = tuple[str, Any, Any]
REASON = "情景中的原因"
WORDS = {"yes": True, "no": False}


def _one(player: Player, session: Session, name: str) -> int:
    return people.person(session, player.account(name)).id


def _reason(step: Step) -> str:
    return str(step.argument.get("reason", REASON))


def transfer(player: Player, step: Step) -> None:
    """`transfer: {task: element, to: account, reason}`: 转办."""
    with player.database.transaction() as session:
        task, actor = player.task_of(session, step, str(step.argument["task"]))
        to = _one(player, session, step.argument["to"])
        transfers.transfer(session, task.id, actor, to, reason=_reason(step))


def delegate(player: Player, step: Step) -> None:
    """`delegate: {task: element, to: account, reason}`: 委派."""
    with player.database.transaction() as session:
        task, actor = player.task_of(session, step, str(step.argument["task"]))
        to = _one(player, session, step.argument["to"])
        delegations.delegate(session, task.id, actor, to, reason=_reason(step))


def sign(player: Player, step: Step) -> None:
    """`sign: {task: element, to: [accounts], when: before|after, reason}`: 加签."""
    with player.database.transaction() as session:
        task, actor = player.task_of(session, step, str(step.argument["task"]))
        to = [_one(player, session, each) for each in step.argument["to"]]
        signers.add(session, task.id, actor, to, when=step.argument["when"], reason=_reason(step))


def answer(player: Player, step: Step) -> None:
    """`answer: {task: element, agreed: yes|no, opinion}`: the word of whoever is asked about the task."""
    with player.database.transaction() as session:
        task, actor = player.task_of(session, step, str(step.argument["task"]))
        agreed = WORDS.get(str(step.argument.get("agreed")))
        signing.answer(session, task.id, actor, agreed=agreed, opinion=str(step.argument.get("opinion", "")))


def take_from(player: Player, step: Step) -> None:
    """`take_from: {task: element, person: account}`: 收回 or 减签, by whoever asked (or `as`)."""
    with player.database.transaction() as session:
        asked = TaskRequest.to_person_id == _one(player, session, step.argument["person"])
        live = select(TaskRequest).join(Task, Task.id == TaskRequest.task_id).where(asked, TaskRequest.status.in_(LIVE))
        row = session.scalars(live.where(Task.element_id == step.argument["task"])).first()
        if row is None:
            raise Failed(f"{step}：没有等待其答复")
        withdrawals.withdraw(session, row.id, player.actor(session, step, row.from_person_id))


def send_copy(player: Player, step: Step) -> None:
    """`send_copy: {task: element, to: [accounts], note}`: 抄送."""
    with player.database.transaction() as session:
        task, actor = player.task_of(session, step, str(step.argument["task"]))
        to = [_one(player, session, each) for each in step.argument["to"]]
        copies.send(session, task.id, actor, to, note=str(step.argument.get("note", REASON)))


def read_copy(player: Player, step: Step) -> None:
    """`read_copy: {task: element, person: account}`: somebody who was shown the task opens it."""
    with player.database.transaction() as session:
        task, _ = player.task_of(session, step, str(step.argument["task"]))
        copies.mark_read(session, task.id, _one(player, session, step.argument["person"]))


def urge(player: Player, step: Step) -> None:
    """`urge: label`: the applicant reminds whoever holds the declaration."""
    with player.database.transaction() as session:
        declaration = player.declaration(session, str(step.argument or step.label))
        urging.urge(session, declaration, declaration.person_id)


def reassign(player: Player, step: Step) -> None:
    """`reassign: {task: element, to: account, reason}`: a manager gives the task to somebody else."""
    with player.database.transaction() as session:
        task, _ = player.task_of(session, step, str(step.argument["task"]))
        to, by = _one(player, session, step.argument["to"]), _one(player, session, "manager")
        reassigning.reassign(session, task.id, to_person_id=to, reason=_reason(step), person_id=by)


def move(player: Player, step: Step) -> None:
    """`move: {task: element, to: element, reason}`: a manager moves the token."""
    with player.database.transaction() as session:
        task, _ = player.task_of(session, step, str(step.argument["task"]))
        by = _one(player, session, "manager")
        moves.move(session, task.instance_id, task.id, step.argument["to"], reason=_reason(step), person_id=by)


def _by_manager(act: Callable[..., Any]) -> Callable[[Player, Step], None]:
    def step_in(player: Player, step: Step) -> None:
        with player.database.transaction() as session:
            declaration = player.declaration(session, step.label)
            by = _one(player, session, "manager")
            act(session, declaration.instance_id, reason=str(step.argument or REASON), person_id=by)

    return step_in


ACTIONS = {
    "transfer": transfer,
    "delegate": delegate,
    "sign": sign,
    "answer": answer,
    "take_from": take_from,
    "send_copy": send_copy,
    "read_copy": read_copy,
    "urge": urge,
    "reassign": reassign,
    "move": move,
    "suspend": _by_manager(suspensions.suspend),
    "resume": _by_manager(suspensions.resume),
    "terminate": _by_manager(terminations.terminate),
}


def _holders(player: Player, session: Session, _step: Step, expected: Mapping[str, Any]) -> Iterator[Finding]:
    """`holders: {element: account or role@body}`: in whose hands each open task is; a list where there are several."""
    found: dict[str, list[str]] = {}
    for task in session.scalars(select(Task).where(Task.status == "open").order_by(Task.id)):
        own = people.registry_account(session, task.person_id) if task.person_id is not None else None
        found.setdefault(task.element_id, []).append(own or people.holder(session, task))
    wanted = {key: [said] if isinstance(said, str) else list(said) for key, said in expected.items()}
    named = {key: sorted(player.account(each) for each in said) for key, said in wanted.items()}
    yield "在谁手中", named, {key: sorted(held) for key, held in found.items()}


def _asked(_player: Player, session: Session, _step: Step, expected: Mapping[str, Any]) -> Iterator[Finding]:
    """`asked: {element: [state of each request in order]}`, of the latest task of the element."""
    for element, wanted in expected.items():
        latest = select(Task.id).where(Task.element_id == element).order_by(Task.id.desc()).limit(1)
        task_id = session.scalar(latest) or 0
        yield f"交办 {element}", list(wanted), [each.state for each in task_requests.chain(session, task_id)]


def _unread(_player: Player, session: Session, _step: Step, expected: int) -> Iterator[Finding]:
    """`unread: n`: how many copies nobody has read yet."""
    yield "未读抄送", expected, len(session.scalars(select(TaskCopy.id).where(TaskCopy.read_at.is_(None))).all())


def _instances(_player: Player, session: Session, _step: Step, expected: Mapping[str, str]) -> Iterator[Finding]:
    """`instances: {process: status}`: how the latest instance of a process stands."""
    for process, wanted in expected.items():
        latest = select(ProcessInstance.status).where(ProcessInstance.process_key == process)
        yield f"流程 {process}", wanted, session.scalar(latest.order_by(ProcessInstance.id.desc()).limit(1))


KINDS: dict[str, Callable[..., Iterator[Finding]]] = {
    "holders": _holders,
    "asked": _asked,
    "unread": _unread,
    "instances": _instances,
}
