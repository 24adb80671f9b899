"""已暂停: what the row of a suspended instance says, for whoever may not go on with it and for lists."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, select
from sqlalchemy.orm import Session

from app.domain.wording import moment_words
from app.errors import Problem, Refused, Suspended
from app.models.process import ProcessInstance

STATUS = "suspended"
COLUMNS = (ProcessInstance.suspended_at, ProcessInstance.suspended_reason)  # for lists, as `said` takes them


def words(instance: ProcessInstance) -> str:
    """Since when and why, as a sentence; empty for an instance that is not suspended."""
    return said(instance.suspended_at, instance.suspended_reason)


def said(at: datetime | None, reason: str | None) -> str:
    """`words` from the row's columns."""
    return f"本件自{moment_words(at)}起暂停办理，原因：{reason}。" if at is not None else ""


def of_instances(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Instance id → its words, of those that are suspended; one statement."""
    wanted = select(ProcessInstance.id, *COLUMNS).where(ProcessInstance.id.in_(ids), ProcessInstance.status == STATUS)
    return {key: said(at, reason) for key, at, reason in session.execute(wanted)}


def require_not(instance: ProcessInstance) -> None:
    """Raises Suspended: the person reads since when and why, and that his work is kept."""
    if instance.status == STATUS:
        raise Suspended(f"{words(instance)}恢复后可继续办理，您填写的内容已保留在草稿中。")


def refuse(session: Session, instance_id: int | None) -> None:
    """For what is done on records beside the instance's tasks. Refused with since when and why."""
    instance = session.get(ProcessInstance, instance_id) if instance_id is not None else None
    if instance is not None and instance.status == STATUS:
        raise Refused(Problem("suspended", f"{words(instance)}恢复后可继续办理。"))


def is_suspended(instance_id: SQLColumnExpression[int] | SQLColumnExpression[int | None]) -> ColumnElement[bool]:
    """SQL predicate: the instance of that id stands still."""
    one = select(ProcessInstance.id).where(ProcessInstance.id == instance_id, ProcessInstance.status == STATUS)
    return one.exists()
