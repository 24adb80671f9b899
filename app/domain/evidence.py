"""What an office has looked at: files of a record marked 已看 and 原件已核对 at one task."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.models.attachment import EvidenceMark
from app.models.process import Task


def of_task(session: Session, task_id: int) -> Mapping[int, EvidenceMark]:
    """Attachment id → what was marked at this task, by whomever of the post."""
    found = session.scalars(select(EvidenceMark).where(EvidenceMark.task_id == task_id))
    return {mark.attachment_id: mark for mark in found}


def look(
    session: Session, task_id: int, attachment_id: int, person_id: int, checked: bool | None = None
) -> EvidenceMark:
    """The file was looked at; `checked` also says or takes back 原件已核对. The first look stays on record."""
    session.scalars(select(Task.id).where(Task.id == task_id).with_for_update()).one()  # two tabs, one mark
    mark = of_task(session, task_id).get(attachment_id)
    if mark is None:
        mark = EvidenceMark(task_id=task_id, attachment_id=attachment_id, seen_by=person_id, seen_at=clock.now(session))
        session.add(mark)
    if checked is not None:
        mark.checked_by = person_id if checked else None
        mark.checked_at = clock.now(session) if checked else None
    return mark
