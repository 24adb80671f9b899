"""Complaints as the offices list and open them, each only as far as he may."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import permissions
from app.domain.complaints import access, reporters
from app.domain.complaints.handling import FINDINGS, subject_words
from app.domain.permissions import Grants
from app.errors import NotFound
from app.models.complaint import Complaint, ComplaintNote, ReporterReading
from app.models.declaration import Declaration
from app.models.people import Organisation, Person
from app.models.process import Task

PAGE = 50


@dataclass(frozen=True)
class Line:
    """One complaint of the list; `task` what is being done about it."""

    complaint: Complaint
    subject: str
    office: str
    task: str
    finding: str


@dataclass(frozen=True)
class Sight:
    """One complaint opened; `tasks` are those one may open, `investigates` whether its office is one's own."""

    complaint: Complaint
    line: Line
    notes: list[ComplaintNote]
    readings: list[ReporterReading]
    names: Mapping[int, str]
    tasks: list[Task]
    investigates: bool
    known: bool


def lines(session: Session, grants: Grants, page: int, closed_too: bool) -> tuple[list[Line], int]:
    """A page of what the person may see, the open first, then the latest; and how many there are."""
    seen = access.visible_complaints(grants)
    wanted = (
        select(Complaint).where(seen) if closed_too else select(Complaint).where(seen, Complaint.closed_at.is_(None))
    )
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    order = wanted.order_by(Complaint.closed_at.is_not(None), Complaint.id.desc())
    found = list(session.scalars(order.limit(PAGE).offset((page - 1) * PAGE)))
    return _lines(session, found), total


def get(session: Session, grants: Grants, complaint_id: int) -> Complaint:
    """The complaint, for whoever may see it; anybody else learns not even that it is there."""
    wanted = select(Complaint).where(Complaint.id == complaint_id, access.visible_complaints(grants))
    found = session.scalars(wanted).first()
    if found is None:
        raise NotFound("没有找到该投诉举报。")
    return found


def sight(session: Session, grants: Grants, complaint_id: int) -> Sight:
    """Everything of it but who reported."""
    complaint = get(session, grants, complaint_id)
    notes, readings = reporters.notes(session, complaint), reporters.readings(session, complaint)
    people = {each.by for each in notes if each.by} | {each.person_id for each in readings}
    named = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    names = {key: name for key, name in named}  # noqa: C416 (rows are no pairs to mypy)
    open_tasks = select(Task).where(Task.instance_id == complaint.instance_id, Task.status == "open")
    tasks = list(session.scalars(open_tasks)) if complaint.instance_id else []
    his = permissions.openable_tasks(session, grants, [task.id for task in tasks]) if tasks else set()
    return Sight(
        complaint,
        _lines(session, [complaint])[0],
        notes,
        readings,
        names,
        [task for task in tasks if task.id in his],
        access.investigates(session, grants, complaint),
        reporters.is_known(session, complaint),
    )


def _lines(session: Session, found: list[Complaint]) -> list[Line]:
    """Three statements at most, however many complaints there are."""
    about = [each.declaration_id for each in found if each.declaration_id]
    named = (
        select(Declaration.id, Declaration.number, Person.name)
        .join(Person, Person.id == Declaration.person_id)
        .where(Declaration.id.in_(about))
    )
    who = {key: f"{name}（{number or '未提交'}）" for key, number, name in session.execute(named)} if about else {}
    offices = {each.office_id for each in found}
    bodies = dict(session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(offices))).all())
    waiting = select(Task.instance_id, func.min(Task.name)).where(
        Task.instance_id.in_([each.instance_id for each in found if each.instance_id]), Task.status == "open"
    )
    doing = dict(session.execute(waiting.group_by(Task.instance_id)).all())
    return [
        Line(
            each,
            subject_words(each, who.get(each.declaration_id or 0)),
            bodies.get(each.office_id or 0, ""),
            doing.get(each.instance_id or 0, ""),
            FINDINGS.get(each.finding or "", ""),
        )
        for each in found
    ]
