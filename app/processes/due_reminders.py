"""Reminding whoever may do an open task: working days before its deadline, and once it has passed.

By SQL over tasks and deadlines; no instance is woken. What a diagram itself reminds of is not said twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app import clock
from app.clock import local
from app.db import Database
from app.domain import badges, history, notifications, people, reminder_rules, suspended
from app.domain.calendar import calendar_of
from app.domain.deadline_rules import opening, spoken
from app.domain.inbox import titles
from app.models.declaration import Declaration
from app.models.notification import Notification
from app.models.process import Deadline, ProcessInstance, Task
from app.models.reminder import TaskReminder

KIND = "reminded"
BATCH = 200
# what diagrams themselves tell the very people who may do the task
DRAWN = ("route_warning", "recheck_overdue", "report_overdue", "draft_overdue", "archive_overdue")


def remind(database: Database) -> int:
    """Everything that is due, in transactions of BATCH tasks; returns how many tasks somebody was reminded of."""
    told = 0
    with database.reading() as session:
        wanted = _wanted(session)
    for kind, days in wanted:
        while True:
            with database.transaction() as session:
                rows = _due(session, kind, days)
                told += _remind(session, kind, days, rows)
            if len(rows) < BATCH:
                break
    return told


def _wanted(session: Session) -> list[tuple[str, int]]:
    """The reminders that somebody is owed, the nearest of a kind first; a look that takes no writer's turn."""
    rules = reminder_rules.rules(session)
    every = [("before", each) for each in sorted(rules.before)] + [
        ("after", each) for each in sorted(rules.after)[::-1]
    ]
    return [each for each in every if session.scalar(_candidates(session, *each, Task.id).limit(1)) is not None]


def _candidates(session: Session, kind: str, days: int, *columns: Any) -> Any:
    running = (Deadline.closed_at.is_(None), Task.status == "open", ProcessInstance.status != suspended.STATUS)
    due = reminder_rules.due_now(kind, days, clock.now(session), calendar_of(session))
    return titles.joined(select(*columns)).where(due, *running)


def _due(session: Session, kind: str, days: int) -> Sequence[Row[Any]]:
    its = (Task.id, Task.instance_id, Task.element_id, Task.declaration_id, Task.organisation_id, Task.person_id)
    named = (Task.name, titles.applicant.name.label("applicant"), Declaration.specialty, Declaration.level)
    more = (titles.ABOUT.label("about"), Deadline.due_at, ProcessInstance.notice_version_id)
    wanted = _candidates(session, kind, days, *its, *named, *more)
    locked = wanted.order_by(Task.id).limit(BATCH).with_for_update(of=Task, skip_locked=True)
    return session.execute(locked).all()


def _remind(session: Session, kind: str, days: int, rows: Sequence[Row[Any]]) -> int:
    """Keep all of them as reminded of; tell the people of those that no diagram has told."""
    if not rows:
        return 0
    now, calendar = clock.now(session), calendar_of(session)
    session.add_all(TaskReminder(task_id=row.id, kind=kind, days=days, due_at=row.due_at, at=now) for row in rows)
    drawn = _drawn(session, {row.instance_id for row in rows})
    yesterday = opening(calendar.previous_working_day(local(now).date(), 1).day)
    told = [row for row in rows if not _said(drawn.get(row.instance_id), row.due_at if kind == "after" else yesterday)]
    receivers, events = _receivers(session, told), defaultdict(list)
    for row in told:
        facts = {"task": titles.title(row.name, row.applicant, row.specialty, row.level, row.about)}
        facts |= {"due": spoken(row.due_at), "left": badges.badge_of(row.due_at, [], False, now, calendar).text}
        about = notifications.About(row.notice_version_id, row.declaration_id, row.instance_id)
        to = receivers.get(row.id, [])
        notifications.post(session, to, reminder_rules.TEMPLATES[kind], facts, about)
        at = {name: getattr(row, name) for name in ("element_id", "declaration_id", "organisation_id")}
        payload = {"task": row.name, "reason": facts["left"], "told": len(to)}
        events[row.instance_id].append({"kind": KIND, "payload": payload, "task_id": row.id, **at})
    history.append_many(session, events)
    return len(told)


def _drawn(session: Session, instance_ids: Iterable[int]) -> Mapping[int | None, datetime]:
    """When the instances' diagrams last reminded somebody themselves."""
    wanted = select(Notification.instance_id, func.max(Notification.created_at)).group_by(Notification.instance_id)
    of_these = (Notification.instance_id.in_(list(instance_ids)), Notification.template.in_(DRAWN))
    return {row[0]: row[1] for row in session.execute(wanted.where(*of_these))}


def _said(drawn: datetime | None, since: datetime) -> bool:
    return drawn is not None and drawn >= since


def _receivers(session: Session, rows: Iterable[Row[Any]]) -> dict[int, list[int]]:
    """Task id → whoever may do it: its holder, else everybody in its post."""
    found: dict[int, list[int]] = {row.id: [row.person_id] for row in rows if row.person_id is not None}
    free = [row.id for row in rows if row.person_id is None]
    for task_id, person_id in session.execute(people.in_posts_of(Task.id.in_(free), clock.now(session))):
        found.setdefault(task_id, []).append(person_id)
    return found
