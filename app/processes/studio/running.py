"""The instances of one version, as a designer sees them: which process, where it stands; nobody's name."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.process import ProcessInstance
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
    return [_shown(session, each) for each in session.scalars(query)], pages


def _shown(session: Session, each: ProcessInstance) -> Running:
    ended = each.status == "ended"
    name = history.process_name(session, each.notice_version_id, each.process_key)
    waits = "" if ended else monitor.waiting_words(session, each.notice_version_id, each.waits)
    return Running(each.id, name, ended, each.started_at, waits)
