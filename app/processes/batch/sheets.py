"""Batch actions as their pages show them: one with its items, and the list of those there were."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.deadline_rules import midnight_after, opening
from app.domain.inbox.choices import Choice
from app.domain.permissions import Grants
from app.domain.said import day, whole_number
from app.models.batch_action import BatchAction, BatchItem
from app.models.declaration import Declaration
from app.models.people import Organisation, Person
from app.models.process import ProcessInstance
from app.models.recommendation import UnitBatch
from app.processes import history
from app.processes.batch import planning, register
from app.processes.batch.actions import Action

OUTCOMES = {"pending": "待执行", "done": "已执行", "skipped": "已跳过", "failed": "未办成", "cancelled": "未执行"}
STATES = {"planned": "待确认", "running": "正在执行", "ended": "已结束"}
PAGE = 50
LISTED = 25
_applicant, _unit = aliased(Person), aliased(Organisation)


@dataclass(frozen=True)
class Line:
    """One item; `about` is the applicant, or the body of a batch."""

    instance_id: int | None
    process: str
    about: str
    place: str
    outcome: str
    reason: str
    ended_at: datetime | None


@dataclass(frozen=True)
class Counted:
    """A batch action and how far it is; `counts` outcome → how many."""

    batch: BatchAction
    action: Action
    author: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Sheet(Counted):
    """One page of its items; `says` is what people will read of it."""

    lines: list[Line] = field(default_factory=list)
    page: int = 1
    pages: int = 1
    says: str = ""


def sheet(session: Session, batch_id: int, grants: Grants, outcome: str = "", page: int = 1) -> Sheet:
    """A fixed number of statements, however many items."""
    batch = planning.get(session, batch_id, grants)
    action = register.get(batch.action)
    counts = _counts(session, [batch.id])[batch.id]
    shown = counts.get(outcome, 0) if outcome else sum(counts.values())
    pages = max(1, -(-shown // PAGE))
    page = min(max(1, page), pages)
    found = lines(session, batch.id, outcome, PAGE, (page - 1) * PAGE)
    author = session.get_one(Person, batch.person_id).name
    says = action.says(session, batch) if batch.state == "planned" else ""
    return Sheet(batch, action, author, counts, found, page, pages, says)


def lines(
    session: Session, batch_id: int, outcome: str = "", limit: int = planning.MOST, offset: int = 0
) -> list[Line]:
    """Its items in the order of the list; one statement."""
    wanted = BatchItem.batch_action_id == batch_id
    rows = session.execute(
        select(BatchItem, ProcessInstance.notice_version_id, ProcessInstance.process_key, _applicant.name, _unit.name)
        .outerjoin(ProcessInstance, ProcessInstance.id == BatchItem.instance_id)
        .outerjoin(Declaration, Declaration.id == ProcessInstance.declaration_id)
        .outerjoin(_applicant, _applicant.id == Declaration.person_id)
        .outerjoin(UnitBatch, UnitBatch.instance_id == ProcessInstance.id)
        .outerjoin(_unit, _unit.id == UnitBatch.organisation_id)
        .where(wanted & (BatchItem.outcome == outcome) if outcome else wanted)
        .order_by(BatchItem.id)
        .limit(limit)
        .offset(offset)
    )
    return [_line(session, *row) for row in rows]


def listing(session: Session, grants: Grants, said: Mapping[str, str], page: int = 1) -> tuple[list[Counted], int]:
    """Those one may look at by `action`, `author`, `state`, `since` and `until` (days), the latest first; how many."""
    wanted = [*_visible(grants), *_conditions(said)]
    total = session.scalar(select(func.count(BatchAction.id)).where(*wanted)) or 0
    page = min(max(1, page), max(1, -(-total // LISTED)))
    rows = session.execute(
        select(BatchAction, Person.name)
        .join(Person, Person.id == BatchAction.person_id)
        .where(*wanted)
        .order_by(BatchAction.id.desc())
        .limit(LISTED)
        .offset((page - 1) * LISTED)
    ).all()
    counts = _counts(session, [batch.id for batch, _ in rows])
    return [Counted(batch, register.get(batch.action), name, counts[batch.id]) for batch, name in rows], total


def choices(session: Session, grants: Grants) -> dict[str, list[Choice]]:
    """What the whole list holds by action and by author; two statements."""
    acted = session.execute(
        select(BatchAction.action, func.count()).where(*_visible(grants)).group_by(BatchAction.action)
    )
    authors = session.execute(
        select(Person.id, Person.name, func.count(BatchAction.id))
        .join(BatchAction, BatchAction.person_id == Person.id)
        .where(*_visible(grants))
        .group_by(Person.id, Person.name)
        .order_by(Person.name)
    )
    return {
        "action": [Choice(code, register.get(code).label, count) for code, count in acted],
        "author": [Choice(str(key), name, count) for key, name, count in authors],
    }


def _visible(grants: Grants) -> list[ColumnElement[bool]]:
    return [] if grants.sees_all else [BatchAction.person_id == grants.person_id]


def _conditions(said: Mapping[str, str]) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if said.get("action"):
        wanted.append(BatchAction.action == said["action"])
    if said.get("author"):
        wanted.append(BatchAction.person_id == whole_number(said["author"]))
    begun, over = BatchAction.started_at.is_not(None), BatchAction.ended_at.is_not(None)
    states = {"planned": ~begun & ~over, "running": begun & ~over, "ended": over}
    if said.get("state") in states:
        wanted.append(states[said["state"]])
    if (since := day(said.get("since"))) is not None:
        wanted.append(BatchAction.planned_at >= opening(since))
    if (until := day(said.get("until"))) is not None:
        wanted.append(BatchAction.planned_at < midnight_after(until))
    return wanted


def _counts(session: Session, batch_ids: list[int]) -> dict[int, dict[str, int]]:
    rows = session.execute(
        select(BatchItem.batch_action_id, BatchItem.outcome, func.count())
        .where(BatchItem.batch_action_id.in_(batch_ids))
        .group_by(BatchItem.batch_action_id, BatchItem.outcome)
    )
    found = {key: dict.fromkeys(OUTCOMES, 0) for key in batch_ids}
    for key, outcome, count in rows:
        found[key][outcome] = count
    return found


def _line(session: Session, item: BatchItem, version: int | None, key: str | None, *names: Any) -> Line:
    process = history.process_name(session, version, key) if version is not None and key is not None else ""
    about = next((name for name in names if name), "")
    return Line(item.instance_id, process, about, item.place, item.outcome, item.reason or "", item.ended_at)
