"""One body as its administrator looks at it: who works there, what waits there, what it takes part in, its history."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import batch_phases, organisations, people
from app.domain.organisations import Contact
from app.domain.restructuring import record
from app.domain.restructuring.record import Line
from app.models.declaration import Declaration
from app.models.notice import Committee, Notice
from app.models.people import Organisation, Person, RoleGrant
from app.models.process import Task
from app.models.recommendation import BatchEntry, UnitBatch

MOST = 50  # rows of each table; the rest stands behind a link


@dataclass(frozen=True)
class Post:
    """One role in force."""

    grant_id: int
    person_id: int
    name: str
    account: str
    role: str
    from_at: datetime
    to_at: datetime | None


@dataclass(frozen=True)
class Waiting:
    """Open tasks of one kind: how many, since when the oldest."""

    task: str
    role: str
    count: int
    since: datetime


@dataclass(frozen=True)
class Batch:
    notice: str
    phase: str
    names: int
    created: datetime


@dataclass(frozen=True)
class Overview:
    body: Organisation
    kind: str
    above: list[Organisation]
    successor: Organisation | None
    contacts: list[tuple[str, Contact]]
    posts: list[Post]
    waiting: list[Waiting]
    batches: list[Batch]
    committees: list[tuple[str, int, str]]
    notices: list[tuple[str, int]]
    below: list[Organisation]
    absorbed: list[Organisation]
    changes: list[Line]

    @property
    def open_tasks(self) -> int:
        return sum(each.count for each in self.waiting)


def of_body(session: Session, organisation_id: int, at: datetime) -> Overview:
    """Everything the page shows; a fixed number of statements. NotFound."""
    body = organisations.get(session, organisation_id)
    return Overview(
        body=body,
        kind=organisations.KINDS.get(body.kind, body.kind),
        above=organisations.ancestors(session, body.id)[:-1],
        successor=None if body.merged_into_id is None else organisations.resolve(session, body.id),
        contacts=_contacts(body),
        posts=_posts(session, body.id, at),
        waiting=_waiting(session, body.id),
        batches=_batches(session, body.id),
        committees=_committees(session, body),
        notices=_notices(session, body.id),
        below=_bodies(session, Organisation.parent_id == body.id, Organisation.merged_into_id.is_(None)),
        absorbed=_bodies(session, Organisation.merged_into_id == body.id),
        changes=record.of_body(session, body.id),
    )


def _contacts(body: Organisation) -> list[tuple[str, Contact]]:
    """The body's own contact, then those of the steps that have one."""
    steps = organisations.steps_of(body)
    own = [(label, organisations.contact_of(body, step)) for step, label in steps.items() if step in body.contacts]
    return [("本机构", organisations.contact_of(body)), *own]


def _posts(session: Session, organisation_id: int, at: datetime) -> list[Post]:
    rows = session.execute(
        select(RoleGrant, Person)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.organisation_id == organisation_id, people.in_force(RoleGrant, at))
        .order_by(RoleGrant.role, Person.name, Person.id)
        .limit(MOST)
    )
    return [
        Post(held.id, who.id, who.name, who.account, people.ROLES.get(held.role, held.role), held.from_at, held.to_at)
        for held, who in rows
    ]


def _waiting(session: Session, organisation_id: int) -> list[Waiting]:
    count = func.count()
    rows = session.execute(
        select(Task.name, Task.role, count, func.min(Task.created_at))
        .where(Task.organisation_id == organisation_id, Task.status == "open")
        .group_by(Task.name, Task.role)
        .order_by(count.desc(), Task.name)
    )
    return [Waiting(name, people.ROLES.get(role, role), number, since) for name, role, number, since in rows]


def _batches(session: Session, organisation_id: int) -> list[Batch]:
    rows = session.execute(
        select(Notice.title, batch_phases.column(), func.count(BatchEntry.id), UnitBatch.created_at)
        .join(Notice, Notice.key == UnitBatch.notice_key)
        .outerjoin(BatchEntry, (BatchEntry.batch_id == UnitBatch.id) & BatchEntry.left_at.is_(None))
        .where(UnitBatch.organisation_id == organisation_id)
        .group_by(UnitBatch.id, Notice.title)
        .order_by(UnitBatch.id.desc())
        .limit(MOST)
    )
    return [Batch(notice, batch_phases.PHASES[phase], names, made) for notice, phase, names, made in rows]


def _committees(session: Session, body: Organisation) -> list[tuple[str, int, str]]:
    """Notice, number and name of the committees that the body convenes, as the schedules stand today."""
    rows = session.execute(
        select(Notice.title, Committee.no, Committee.name)
        .join(Notice, Notice.id == Committee.notice_id)
        .where(Committee.convening_key == body.key, Committee.superseded_at.is_(None))
        .order_by(Notice.year.desc(), Notice.id, Committee.no)
        .limit(MOST)
    )
    return [(title, no, name) for title, no, name in rows]


def _notices(session: Session, organisation_id: int) -> list[tuple[str, int]]:
    """The notices whose declarations wait at the body now, and how many."""
    declarations = func.count(func.distinct(Declaration.id))
    rows = session.execute(
        select(Notice.title, declarations)
        .join(Declaration, Declaration.notice_key == Notice.key)
        .join(Task, Task.declaration_id == Declaration.id)
        .where(Task.organisation_id == organisation_id, Task.status == "open")
        .group_by(Notice.id, Notice.title)
        .order_by(declarations.desc(), Notice.id)
    )
    return [(title, count) for title, count in rows]


def _bodies(session: Session, *wanted: object) -> list[Organisation]:
    found = select(Organisation).where(*wanted)  # type: ignore[arg-type]
    return list(session.scalars(found.order_by(Organisation.name, Organisation.id).limit(MOST)))
