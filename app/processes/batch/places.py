"""Where many processes stand, in words and by the ids of their open tasks."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import people
from app.models.people import Organisation
from app.models.process import ProcessInstance, Task
from app.processes import monitor

LENGTH = 300


@dataclass(frozen=True)
class Place:
    words: str
    tasks: list[int]


def of_instances(session: Session, ids: Collection[int]) -> dict[int, Place]:
    """Instance id → its steps with the offices that hold them, else what it waits for; two statements."""
    columns = (
        ProcessInstance.id,
        ProcessInstance.notice_version_id,
        ProcessInstance.status,
        ProcessInstance.waits,
    )
    rows = session.execute(select(*columns).where(ProcessInstance.id.in_(ids))).all()
    held = _held(session, ids)
    found = {}
    for key, version, status, waits in rows:
        words = "、".join(said for _, said in held[key])
        if not words and status != "ended":
            words = monitor.waiting_words(session, version, waits)
        found[key] = Place(words[:LENGTH], [task for task, _ in held[key]])
    return found


def open_tasks(session: Session, ids: Iterable[int]) -> dict[int, list[int]]:
    """Instance id → its open tasks; one statement."""
    return {key: [task for task, _ in found] for key, found in _held(session, ids).items()}


def words_of(task: str, role: str, office: str | None) -> str:
    """`单位审核（虚构数据研究院）`"""
    return f"{task}（{office or people.ROLES.get(role, role)}）"


def _held(session: Session, ids: Iterable[int]) -> defaultdict[int, list[tuple[int, str]]]:
    rows = session.execute(
        select(Task.instance_id, Task.id, Task.name, Task.role, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Task.organisation_id)
        .where(Task.instance_id.in_(ids), Task.status == "open")
        .order_by(Task.id)
    )
    found: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for instance_id, task_id, name, role, office in rows:
        found[instance_id].append((task_id, words_of(name, role, office)))
    return found
