"""The figures of a season, read from its database: ends, missed deadlines, loads, waits, what nobody came to."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app import clock
from app.cli.rehearsal.causes import Causes
from app.domain import explanations, statuses
from app.domain.permissions import PERSONAL_ROLES
from app.models.declaration import Declaration
from app.models.process import Deadline, Event, Incident, Message, ProcessInstance, Task

Figures = list[dict[str, Any]]
PUBLICITY = "inclusive"  # the convention of a deadline before which nothing may be done: nobody misses it
_MOST = 5  # offices named behind a figure
_WALKED = {code: (place + 1) / (len(statuses.PROGRESS) + 1) for place, code in enumerate(statuses.PROGRESS)}
_NODES = ("Task", "Activity", "Event", "Gateway", "subProcess", "task")


def ends(session: Session, *, again: bool = False) -> Figures:
    """How many declarations ended as what, those that have not by their state; the most frequent first.

    Each applicant has one; what an upheld recheck has reviewed `again` is counted by itself.
    """
    code = func.coalesce(Declaration.ended_as, Declaration.status)
    wanted = select(code, Declaration.ended_as.is_not(None), func.count()).where(_second(again))
    rows = session.execute(wanted.group_by(code, Declaration.ended_as.is_(None)))
    found = [
        {"code": code, "name": statuses.label(code), "ended": bool(over), "count": count} for code, over, count in rows
    ]
    return sorted(found, key=lambda each: (not each["ended"], -each["count"], each["code"]))


def way(session: Session, applicants: int) -> tuple[int, float]:
    """How many applicants have their result, and how far all have come together, from 0 to 1."""
    wanted = select(Declaration.status, Declaration.ended_as.is_not(None), func.count()).where(_second(again=False))
    rows = session.execute(wanted.group_by(Declaration.status, Declaration.ended_as.is_not(None))).all()
    ended = sum(count for _, over, count in rows if over)
    walked = sum(count * _WALKED.get(status, 0) for status, over, count in rows if not over)
    return ended, (ended + walked) / applicants


def _second(again: bool) -> ColumnElement[bool]:
    return Declaration.parent_id.is_not(None) if again else Declaration.parent_id.is_(None)


def missed(session: Session, causes: Causes, version_id: int) -> Figures:
    """Tasks whose deadline passed before they were done, by rule and step: how many of how many, and by whom."""
    now = clock.now(session)
    rows = session.execute(
        select(Deadline.rule, Task.element_id, Task.name, Task.role, Task.organisation_id, Deadline.due_at)
        .add_columns(Task.ended_at, func.coalesce(Deadline.convention, "") == PUBLICITY)
        .join(Deadline, Deadline.id == Task.deadline_id)
        .where(Deadline.due_at.is_not(None))
        .order_by(Task.id)
    )
    asked: Counter[tuple[str, str]] = Counter()
    late: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    names: dict[tuple[str, str], str] = {}
    for rule, element, name, role, body, due_at, ended_at, not_before in rows:
        if not not_before:
            asked[rule, element] += 1
            names[rule, element] = name
            if due_at <= now and (ended_at or now) >= due_at:
                late[rule, element][causes.office(role, body)] += 1
    return [
        {
            **causes.element(key[1], names[key]),
            "parameter": causes.parameter(key[0]),
            "meaning": explanations.meaning(session, version_id, key[0]),
            "count": late[key].total(),
            "of": asked[key],
            "by": _top(late[key]),
        }
        for key in sorted(late, key=lambda key: (-late[key].total(), key))
    ]


def loads(session: Session, causes: Causes, most: int = 30) -> Figures:
    """Per office: tasks done, on how many days, the fullest day; those with the fullest days first."""
    day = func.date(Task.ended_at, "+8 hours")
    rows = session.execute(
        select(Task.role, Task.organisation_id, day, func.count())
        .where(Task.status == "completed", Task.role.not_in(PERSONAL_ROLES), Task.organisation_id.is_not(None))
        .group_by(Task.role, Task.organisation_id, day)
        .order_by(day)
    )
    found: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for role, body, on, count in rows:
        found[role, body][on] += count
    figures: Figures = []
    for (role, body), days in found.items():
        peak_day, peak = days.most_common(1)[0]
        said = {"office": causes.office(role, body), "role": role, "tasks": days.total(), "days": len(days)}
        figures.append({**said, "peak": peak, "peak_day": peak_day})
    return sorted(figures, key=lambda each: (-each["peak"], -each["tasks"], each["office"]))[:most]


def busiest(session: Session) -> dict[str, int]:
    """Tasks done by everybody on each day of the season."""
    day = func.date(Task.ended_at, "+8 hours")
    rows = session.execute(select(day, func.count()).where(Task.status == "completed").group_by(day).order_by(day))
    return dict(rows.all())


def waits(session: Session, causes: Causes, between: Callable[[datetime, datetime], int]) -> Figures:
    """Per step: how long people waited for it, in working days; the longest waits first. Open tasks wait until now."""
    now = clock.now(session)
    rows = session.execute(
        select(Task.element_id, Task.name, Task.role, Task.created_at, Task.ended_at, Task.organisation_id).order_by(
            Task.id
        )
    )
    found: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
    known: dict[tuple[Any, Any], int] = {}
    for element, name, role, begun, ended, body in rows:
        days = (clock.local(begun).date(), clock.local(ended or now).date())
        if days not in known:
            known[days] = between(begun, ended or now)
        found[element, name, role].append((known[days], causes.office(role, body)))
    figures: Figures = []
    for (element, name, role), each in found.items():
        longest, office = max(each, key=lambda wait: wait[0])
        said = {"role": role, "count": len(each), "median": median(days for days, _ in each), "longest": longest}
        figures.append({**causes.element(element, name), **said, "office": office})
    return sorted(figures, key=lambda each: (-each["longest"], -each["median"], str(each["element"])))


def incidents(session: Session, causes: Causes) -> Figures:
    """Faults of the diagrams and tasks that nobody holds: where, why, how often, still open or not."""
    rows = session.execute(
        select(Incident.kind, Incident.element_id, Incident.line, Incident.reason, Incident.status, func.count())
        .group_by(Incident.kind, Incident.element_id, Incident.line, Incident.reason, Incident.status)
        .order_by(func.count().desc(), Incident.kind, Incident.element_id, Incident.reason)
    )
    return [
        {
            **causes.element(element),
            **({"line": line} if line else {}),
            "kind": kind,
            "reason": reason,
            "status": status,
            "count": count,
        }
        for kind, element, line, reason, status, count in rows
    ]


def unheld(session: Session, causes: Causes) -> Figures:
    """Open tasks in whose post nobody is, by step and post."""
    nobody = select(Incident.instance_id, Incident.element_id).where(Incident.kind == "nobody").distinct().subquery()
    rows = session.execute(
        select(Task.element_id, Task.name, Task.role, Task.organisation_id, func.count())
        .join(nobody, (nobody.c.instance_id == Task.instance_id) & (nobody.c.element_id == Task.element_id))
        .where(Task.status == "open")
        .group_by(Task.element_id, Task.name, Task.role, Task.organisation_id)
    )
    counts: Counter[tuple[str, str, str]] = Counter()
    at: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for element, name, role, body, count in rows:
        counts[element, name, role] += count
        at[element, name, role][causes.office(role, body)] += count
    return [
        {**causes.element(key[0], key[1]), "role": key[2], "count": count, "by": _top(at[key])}
        for key, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def left_over(session: Session, causes: Causes) -> Figures:
    """Where the declarations stand that have not ended: the step each waits at, or what message."""
    open_tasks = select(Task.declaration_id, Task.element_id, Task.name, Task.role).where(Task.status == "open")
    standing: dict[int | None, tuple[str, str, str]] = {}
    for declaration_id, element, name, role in session.execute(open_tasks.order_by(Task.id.desc())):
        standing[declaration_id] = (element, name, role)
    living = select(Declaration.id, Declaration.status, ProcessInstance.waits)
    living = living.join(ProcessInstance, ProcessInstance.id == Declaration.instance_id)
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for declaration_id, status, waiting in session.execute(living.where(Declaration.ended_as.is_(None))):
        counts[(*standing.get(declaration_id, _awaited(causes, waiting)), statuses.label(status))] += 1
    found = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [
        {**causes.element(element, name), "role": role, "status": status, "count": count}
        for (element, name, role, status), count in found
    ]


def untaken(session: Session) -> Figures:
    """Messages that nobody has taken."""
    name = func.coalesce(Message.starts, Message.name)
    rows = session.execute(
        select(name, Message.status, func.count())
        .where(Message.status != "delivered")
        .group_by(name, Message.status)
        .order_by(name, Message.status)
    )
    return [{"name": name, "status": status, "count": count} for name, status, count in rows]


def unreached(session: Session, causes: Causes) -> Figures:
    """Elements that no case has come to, diagram by diagram; of diagrams that were never begun only their names."""
    reached: set[str] = set(session.scalars(select(Task.element_id).distinct()))
    for payload in session.scalars(
        select(Event.payload).where(Event.kind == "passed").execution_options(yield_per=1000)
    ):
        reached.update(element for _, element in (payload or {}).get("elements", ()))
    for waiting in session.scalars(select(ProcessInstance.waits)):
        for kind in ("timers", "messages"):
            reached.update((waiting or {}).get(kind, {}).values())
    drawn: dict[str, list[str]] = defaultdict(list)
    for element in causes.definitions.elements.values():
        if element.kind.endswith(_NODES):
            drawn[element.process].append(element.id)
    found = []
    for process, elements in sorted(drawn.items()):
        missing = [each for each in elements if each not in reached]
        if missing:
            never = len(missing) == len(elements)
            listed: Figures = [] if never else [causes.element(each) for each in missing]
            name = causes.definitions.names.get(process, process)
            found.append(
                {
                    "process": process,
                    "name": name,
                    "begun": not never,
                    "count": len(missing),
                    "of": len(elements),
                    "elements": listed,
                }
            )
    return found


def _awaited(causes: Causes, waiting: Mapping[str, Any] | None) -> tuple[str, str, str]:
    said = waiting or {}
    awaited: Iterable[str] = (*said.get("messages", {}).values(), *said.get("timers", {}).values())
    element = next(iter(sorted(awaited)), "")
    return element, causes.element(element)["name"], ""


def _top(counts: Counter[str]) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [{"office": office, "count": count} for office, count in ordered[:_MOST]]
