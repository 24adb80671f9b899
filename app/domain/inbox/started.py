"""我发起的: the processes that a person began for an office, and what each waits for."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, literal_column, or_, select
from sqlalchemy.orm import Session

from app.domain.deadline_rules import opening
from app.domain.inbox.filters import Filters
from app.domain.inbox.lists import PAGE
from app.domain.inbox.titles import UNIT_NAME, applicant
from app.domain.permissions import Grants
from app.domain.said import day
from app.domain.waiting import Case
from app.models.declaration import Declaration
from app.models.notice import Notice, NoticeVersion
from app.models.process import Event, ProcessInstance


@dataclass(frozen=True)
class Started:
    """A process that the person began himself."""

    case: Case
    instance_id: int
    process_key: str
    notice_version_id: int
    notice: str
    applicant: str
    number: str
    unit: str
    status: str
    started: datetime
    ended: datetime | None


@dataclass(frozen=True)
class Kind:
    """A process of a version of a notice, which calls it by its name there; `count` of the whole list."""

    process_key: str
    notice_version_id: int
    notice_key: str
    notice: str
    count: int


def listing(session: Session, grants: Grants, filters: Filters, page: int = 1) -> tuple[list[Started], int]:
    """The latest first unless the address says otherwise, and how many there are under the filters."""
    wanted = and_(_begun_by(grants), *_asked(filters))
    total = session.scalar(_joined(select(func.count(ProcessInstance.id))).where(wanted)) or 0
    columns: tuple[Any, ...] = (
        ProcessInstance.id,
        ProcessInstance.process_key,
        ProcessInstance.notice_version_id,
        Notice.title,
        func.coalesce(applicant.name, ""),
        func.coalesce(Declaration.number, ""),
        func.coalesce(UNIT_NAME, ""),
        ProcessInstance.status,
        ProcessInstance.started_at,
        ProcessInstance.ended_at,
    )
    rows: Any = session.execute(
        _joined(select(*columns)).where(wanted).order_by(*_order(filters.sort)).limit(PAGE).offset((page - 1) * PAGE)
    )
    return [Started((None, row[0]), *row) for row in rows], total


def kinds(session: Session, grants: Grants) -> list[Kind]:
    """What the person has begun so far, by process and notice; one statement."""
    columns: tuple[Any, ...] = (
        ProcessInstance.process_key,
        ProcessInstance.notice_version_id,
        Notice.key,
        Notice.title,
    )
    wanted = _joined(select(*columns, func.count(ProcessInstance.id))).where(_begun_by(grants)).group_by(*columns)
    return [Kind(*row) for row in session.execute(wanted)]


def notices(found: list[Kind]) -> list[tuple[str, str, int]]:
    """(key, title, count) of the notices among them."""
    counted = Counter({(each.notice_key, each.notice): 0 for each in found})
    for each in found:
        counted[each.notice_key, each.notice] += each.count
    return [(key, title, count) for (key, title), count in sorted(counted.items())]


def _begun_by(grants: Grants) -> ColumnElement[bool]:
    """The index of who began what is a part of the events: its condition stands in the statement itself."""
    began = Event.kind == literal_column("'started'")
    begun = select(Event.instance_id).where(began, Event.person_id == grants.person_id)
    return and_(ProcessInstance.id.in_(begun), ProcessInstance.process_key != "declaration")


def _asked(filters: Filters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.notice:
        wanted.append(Notice.key == filters.notice)
    if filters.process:
        wanted.append(ProcessInstance.process_key == filters.process)
    if filters.status:
        ended = ProcessInstance.status == "ended"
        wanted.append(ended if filters.status == "ended" else ~ended)
    if filters.since:
        first = day(filters.since)
        wanted.append(ProcessInstance.started_at >= opening(first) if first is not None else false())
    if filters.applicant:
        wanted.append(Declaration.person_id == filters.applicant_id)
    if filters.q:
        words: dict[str, Any] = {"other": filters.q, "autoescape": True}
        wanted.append(or_(*(each.icontains(**words) for each in (applicant.name, Declaration.number))))
    return wanted


def _order(sort: str) -> tuple[Any, ...]:
    first: dict[str, tuple[Any, ...]] = {
        "oldest": (ProcessInstance.id,),
        "applicant": (applicant.name.asc().nulls_last(),),
        "unit": (UNIT_NAME.asc().nulls_last(), applicant.name.asc().nulls_last()),
    }
    return (*first.get(sort, ()), ProcessInstance.id.desc())


def _joined(statement: Select[Any]) -> Select[Any]:
    return (
        statement.select_from(ProcessInstance)
        .join(NoticeVersion, NoticeVersion.id == ProcessInstance.notice_version_id)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .outerjoin(Declaration, Declaration.id == ProcessInstance.declaration_id)
        .outerjoin(applicant, applicant.id == Declaration.person_id)
    )
