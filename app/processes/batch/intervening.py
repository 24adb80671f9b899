"""批量挂起、恢复、终止: each as it would be by itself, with its own event, its own clocks, its own people told."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import notifications, suspended
from app.models.batch_action import BatchAction, BatchItem
from app.models.declaration import Declaration
from app.models.process import ProcessInstance
from app.processes import suspensions, terminations
from app.processes.batch import actions
from app.processes.batch.actions import MANAGERS, Action, Reasons

Look = Callable[[ProcessInstance, Declaration | None], str]  # why one would come to nothing; empty where it would not

NOT_SUSPENDED = "本件没有暂停办理，无须恢复。"
DEPENDED_ON = "须办出结果，不能单独终止；需要终止申报的，请终止该申报本身。"


def _action(code: str, label: str, service: Callable[..., Any], told: str, look: Look) -> Action:
    def why_not(session: Session, _batch: BatchAction, items: Sequence[BatchItem]) -> Reasons:
        ids = {each.instance_id for each in items}
        own = Declaration.instance_id == ProcessInstance.id
        rows = session.execute(
            select(ProcessInstance, Declaration).outerjoin(Declaration, own).where(ProcessInstance.id.in_(ids))
        )
        found = {instance.id: look(instance, declaration) for instance, declaration in rows}
        return {each.id: said for each in items if (said := found.get(each.instance_id or 0, ""))}

    def act(session: Session, batch: BatchAction, item: BatchItem) -> None:
        service(session, item.instance_id, reason=batch.reason, person_id=batch.person_id)

    def says(session: Session, _batch: BatchAction) -> str:
        facts = {"what": "…", "reason": "…"}
        _, body = notifications.worded(session, told, facts, None)
        return f"申报人和各件当前的办理人员将收到：{body}"

    return Action(code, label, MANAGERS, actions.instances, why_not, actions.at_once(act), says)


def _cannot_suspend(instance: ProcessInstance, _declaration: Declaration | None) -> str:
    return suspended.words(instance)


def _cannot_resume(instance: ProcessInstance, _declaration: Declaration | None) -> str:
    return "" if instance.status == suspended.STATUS else NOT_SUSPENDED


def _cannot_terminate(instance: ProcessInstance, declaration: Declaration | None) -> str:
    return "" if terminations.may_be_terminated(instance, declaration) else DEPENDED_ON


SUSPEND = _action("suspend", "挂起", suspensions.suspend, "suspended", _cannot_suspend)
RESUME = _action("resume", "恢复办理", suspensions.resume, "resumed", _cannot_resume)
TERMINATE = _action("terminate", "终止", terminations.terminate, "terminated", _cannot_terminate)
