"""For whom a case waits, since when, and whom to call: on top of every case (D27)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, null, or_, select
from sqlalchemy.orm import Session, aliased

from app import clock
from app.domain import organisations, people, task_requests
from app.models.declaration import Declaration
from app.models.people import Organisation, Person
from app.models.process import ProcessInstance, Task
from app.models.recommendation import BatchEntry, UnitBatch

Case = tuple[int | None, int]  # declaration and instance: the declaration where there is one is what one asks after
_holder, _applicant = aliased(Person), aliased(Person)


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


def of_cases(session: Session, cases: Iterable[Case]) -> dict[Case, list[Waiting]]:
    """What each of several cases waits for: of a declaration what `of_declaration` says, else of its process.

    One statement.
    """
    wanted = set(cases)
    about = [declaration for declaration, _ in wanted if declaration is not None]
    alone = [instance for declaration, instance in wanted if declaration is None]
    own = select(Declaration.id.label("about"), Declaration.instance_id.label("place"))
    batch = select(BatchEntry.declaration_id, UnitBatch.instance_id)
    batch = batch.join(UnitBatch, UnitBatch.id == BatchEntry.batch_id)
    staying = BatchEntry.left_at.is_(None) & BatchEntry.gone_up_at.is_(None)
    places = own.where(Declaration.id.in_(about)).union_all(
        batch.where(BatchEntry.declaration_id.in_(about), staying),
        select(null(), ProcessInstance.id).where(ProcessInstance.id.in_(alone)),
    )
    found = places.subquery()
    rows = session.execute(_rows(found.c.about, found.c.place).join(found, found.c.place == Task.instance_id))
    waits: dict[tuple[int | None, int | None], list[Waiting]] = defaultdict(list)
    for declaration, place, *row in rows:
        waits[declaration, None if declaration is not None else place].append(_waiting(*row))
    return {case: waits[case[0], None if case[0] is not None else case[1]] for case in wanted}


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
    return [_waiting(*row) for row in session.execute(_rows().where(wanted))]


def _rows(*columns: Any) -> Select[Any]:
    """Open tasks as `_waiting` takes them, after the columns asked for."""
    return (
        select(*columns, Task, Organisation, _holder.name, _applicant.name)
        .select_from(Task)
        .outerjoin(Organisation, Organisation.id == Task.organisation_id)
        .outerjoin(_holder, _holder.id == Task.person_id)
        .outerjoin(Declaration, Declaration.id == Task.declaration_id)
        .outerjoin(_applicant, _applicant.id == Declaration.person_id)
        .where(Task.status == "open")
        .order_by(Task.id)
    )


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
