"""What the monitor's filters offer: the values that its whole list holds, so that one filter never empties another.

With figures where the list is short enough to be counted on the spot; a longer one offers the values alone. Two
statements either way.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal, null, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain import statuses
from app.domain.inbox.choices import Choice
from app.models.declaration import Declaration
from app.models.notice import Committee, Notice, NoticeVersion
from app.models.people import Organisation
from app.models.process import ProcessInstance, Task
from app.processes import bundles, history
from app.processes.overseeing import STATES, Rows

Choices = dict[str, list[Choice]]
_VERSION = (Notice.year, Notice.key, Notice.title, NoticeVersion.id, NoticeVersion.ordinal)


def counted(session: Session, base: ColumnElement[bool]) -> Choices:
    """Of a short list: every value with how many instances have it."""
    columns = (*_VERSION, ProcessInstance.process_key, ProcessInstance.status, Declaration.status, Committee.id)
    wanted: Rows = select(*columns, Committee.name, func.count(ProcessInstance.id))
    wanted = (
        wanted.select_from(ProcessInstance)
        .join(NoticeVersion, NoticeVersion.id == ProcessInstance.notice_version_id)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .outerjoin(Declaration, Declaration.id == ProcessInstance.declaration_id)
        .outerjoin(Committee, Committee.id == Declaration.committee_id)
    )
    found: dict[str, dict[str, list[Any]]] = {}
    for row in session.execute(wanted.where(base).group_by(*columns, Committee.name)):
        for name, value, label in _values(session, row):
            entry = found.setdefault(name, {}).setdefault(value, [label, 0])
            entry[1] += row[-1]
    choices = {
        name: [Choice(value, label, count) for value, (label, count) in sorted(entries.items())]
        for name, entries in found.items()
    }
    return {**choices, "office": _offices(session, base)}


def offered(session: Session) -> Choices:
    """Of a long list: the values that there are anywhere."""
    versions = session.execute(select(*_VERSION).join(Notice, Notice.id == NoticeVersion.notice_id)).all()
    processes, stages = (
        select(literal(name), cast(each.c.value, String), cast(null(), String)).where(each.c.value.is_not(None))
        for name, each in (
            ("process", _different(ProcessInstance.process_key, "processes")),
            ("stage", _different(Declaration.status, "stages")),
        )
    )
    committees = select(literal("committee"), cast(Committee.id, String), cast(Committee.name, String))
    current = committees.where(Committee.superseded_at.is_(None))
    rows = session.execute(union_all(processes, stages, current)).all()
    found: dict[str, dict[str, str]] = {"status": dict(STATES)}
    for year, key, title, version, ordinal in versions:
        found.setdefault("season", {})[str(year)] = _season(year)
        found.setdefault("notice", {})[key] = title
        found.setdefault("version", {})[str(version)] = _version(title, ordinal)
    newest = sorted((version for *_, version, _ in versions), reverse=True)
    for name, value, label in rows:
        words = label or (statuses.label(value) if name == "stage" else _process(session, newest, value))
        found.setdefault(name, {})[value] = words
    return {name: [Choice(value, label, None) for value, label in sorted(each.items())] for name, each in found.items()}


def _values(session: Session, row: Any) -> Iterable[tuple[str, str, str]]:
    """(filter, value, words) of one group."""
    year, key, title, version, ordinal, process, status, stage, committee, name, _ = row
    yield "season", str(year), _season(year)
    yield "notice", key, title
    yield "version", str(version), _version(title, ordinal)
    yield "process", process, history.process_name(session, version, process)
    yield "status", status, STATES.get(status, status)
    if stage:
        yield "stage", stage, statuses.label(stage)
        yield "committee", str(committee), name or ""


def _offices(session: Session, base: ColumnElement[bool]) -> list[Choice]:
    rows = session.execute(
        select(Organisation.id, Organisation.name, func.count(func.distinct(Task.instance_id)))
        .join(Task, Task.organisation_id == Organisation.id)
        .join(ProcessInstance, ProcessInstance.id == Task.instance_id)
        .where(Task.status == "open", base)
        .group_by(Organisation.id, Organisation.name)
        .order_by(Organisation.name)
    )
    return [Choice(str(key), name, count) for key, name, count in rows]


def _different(column: InstrumentedAttribute[Any], name: str) -> Any:
    """The different values of an indexed column, each found by one step into the index; no scan of the table."""
    first = select(func.min(column).label("value")).cte(name, recursive=True)
    following = select(func.min(column)).where(column > first.c.value).correlate(first).scalar_subquery()
    return first.union_all(select(following).where(first.c.value.is_not(None)))


def _season(year: int) -> str:
    return f"{year}年"


def _version(title: str, ordinal: int) -> str:
    return f"{title}第{ordinal}版"


def _process(session: Session, versions: Iterable[int], key: str) -> str:
    """The newest name of a process."""
    named = (bundles.of_version(session, version).definitions.names.get(key) for version in versions)
    return next((name for name in named if name), key)
