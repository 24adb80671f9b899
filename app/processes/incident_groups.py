"""Incidents by cause: what failed alike at the same element of the same version is mended once and retried together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.permissions import Grants
from app.errors import NotFound
from app.models.declaration import Declaration
from app.models.notice import Notice, NoticeVersion
from app.models.people import Organisation, Person
from app.models.process import Incident, ProcessInstance
from app.models.recommendation import UnitBatch
from app.processes import bundles, monitor

PAGE = 50
VARIES = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|\d+")  # what differs from case to case in a reason
KEPT = or_(Incident.attempt.is_not(None), Incident.deadline_id.is_not(None), Incident.message_id.is_not(None))


@dataclass(frozen=True)
class Group:
    """What failed alike. `sample` is one of its incidents and names the group in addresses.

    `ordinal` is the version it runs on, `newest` the notice's latest; `process` and `step` are names in its diagram,
    `reason` the sample's own words; `retriable` how many of `count` can be tried again.
    """

    sample: int
    kind: str
    version_id: int | None
    notice: str
    notice_key: str
    ordinal: int
    newest: int
    process_key: str
    process: str
    element: str
    step: str
    line: int | None
    reason: str
    count: int
    retriable: int
    first: datetime
    last: datetime

    @property
    def outdated(self) -> bool:
        return self.newest > self.ordinal


@dataclass(frozen=True)
class Member:
    """One open incident of a group; `about` is the applicant, or the body of a batch."""

    incident: Incident
    instance: ProcessInstance | None
    about: str
    tried_by: str


def groups(session: Session, grants: Grants) -> list[Group]:
    """All open incidents that one may oversee, the largest group first; two statements."""
    where = (ProcessInstance.notice_version_id, ProcessInstance.process_key)
    columns = (Incident.kind, *where, Incident.element_id, Incident.line, Incident.reason)
    first = func.min(func.coalesce(Incident.first_at, Incident.at))
    counted = (func.min(Incident.id), func.count(), func.count().filter(KEPT), first, func.max(Incident.at))
    query = _about(select(*columns, *counted)).where(_open(grants)).group_by(*columns)
    rows = session.execute(query.order_by(func.min(Incident.id))).all()
    notices = _notices(session, {row[1] for row in rows if row[1] is not None})
    found: dict[tuple[Any, ...], Group] = {}
    for kind, version, process, element, line, reason, *figures in rows:
        key = (kind, version, None if element else process, element, line, cause(reason))
        made = _group(session, notices, (kind, version, process, element, line, reason), figures)
        found[key] = _merged(found[key], made) if key in found else made
    return sorted(found.values(), key=lambda group: -group.count)


def of_incident(session: Session, grants: Grants, incident_id: int) -> Group:
    """The group in which an open incident stands now. NotFound."""
    wanted = _about(select(Incident, ProcessInstance.notice_version_id, ProcessInstance.process_key))
    for incident, version, process in session.execute(wanted.where(Incident.id == incident_id)):
        for group in groups(session, grants):
            if _is_of(group, incident, version, process):
                return group
    raise NotFound("此类异常已经全部处理。")


def members(session: Session, grants: Grants, group: Group, limit: int = PAGE, offset: int = 0) -> list[Member]:
    """Its incidents in the order in which they arose; two statements."""
    tried = aliased(Person)
    rows = session.execute(
        _about(select(Incident, ProcessInstance, Person.name, Organisation.name, tried.name))
        .outerjoin(Declaration, Declaration.id == ProcessInstance.declaration_id)
        .outerjoin(Person, Person.id == Declaration.person_id)
        .outerjoin(UnitBatch, UnitBatch.instance_id == ProcessInstance.id)
        .outerjoin(Organisation, Organisation.id == UnitBatch.organisation_id)
        .outerjoin(tried, tried.id == Incident.person_id)
        .where(_open(grants), *_alike(session, grants, group))
        .order_by(Incident.id)
        .limit(limit)
        .offset(offset)
    )
    return [Member(row[0], row[1], row[2] or row[3] or "", row[4] or "") for row in rows]


def ids(session: Session, grants: Grants, group: Group, limit: int) -> list[tuple[int, int | None]]:
    """(incident, instance) of the first `limit` of the group."""
    wanted = _about(select(Incident.id, ProcessInstance.id)).where(_open(grants), *_alike(session, grants, group))
    return list(session.execute(wanted.order_by(Incident.id).limit(limit)).all())


def instances_of(session: Session, incident_ids: Sequence[int]) -> list[int]:
    """The processes in which given incidents happened."""
    about = monitor.incident_instance()
    found = session.scalars(monitor.with_instance(select(about)).where(Incident.id.in_(incident_ids)))
    return sorted({each for each in found if each is not None})


def cause(reason: str) -> str:
    """The reason without what differs from case to case: numbers and quoted values."""
    return VARIES.sub("…", reason)


def _is_of(group: Group, incident: Incident, version_id: int | None, process: str | None) -> bool:
    same = (group.kind, group.version_id, group.element, group.line, cause(group.reason))
    its = (incident.kind, version_id, incident.element_id or "", incident.line, cause(incident.reason))
    return same == its and (bool(group.element) or group.process_key == (process or ""))


def _about(statement: monitor.Rows) -> monitor.Rows:
    return monitor.with_instance(statement).outerjoin(
        ProcessInstance, ProcessInstance.id == monitor.incident_instance()
    )


def _open(grants: Grants) -> ColumnElement[bool]:
    """An incident before its process began is seen by those who see all."""
    seen = monitor.visible(grants)
    return and_(Incident.status == "open", or_(seen, ProcessInstance.id.is_(None)) if grants.sees_all else seen)


def _alike(session: Session, grants: Grants, group: Group) -> list[ColumnElement[bool]]:
    """What the group's incidents have in common; one statement, for the words in which they say it."""
    same = [
        Incident.kind == group.kind,
        ProcessInstance.notice_version_id.is_not_distinct_from(group.version_id),
        Incident.element_id.is_not_distinct_from(group.element or None),
        Incident.line.is_not_distinct_from(group.line),
    ]
    said = session.scalars(_about(select(Incident.reason)).where(_open(grants), *same).distinct())
    same.append(Incident.reason.in_([each for each in said if cause(each) == cause(group.reason)]))
    return [*same, ProcessInstance.process_key == group.process_key] if not group.element and group.version_id else same


def _notices(session: Session, version_ids: set[int]) -> dict[int, tuple[str, str, int, int]]:
    """Version → its notice's title and key, its own number and that of the notice's latest."""
    other = aliased(NoticeVersion)
    newest = select(func.max(other.ordinal)).where(other.notice_id == NoticeVersion.notice_id).scalar_subquery()
    rows = session.execute(
        select(NoticeVersion.id, Notice.title, Notice.key, NoticeVersion.ordinal, newest)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .where(NoticeVersion.id.in_(version_ids))
    )
    return {key: (title, notice, ordinal, latest) for key, title, notice, ordinal, latest in rows}


def _group(
    session: Session, notices: dict[int, tuple[str, str, int, int]], said: tuple[Any, ...], figures: Sequence[Any]
) -> Group:
    kind, version, process, element, line, reason = said
    title, key, ordinal, newest = notices.get(version, ("", "", 0, 0))
    names: Any = {}
    if version is not None:
        definitions = bundles.of_version(session, version).definitions
        names, drawn = definitions.names, definitions.elements.get(element or "")
        process, step = (drawn.process, drawn.name or drawn.id) if drawn else (process, element or "")
    else:
        step = element or ""
    return Group(
        figures[0], kind, version, title, key, ordinal, newest, process or "", names.get(process, ""), element or "",
        step, line, reason, *figures[1:],
    )  # fmt: skip


def _merged(one: Group, other: Group) -> Group:
    return replace(
        one,
        sample=min(one.sample, other.sample),
        count=one.count + other.count,
        retriable=one.retriable + other.retriable,
        first=min(one.first, other.first),
        last=max(one.last, other.last),
    )
