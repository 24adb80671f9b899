"""The lines of the monitor's list: what is known of each of a few instances, in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, null, select
from sqlalchemy.orm import Session, aliased

from app import clock
from app.domain import badges, calendar, identity, statuses
from app.domain.badges import Badge
from app.models.declaration import Declaration
from app.models.notice import Committee, Notice, NoticeVersion
from app.models.people import Organisation, Person
from app.models.process import Deadline, ProcessInstance, Task
from app.models.recommendation import UnitBatch
from app.processes import history
from app.processes.overseeing import Rows, incident_counts, state_words, waiting_words

_applicant, _unit, _holder, _office = aliased(Person), aliased(Organisation), aliased(Person), aliased(Organisation)


@dataclass(frozen=True)
class Holding:
    """One open task of an instance: whose, since when, and how its time stands."""

    task: str
    office: str
    holder: str
    since: datetime
    badge: Badge | None


@dataclass(frozen=True)
class Row:
    """One instance; `about` is the applicant, or the body of a batch. `waits` where no person is waited for."""

    id: int
    process: str
    notice: str
    version: int
    about: str
    identity: str  # masked; empty unless it was asked for
    number: str
    committee: str
    status: str
    stage: str
    started: datetime
    holding: list[Holding]
    waits: str
    incidents: int


def of(session: Session, ids: Sequence[int], *, identities: bool = False) -> list[Row]:
    """In the order of the ids."""
    rows = {row.id: row for row in session.execute(_wanted(identities=identities).where(ProcessInstance.id.in_(ids)))}
    holding, faults = _holding(session, ids), incident_counts(session, ids)
    return [_row(session, rows[each], holding[each], faults.get(each, 0)) for each in ids if each in rows]


def _wanted(*, identities: bool) -> Rows:
    columns = (
        ProcessInstance.id,
        ProcessInstance.process_key,
        ProcessInstance.notice_version_id,
        ProcessInstance.status,
        ProcessInstance.ended_by,
        ProcessInstance.started_at,
        ProcessInstance.waits,
        Notice.title,
        NoticeVersion.ordinal,
        func.coalesce(_applicant.name, _unit.name).label("about"),
        (_applicant.identity_number if identities else null()).label("identity"),
        Declaration.status.label("stage"),
        func.coalesce(Declaration.acceptance_no, Declaration.number, UnitBatch.number).label("number"),
        Committee.name.label("committee"),
    )
    statement: Rows = select(*columns)
    return (
        statement.select_from(ProcessInstance)
        .join(NoticeVersion, NoticeVersion.id == ProcessInstance.notice_version_id)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .outerjoin(Declaration, Declaration.id == ProcessInstance.declaration_id)
        .outerjoin(Committee, Committee.id == Declaration.committee_id)
        .outerjoin(_applicant, _applicant.id == Declaration.person_id)
        .outerjoin(UnitBatch, UnitBatch.instance_id == ProcessInstance.id)
        .outerjoin(_unit, _unit.id == UnitBatch.organisation_id)
    )


def _row(session: Session, row: Any, holding: list[Holding], faults: int) -> Row:
    waits = "" if holding else waiting_words(session, row.notice_version_id, row.waits)
    return Row(
        id=row.id,
        process=history.process_name(session, row.notice_version_id, row.process_key),
        notice=row.title,
        version=row.ordinal,
        about=row.about or "",
        identity=identity.mask_identity(row.identity),
        number=row.number or "",
        committee=row.committee or "",
        status=state_words(row),
        stage=statuses.label(row.stage) if row.stage else "",
        started=row.started_at,
        holding=holding,
        waits=waits,
        incidents=faults,
    )


def _holding(session: Session, instance_ids: Iterable[int]) -> defaultdict[int, list[Holding]]:
    rows = session.execute(
        select(Task, _office.name, _holder.name, Deadline)
        .outerjoin(_office, _office.id == Task.organisation_id)
        .outerjoin(_holder, _holder.id == Task.person_id)
        .outerjoin(Deadline, Deadline.id == Task.deadline_id)
        .where(Task.instance_id.in_(instance_ids), Task.status == "open")
        .order_by(Task.id)
    ).all()
    now, days = clock.now(session), calendar.calendar_of(session)
    found: defaultdict[int, list[Holding]] = defaultdict(list)
    for task, office, holder, deadline in rows:
        badge = badges.badge(deadline, now, days)
        found[task.instance_id].append(Holding(task.name, office or "", holder or "", task.created_at, badge))
    return found
