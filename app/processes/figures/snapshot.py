"""What stands now, one statement a kind: tokens, instances, open tasks, incidents, declarations, the pace of posts.

Taken in the background; a page adds a few of these rows up instead of looking at every open task.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, case, cast, func, literal, literal_column, select
from sqlalchemy.orm import Session

from app import clock
from app.clock import local
from app.domain import calendar
from app.domain.deadline_rules import opening
from app.domain.forecast import PACE_DAYS
from app.domain.permissions import CONFIDENTIAL
from app.models.declaration import Declaration
from app.models.figures import StandingFigure, WorkTime
from app.models.notice import NoticeVersion
from app.models.office import Payment
from app.models.process import Deadline, Incident, ProcessInstance, Task
from app.processes import monitor
from app.processes.monitor import Rows

Row = dict[str, Any]
COLUMNS = tuple(column.name for column in StandingFigure.__table__.columns if column.name != "id")
STEP = ("notice_version_id", "process_key", "element_id", "path")
OFFICE = ("notice_id", "organisation_id")
_EMPTY: Row = {**dict.fromkeys(COLUMNS), "count": 0, "overdue": 0, "arrived": 0, "finished": 0}


def taken(session: Session) -> list[Row]:
    """Rows of `standing_figure`, none of a process whose people are secret."""
    now = clock.now(session)
    since = opening(calendar.calendar_of(session).previous_working_day(local(now).date(), PACE_DAYS).day)
    kinds = {
        "token": tokens(session),
        "instance": _instances(),
        "task": _tasks(now, since),
        "incident": _incidents(),
        "declaration": _declarations(),
        "pace": _pace(since),
    }
    rows = [
        {**_EMPTY, "kind": kind, **row} for kind, wanted in kinds.items() for row in session.execute(wanted).mappings()
    ]
    tasks = [row for row in rows if row["kind"] == "task"]
    notices = dict(session.execute(select(NoticeVersion.id, NoticeVersion.notice_id)).all())
    offices = [{**row, "notice_id": notices[row["notice_version_id"]]} for row in tasks if row["organisation_id"]]
    return [*rows, *_added_up(tasks, "step", STEP), *_added_up(offices, "office", OFFICE)]


def _added_up(rows: Iterable[Row], kind: str, by: tuple[str, ...]) -> list[Row]:
    """The rows of open tasks, summed over everything but `by`."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        key = tuple(row[name] for name in by)
        total = found.setdefault(key, {**_EMPTY, "kind": kind, **dict(zip(by, key, strict=True))})
        for name in ("count", "overdue", "arrived"):
            total[name] += row[name]
        total["oldest_at"] = min(total["oldest_at"] or row["oldest_at"], row["oldest_at"])
    return list(found.values())


def standing_at(session: Session) -> tuple[ColumnElement[str], ColumnElement[str]]:
    """The process and the element of each token, for a statement on instances; naming them joins the tokens."""
    waits = ProcessInstance.waits
    if session.get_bind().dialect.name == "sqlite":
        each = func.json_each(waits, "$.active").table_valued("value", name="token", joins_implicitly=True)
        return func.json_extract(each.c.value, "$[0]"), func.json_extract(each.c.value, "$[1]")
    token = func.jsonb_array_elements(waits["active"]).column_valued("token", joins_implicitly=True)
    return token.op("->>")(literal_column("0")), token.op("->>")(literal_column("1"))


def tokens(session: Session) -> Rows:
    """Instances at each element; an instance that stands there with several tokens counts once."""
    process, element = standing_at(session)
    version = ProcessInstance.notice_version_id
    return (
        select(
            version,
            process.label("process_key"),
            element.label("element_id"),
            func.count(func.distinct(ProcessInstance.id)).label("count"),
        )
        .where(ProcessInstance.status != "ended", process.not_in(CONFIDENTIAL))
        .group_by(version, process, element)
    )


def _tasks(now: datetime, since: datetime) -> Rows:
    path = cast(Task.path, Text)
    place = (ProcessInstance.notice_version_id, Declaration.committee_id, Task.process_key, Task.element_id)
    post = (Task.organisation_id, Task.role)
    return (
        select(
            *place,
            path.label("path"),
            *post,
            func.count().label("count"),
            _number(Deadline.due_at <= now).label("overdue"),
            _number(Task.created_at >= since).label("arrived"),
            func.min(Task.created_at).label("oldest_at"),
        )
        .join(ProcessInstance, ProcessInstance.id == Task.instance_id)
        .outerjoin(Declaration, Declaration.id == Task.declaration_id)
        .outerjoin(Deadline, Deadline.id == Task.deadline_id)
        .where(Task.status == "open", Task.process_key.not_in(CONFIDENTIAL))
        .group_by(*place, path, *post)
    )


def _instances() -> Rows:
    of = (ProcessInstance.notice_version_id, ProcessInstance.process_key)
    status = ProcessInstance.status
    return (
        select(*of, status.label("code"), func.count().label("count"))
        .where(ProcessInstance.process_key.not_in(CONFIDENTIAL))
        .group_by(*of, status)
    )


def _incidents() -> Rows:
    """By the process that the instance runs, whichever it had called when it failed."""
    place = (
        ProcessInstance.notice_version_id, ProcessInstance.process_key, Declaration.committee_id, Incident.element_id
    )  # fmt: skip
    kind = Incident.kind
    return (
        monitor.with_instance(select(*place, kind.label("code"), func.count().label("count")))
        .join(ProcessInstance, ProcessInstance.id == monitor.incident_instance())
        .outerjoin(Declaration, Declaration.id == ProcessInstance.declaration_id)
        .where(Incident.status == "open", ProcessInstance.process_key.not_in(CONFIDENTIAL))
        .group_by(*place, kind)
    )


def milestone() -> ColumnElement[str]:
    """The furthest step of a declaration on record, for a statement that joins its payment."""
    return case(
        (Payment.status == "paid", "paid"),
        (Declaration.accepted_at.is_not(None), "accepted"),
        (Declaration.submitted_at.is_not(None), "submitted"),
        else_="draft",
    )


def _declarations() -> Rows:
    furthest = milestone()
    of = (Declaration.notice_version_id, Declaration.committee_id, Declaration.category, Declaration.level)
    status = Declaration.status
    return (
        select(*of, status.label("code"), furthest.label("milestone"), func.count().label("count"))
        .outerjoin(Payment, Payment.declaration_id == Declaration.id)
        .group_by(*of, status, furthest)
    )


def _pace(since: datetime) -> Rows:
    """What left a post since then, and what of it had come since then too."""
    return (
        select(
            WorkTime.organisation_id,
            WorkTime.role,
            WorkTime.committee_id,
            literal(0).label("count"),
            func.count().label("finished"),
            _number(WorkTime.entered_at >= since).label("arrived"),
        )
        .where(WorkTime.left_at >= since, WorkTime.organisation_id.is_not(None))
        .group_by(WorkTime.organisation_id, WorkTime.role, WorkTime.committee_id)
    )


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
