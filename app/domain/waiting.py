"""For whom a case waits, since when, and whom to call: on top of every case (D27)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from app import clock
from app.domain import organisations, people, task_requests
from app.models.declaration import Declaration
from app.models.people import Organisation, Person
from app.models.process import Task
from app.models.recommendation import BatchEntry, UnitBatch


@dataclass(frozen=True)
class Waiting:
    """`who` is the office with its post, or the applicant; `holder` whoever has claimed the task."""

    task_id: int
    task: str
    who: str
    holder: str
    contact: str
    phone: str
    since: datetime


def of_declaration(session: Session, declaration_id: int) -> list[Waiting]:
    """What the declaration's own process waits for, and the batch it is recommended in; one statement."""
    own = select(Declaration.instance_id).where(Declaration.id == declaration_id)
    batch = select(UnitBatch.instance_id).join(BatchEntry, BatchEntry.batch_id == UnitBatch.id)
    staying = BatchEntry.left_at.is_(None) & BatchEntry.gone_up_at.is_(None)
    batch = batch.where(BatchEntry.declaration_id == declaration_id, staying)
    return _open(session, or_(Task.instance_id.in_(own), Task.instance_id.in_(batch)))


def of_tasks(session: Session, task_ids: Iterable[int]) -> list[Waiting]:
    """The same for given open tasks; one statement."""
    return _open(session, Task.id.in_(list(task_ids)))


def asked(session: Session, task: Task) -> list[int]:
    """Ids of the people who may do an open task: its holder, else everybody who holds its role now."""
    if task.person_id is not None:
        return [task.person_id]
    held = people.holders(session, task.role, task.organisation_id, clock.now(session))
    return [holder.person_id for holder in held]


def not_yours(session: Session, task: Task, reader_id: int, title: str) -> str:
    """Sentence 25: who handles the task, said to somebody who acts as `title` and may not."""
    if task.status == "open" and task.request_id is not None:
        pending = task_requests.pending_words(session, task.request_id, reader_id)
        if pending is not None:
            return pending
    body = None if task.organisation_id is None else organisations.resolve(session, task.organisation_id)
    post = people.ROLES.get(task.role, task.role)
    name = body.name if body else ""
    message = f"此事项由{name}{post}办理，您当前身份为{title}。如需办理，请切换身份或联系{name or post}。"
    return f"{message}咨询：{name}{body.contact_phone}。" if body and body.contact_phone else message


def _open(session: Session, wanted: ColumnElement[bool]) -> list[Waiting]:
    holder, applicant = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Task, Organisation, holder.name, applicant.name)
        .outerjoin(Organisation, Organisation.id == Task.organisation_id)
        .outerjoin(holder, holder.id == Task.person_id)
        .outerjoin(Declaration, Declaration.id == Task.declaration_id)
        .outerjoin(applicant, applicant.id == Declaration.person_id)
        .where(Task.status == "open", wanted)
        .order_by(Task.id)
    )
    return [_waiting(*row) for row in rows]


def _waiting(task: Task, body: Organisation | None, holder: str | None, applicant: str | None) -> Waiting:
    post = people.ROLES.get(task.role, task.role)
    if task.role == "applicant":
        return Waiting(task.id, task.name, f"{post}{applicant or holder or ''}", "", "", "", task.created_at)
    contact = organisations.contact_of(body, _step(task)) if body else None
    return Waiting(
        task_id=task.id,
        task=task.name,
        who=f"{body.name} {post}" if body and body.name != post else post,
        holder=holder or "",
        contact=contact.name if contact else "",
        phone=contact.phone if contact else "",
        since=task.created_at,
    )


def _step(task: Task) -> str:
    """The step of a body's contacts: the level that checks, else what the office that takes files does."""
    return task.level or ("payment" if task.role == "finance" else "acceptance")
