"""The processes of every notice version with what runs on them: so nobody overlooks those on old versions."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.permissions import Grants
from app.engine.parser import Definitions
from app.models.figures import StandingFigure
from app.models.notice import Notice, NoticeVersion
from app.models.process import ProcessInstance
from app.processes import bundles, monitor
from app.processes.figures.definitions import open_tasks

Key = tuple[int, str]  # version id, process


@dataclass(frozen=True)
class Line:
    """One process of one version; `newest` where instances begin on it today."""

    version: NoticeVersion
    notice: Notice
    process: str
    name: str
    newest: bool
    running: int
    ended: int
    overdue: int
    incidents: int


def listing(session: Session, grants: Grants) -> list[Line]:
    """Every process that has instances, the newest year and version first; a fixed number of statements."""
    counted = _instances(session, grants)
    versions = {
        version.id: (version, notice)
        for version, notice in session.execute(
            select(NoticeVersion, Notice)
            .join(Notice, Notice.id == NoticeVersion.notice_id)
            .where(NoticeVersion.id.in_({version for version, _ in counted}))
        ).all()
    }
    newest = dict(
        session.execute(
            select(NoticeVersion.notice_id, func.max(NoticeVersion.ordinal)).group_by(NoticeVersion.notice_id)
        ).all()
    )
    overdue, incidents = _overdue(session, grants), _incidents(session, grants)
    lines = []
    for (version_id, process), states in counted.items():
        version, notice = versions[version_id]
        name = bundles.of_version(session, version_id).definitions.names.get(process, process)
        lines.append(
            Line(
                version,
                notice,
                process,
                name,
                version.ordinal == newest[notice.id],
                states["running"] + states["suspended"],
                states["ended"],
                overdue[version_id, process],
                incidents[version_id, process],
            )
        )
    return sorted(lines, key=_order)


def _order(line: Line) -> tuple[Any, ...]:
    return -line.notice.year, line.notice.key, -line.version.ordinal, -line.running, line.process


def _instances(session: Session, grants: Grants) -> dict[Key, Counter[str]]:
    """Instances by state: as counted for those who see all, else those the person may look at."""
    rows: Any
    if grants.sees_all:
        table = StandingFigure
        wanted = select(table.notice_version_id, table.process_key, table.code, table.count)
        rows = session.execute(wanted.where(table.kind == "instance"))
    else:
        of = (ProcessInstance.notice_version_id, ProcessInstance.process_key, ProcessInstance.status)
        rows = session.execute(select(*of, func.count()).where(monitor.visible(grants)).group_by(*of))
    found: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    for version, process, state, count in rows:
        found[version, process][state] += count
    return found


def _overdue(session: Session, grants: Grants) -> Counter[Key]:
    """By the process that the instance runs, not the one called in the end."""
    table = StandingFigure
    wanted = (
        select(table.notice_version_id, table.process_key, table.path, func.sum(table.overdue))
        .where(open_tasks(grants), table.overdue > 0)
        .group_by(table.notice_version_id, table.process_key, table.path)
    )
    found: Counter[Key] = Counter()
    rows: Any = session.execute(wanted)
    for version, process, path, count in rows:
        definitions = bundles.of_version(session, version).definitions
        found[version, _outermost(definitions, process, path)] += count
    return found


def _outermost(definitions: Definitions, process: str, path: str | None) -> str:
    calls = json.loads(path or "[]")
    return definitions.elements[calls[0]].process if calls and calls[0] in definitions.elements else process


def _incidents(session: Session, grants: Grants) -> Counter[Key]:
    if not grants.sees_all:
        return Counter()
    table = StandingFigure
    wanted = select(table.notice_version_id, table.process_key, func.sum(table.count)).where(table.kind == "incident")
    rows: Any = session.execute(wanted.group_by(table.notice_version_id, table.process_key))
    return Counter({(version, process): count for version, process, count in rows})
