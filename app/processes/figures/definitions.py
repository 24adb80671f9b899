"""One process of a notice version as managers see it: what stands at each step, how often and how long it took."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from app.domain import durations, notices, permissions
from app.domain.durations import Spread
from app.domain.permissions import Grants
from app.engine import xml
from app.engine.parser import Definitions
from app.errors import NotFound
from app.models.figures import EVERYBODY, FigureMark, PassFigure, StandingFigure, TaskFigure, WorkTime
from app.models.notice import Notice, NoticeVersion
from app.processes import bundles

HEATS = {"frequency": "办理次数", "days": "用时（工作日）"}
SHADES = 5
WORST = 5
STEPS = ("userTask", "callActivity", "scriptTask", "businessRuleTask", "serviceTask", "manualTask")
EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
GATEWAYS = ("exclusiveGateway", "parallelGateway", "eventBasedGateway")


@dataclass(frozen=True)
class Node:
    """One element: what stands there now, how often a token went through, and how long people took."""

    id: str
    name: str
    kind: str
    open: int
    overdue: int
    incidents: int
    passed: int
    spread: Spread

    @property
    def told(self) -> bool:
        """Whether there is anything to say of it."""
        return bool(self.open or self.incidents or self.passed or self.spread.count)


@dataclass(frozen=True)
class Shade:
    """One step of the legend: from so much on, up to so much."""

    level: int
    first: int
    last: int


@dataclass(frozen=True)
class Case:
    """One of the slowest."""

    instance_id: int
    office: int | None
    days: int
    held_days: int
    left_at: datetime


@dataclass(frozen=True)
class Board:
    """`levels`: element → shade; `calls`: (process, name); `as_of`: when what stands was counted, None for never."""

    version: NoticeVersion
    notice: Notice
    process: str
    name: str
    xml: str
    nodes: list[Node]
    calls: list[tuple[str, str]]
    levels: Mapping[str, int]
    legend: list[Shade]
    as_of: datetime | None


def board(session: Session, grants: Grants, version_id: int, process: str, heat: str) -> Board:
    """NotFound for a version or process that does not exist; the same statements whatever the number of instances."""
    version = session.get(NoticeVersion, version_id)
    content = None if version is None else notices.bundle(session, version_id).diagrams.get(f"{process}.bpmn")
    if version is None or content is None:
        raise NotFound("没有找到该流程。")
    definitions = bundles.of_version(session, version_id).definitions
    nodes = _nodes(session, grants, version_id, definitions, process)
    steps = [each for each in nodes if each.kind in STEPS]  # a shade and a number need the room that a step has
    measured = {each.id: each.passed if heat == "frequency" else each.spread.median for each in steps}
    levels, legend = shades({key: value for key, value in measured.items() if value})
    return Board(
        version=version,
        notice=session.get_one(Notice, version.notice_id),
        process=process,
        name=definitions.names.get(process, process),
        xml=content.decode(),
        nodes=nodes,
        calls=[(key, definitions.names.get(key, key)) for key in _called(content)],
        levels=levels,
        legend=legend,
        as_of=as_of(session),
    )


def as_of(session: Session) -> datetime | None:
    """When what stands was counted last."""
    mark = session.get(FigureMark, 1)
    return mark.standing_at if mark else None


def slowest(session: Session, grants: Grants, version_id: int, process: str, element: str) -> list[Case]:
    """The finished tasks of a step that took longest, as far as the person may see them."""
    definitions = bundles.of_version(session, version_id).definitions
    its = WorkTime.element_id == element
    if element == _inner(definitions, process):
        its = or_(its, _called_from_outside(WorkTime, definitions, process))
    columns = (WorkTime.instance_id, WorkTime.organisation_id, WorkTime.days, WorkTime.held_days, WorkTime.left_at)
    wanted = select(*columns).where(WorkTime.notice_version_id == version_id, its, _seen(grants, WorkTime))
    rows = session.execute(wanted.order_by(WorkTime.days.desc(), WorkTime.task_id).limit(WORST))
    return [Case(*row) for row in rows]


def shades(measured: Mapping[str, int]) -> tuple[dict[str, int], list[Shade]]:
    """Equal steps from one to the largest value: the legend names their bounds, so a shade can be read as a number."""
    if not measured:
        return {}, []
    largest = max(measured.values())
    steps = min(SHADES, largest)
    bounds = [-(-largest * step // steps) for step in range(steps + 1)]
    legend = [Shade(SHADES - steps + step, bounds[step - 1] + 1, bounds[step]) for step in range(1, steps + 1)]
    of = {key: next(each.level for each in legend if value <= each.last) for key, value in measured.items()}
    return of, legend


def _nodes(session: Session, grants: Grants, version_id: int, definitions: Definitions, process: str) -> list[Node]:
    elements = [
        each
        for each in definitions.elements.values()
        if each.process == process and each.kind in (*STEPS, *EVENTS, *GATEWAYS) and each.name
    ]
    ids = {each.id for each in elements}
    tasks = _open_tasks(session, grants, version_id, definitions, process)
    spreads = _spreads(session, grants, version_id, definitions, process, ids)
    if grants.sees_all:
        standing = _by_element(session, version_id, "token", StandingFigure.process_key == process)
        passed = dict(session.execute(_of_process(PassFigure, version_id, process)).all())
        faults = _by_element(session, version_id, "incident", StandingFigure.element_id.in_(ids))
    else:
        standing, faults = {key: count for key, (count, _) in tasks.items()}, {}
        passed = {key: found.count for key, found in spreads.items()}
    nothing = Spread()
    return [
        Node(
            each.id,
            each.name,
            each.kind,
            standing.get(each.id, 0),
            tasks.get(each.id, (0, 0))[1],
            faults.get(each.id, 0),
            passed.get(each.id, 0),
            spreads.get(each.id, nothing),
        )
        for each in elements
    ]


def _called(content: bytes) -> list[str]:
    """The processes that a diagram calls, each once."""
    nodes = (node for node in xml.parse(content).iter() if xml.is_bpmn(node) and xml.local(node) == "callActivity")
    return list(dict.fromkeys(node.get("calledElement") for node in nodes))


def _of_process(table: type[PassFigure], version_id: int, process: str) -> Any:
    wanted = select(table.element_id, table.count)
    return wanted.where(table.notice_version_id == version_id, table.process_key == process)


def _by_element(session: Session, version_id: int, kind: str, which: ColumnElement[bool]) -> dict[str, int]:
    of_kind = and_(StandingFigure.kind == kind, StandingFigure.notice_version_id == version_id, which)
    wanted = select(StandingFigure.element_id, func.sum(StandingFigure.count)).where(of_kind)
    return {key or "": count for key, count in session.execute(wanted.group_by(StandingFigure.element_id))}


def _open_tasks(
    session: Session, grants: Grants, version_id: int, definitions: Definitions, process: str
) -> dict[str, tuple[int, int]]:
    """Element of the process → (open, overdue) tasks at it or in what it calls."""
    table, inner = StandingFigure, _inner(definitions, process)
    wanted = (
        select(table.element_id, table.process_key, table.path, func.sum(table.count), func.sum(table.overdue))
        .where(open_tasks(grants), table.notice_version_id == version_id)
        .group_by(table.element_id, table.process_key, table.path)
    )
    found: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for element, its_process, path, count, overdue in session.execute(wanted):
        places = {element or "", *json.loads(path or "[]")}
        if its_process == process and _is_outside(definitions, process, element or "") and inner:
            places.add(inner)
        for place in places:
            found[place] = (found[place][0] + count, found[place][1] + overdue)
    return found


def _spreads(
    session: Session, grants: Grants, version_id: int, definitions: Definitions, process: str, ids: Iterable[str]
) -> dict[str, Spread]:
    table, inner = TaskFigure, _inner(definitions, process)
    of_all = and_(table.organisation_id == EVERYBODY, table.role == "")
    wanted = (
        select(table.element_id, table.days, func.sum(table.count))
        .where(table.notice_version_id == version_id)
        .where(or_(table.element_id.in_(list(ids)), table.process_key == process))
        .where(of_all if grants.sees_all else permissions.overseen(grants, table))
        .group_by(table.element_id, table.days)
    )
    found: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for element, days, count in session.execute(wanted):
        place = inner if _is_outside(definitions, process, element) else element
        if place:
            found[place][days] += count
    return {key: durations.spread(histogram) for key, histogram in found.items()}


def open_tasks(grants: Grants) -> ColumnElement[bool]:
    """The standing figures to add up: over all posts, or those of the person's own."""
    if grants.sees_all:
        return StandingFigure.kind == "step"
    return and_(StandingFigure.kind == "task", permissions.overseen(grants, StandingFigure))


def _seen(grants: Grants, table: Any) -> ColumnElement[bool]:
    return true() if grants.sees_all else permissions.overseen(grants, table)


def _inner(definitions: Definitions, process: str) -> str | None:
    """The step of a called process whose tasks bear the name of the call: its only one whose role is the caller's."""
    found = [
        each.id
        for each in definitions.elements.values()
        if each.process == process and each.kind == "userTask" and each.properties.get("role") == "caller"
    ]
    return found[0] if len(found) == 1 else None


def _is_outside(definitions: Definitions, process: str, element: str) -> bool:
    return element not in definitions.elements or definitions.elements[element].process != process


def _called_from_outside(table: Any, definitions: Definitions, process: str) -> ColumnElement[bool]:
    own = [each.id for each in definitions.elements.values() if each.process == process]
    return and_(table.process_key == process, table.element_id.not_in(own))
