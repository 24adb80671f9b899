"""抄送: colleagues are shown a task to read; it asks nothing of them, and the task's page says who has read it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.domain import people
from app.domain.permissions import Grants
from app.engine import handing
from app.models.people import Person
from app.models.process import Task
from app.models.request import TaskCopy
from app.processes import asking
from app.processes.actors import Actor
from app.processes.asking import Choice


@dataclass(frozen=True)
class Reader:
    """Somebody who was shown a task."""

    row: TaskCopy
    name: str


def choices(session: Session, grants: Grants, task: Task) -> list[Choice]:
    """Whom the holder may show the task who has not been shown it yet."""
    if handing.COPY not in asking.offered(session, grants, task):
        return []
    return among(session, task, asking.colleagues(session, task, grants.person_id))


def among(session: Session, task: Task, colleagues: Sequence[Choice]) -> list[Choice]:
    """Those who were not shown it yet."""
    shown = set(session.scalars(select(TaskCopy.to_person_id).where(TaskCopy.task_id == task.id)))
    return [each for each in colleagues if each.person_id not in shown]


def send(session: Session, task_id: int, actor: Actor, to: Sequence[int], *, note: str) -> Task:
    """Show the task to these people, with a word. Raises NotFound, Conflict, NotAllowed, Refused."""
    task = asking.held(session, task_id, actor, (handing.COPY,), "抄送")
    offered = choices(session, actor.grants, task)
    chosen = [asking.chosen(session, task, offered, each, note) for each in dict.fromkeys(to) or [0]]
    session.add_all(
        TaskCopy(
            task_id=task.id,
            declaration_id=task.declaration_id,
            from_person_id=actor.person_id,
            to_person_id=each.person_id,
            note=note.strip(),
            at=clock.now(session),
        )
        for each in chosen
    )
    session.flush()
    names = "、".join(each.name for each in chosen)
    asking.note(session, task, "copied", actor.person_id, to=names, reason=note.strip())
    who = people.get(session, actor.person_id).name
    asking.tell(session, task, [each.person_id for each in chosen], "copied", who=who, reason=note.strip())
    return task


def readers(session: Session, task_id: int) -> list[Reader]:
    """Who was shown the task, in order; one statement."""
    rows = session.execute(
        select(TaskCopy, Person.name)
        .join(Person, Person.id == TaskCopy.to_person_id)
        .where(TaskCopy.task_id == task_id)
        .order_by(TaskCopy.id)
    )
    return [Reader(*row) for row in rows]


def mark_read(session: Session, task_id: int, person_id: int) -> None:
    """已读, at the first look; later looks change nothing."""
    unread = (TaskCopy.task_id == task_id) & (TaskCopy.to_person_id == person_id) & TaskCopy.read_at.is_(None)
    session.execute(
        update(TaskCopy).where(unread).values(read_at=clock.now(session)).execution_options(synchronize_session=False)
    )
