"""已暂停: what the row of a suspended instance says, for whoever may not go on with it and for lists."""

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from app.domain.wording import moment_words
from app.errors import Suspended
from app.models.process import ProcessInstance

STATUS = "suspended"


def words(instance: ProcessInstance) -> str:
    """Since when and why, as a sentence; empty for an instance that is not suspended."""
    if instance.status != STATUS or instance.suspended_at is None:
        return ""
    return f"本件自{moment_words(instance.suspended_at)}起暂停办理，原因：{instance.suspended_reason}。"


def require_not(instance: ProcessInstance) -> None:
    """Raises Suspended: the person reads since when and why, and that his work is kept."""
    said = words(instance)
    if said:
        raise Suspended(f"{said}恢复后可继续办理，您填写的内容已保留在草稿中。")


def is_suspended(instance_id: SQLColumnExpression[int] | SQLColumnExpression[int | None]) -> ColumnElement[bool]:
    """SQL predicate: the instance of that id stands still."""
    one = select(ProcessInstance.id).where(ProcessInstance.id == instance_id, ProcessInstance.status == STATUS)
    return one.exists()
