"""认领 and 放回 of several tasks at once: what somebody else took or did meanwhile stays as it is."""

from collections.abc import Collection

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain import permissions
from app.models.process import Task
from app.processes.tasks import Actor


def claim_all(session: Session, task_ids: Collection[int], actor: Actor) -> list[int]:
    """认领; returns the tasks that are now the actor's."""
    return _hold(session, task_ids, actor, was=None, becomes=actor.person_id)


def release_all(session: Session, task_ids: Collection[int], actor: Actor) -> list[int]:
    """放回; returns the tasks that everybody of the post may claim again. A personal task stays his."""
    return _hold(session, task_ids, actor, was=actor.person_id, becomes=None)


def _hold(
    session: Session, task_ids: Collection[int], actor: Actor, *, was: int | None, becomes: int | None
) -> list[int]:
    """One statement, which asks for permission and for the present holder itself."""
    changed = (
        update(Task)
        .where(
            Task.id.in_(task_ids),
            Task.role.not_in(permissions.PERSONAL_ROLES),
            Task.process_key.not_in(permissions.CONFIDENTIAL),
            Task.person_id.is_not_distinct_from(was),
            permissions.decidable_tasks(actor.grants),
        )
        .values(person_id=becomes)
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(session.scalars(changed))
