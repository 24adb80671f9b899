"""What a diagram's elements show of time and number: due times of waiting tasks and timers, tasks beside each other."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import badges, calendar, wording
from app.domain.badges import Badge
from app.domain.deadline_rows import WAKES
from app.models.process import Deadline, ProcessInstance, Task
from app.processes.diagrams import Picture

NORMAL = "normal"
_ORDER = ("overdue", "due", "held", NORMAL)  # of several on one element the most pressing is shown
Found = dict[str, Badge]


def added(session: Session, instance: ProcessInstance, picture: Picture) -> Picture:
    """The picture with due times and counts on its elements, and in the table beside it.

    A call activity shows those of the processes it calls.
    """
    tasks = _tasks(session, instance)
    dues = _most_pressing([*_task_badges(session, tasks), *_timer_badges(session, instance)])
    many = Counter(element for task, _ in tasks for element in {*task.path, task.element_id})
    counts = {element: f"{count}件待办" for element, count in many.items() if count > 1}
    labels = {key: " · ".join(each for each in (picture.state["labels"].get(key), counts.get(key)) if each)
              for key in {*picture.state["labels"], *counts}}  # fmt: skip
    details = picture.state["details"]
    said = {key: {**details[key], "due": badge.text} for key, badge in dues.items() if key in details}
    shown = {key: {"text": badge.text, "tone": badge.tone} for key, badge in dues.items()}
    state: dict[str, Any] = {**picture.state, "labels": labels, "dues": shown, "details": {**details, **said}}
    steps = [replace(step, due=dues[step.key].text) if step.key in dues else step for step in picture.steps]
    return replace(picture, state=state, steps=steps)


def _tasks(session: Session, instance: ProcessInstance) -> list[tuple[Task, Deadline | None]]:
    wanted = select(Task, Deadline).outerjoin(Deadline, Deadline.id == Task.deadline_id)
    rows = session.execute(wanted.where(Task.instance_id == instance.id, Task.status == "open").order_by(Task.id))
    return [(task, deadline) for task, deadline in rows]


def _task_badges(session: Session, tasks: Iterable[tuple[Task, Deadline | None]]) -> Iterable[tuple[str, Badge]]:
    now, days = clock.now(session), calendar.calendar_of(session)
    for task, deadline in tasks:
        found = badges.badge(deadline, now, days)
        if found is not None:
            yield from ((element, found) for element in {*task.path, task.element_id})


def _timer_badges(session: Session, instance: ProcessInstance) -> Iterable[tuple[str, Badge]]:
    now, days = clock.now(session), calendar.calendar_of(session)
    for row in session.scalars(select(Deadline).where(Deadline.instance_id == instance.id, WAKES)):
        assert row.element_id is not None
        yield row.element_id, (badges.badge(row, now, days) if row.rule else None) or _at(row.due_at)


def _at(due_at: datetime | None) -> Badge:
    return Badge(f"定于{wording.moment_words(due_at)}" if due_at else "计时暂停", NORMAL if due_at else "held")


def _most_pressing(found: Iterable[tuple[str, Badge]]) -> Found:
    chosen: Found = {}
    for element, badge in found:
        known = chosen.get(element)
        if known is None or _ORDER.index(badge.tone) < _ORDER.index(known.tone):
            chosen[element] = badge
    return chosen
