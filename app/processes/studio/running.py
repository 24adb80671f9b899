"""The instances of one version, as a designer sees them: which process, where it stands; nobody's name."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.process import ProcessInstance, Task
from app.processes import history, monitor

PAGE = 50


@dataclass(frozen=True)
class Running:
    """`waits` names the steps that it stands at; empty for one that has ended."""

    id: int
    process: str
    ended: bool
    started_at: datetime
    waits: str


def of_version(session: Session, version_id: int, page: int = 1) -> tuple[list[Running], int]:
    """One page of them, those not ended first, and how many pages there are."""
    held = ProcessInstance.notice_version_id == version_id
    total = session.scalar(select(func.count(ProcessInstance.id)).where(held)) or 0
    pages = max(1, -(-total // PAGE))
    query = (
        select(ProcessInstance)
        .where(held)
        .order_by(ProcessInstance.status == "ended", ProcessInstance.id.desc())
        .limit(PAGE)
        .offset((min(max(1, page), pages) - 1) * PAGE)
    )
    rows = session.scalars(query).all()
    asked = _asked(session, [row.id for row in rows])
    return [_shown(session, row, asked.get(row.id, "")) for row in rows], pages


def _asked(session: Session, instance_ids: list[int]) -> dict[int, str]:
    """Instance → its open tasks, as they are called: a step that serves several levels has the name of the level."""
    rows = session.execute(
        select(Task.instance_id, Task.name)
        .where(Task.instance_id.in_(instance_ids), Task.status == "open")
        .order_by(Task.id)
    )
    found: dict[int, list[str]] = {}
    for instance_id, name in rows:
        found.setdefault(instance_id, []).append(name)
    return {key: "、".join(dict.fromkeys(names)) for key, names in found.items()}


def _shown(session: Session, each: ProcessInstance, asked: str) -> Running:
    ended = each.status == "ended"
    name = history.process_name(session, each.notice_version_id, each.process_key)
    waits = "" if ended else asked or monitor.waiting_words(session, each.notice_version_id, each.waits)
    return Running(each.id, name, ended, each.started_at, waits)
