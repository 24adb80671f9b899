"""Supplementary notices in force: instances re-pinned, deadlines computed anew, those at work told (D18a)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import amendments, deadlines, notifications, people
from app.domain.amendments import Amended, Amendment
from app.domain.deadline_rules import spoken
from app.domain.deadlines import Change
from app.domain.notice_content import content
from app.models.declaration import Declaration
from app.models.notice import NoticeVersion
from app.models.people import Person
from app.models.process import Deadline, ProcessInstance, Task
from app.processes.effects import Effect, described


@dataclass(frozen=True)
class Outcome:
    """The new version; `changes` are the deadlines that moved, `left` those left because they would be shortened."""

    amended: Amended
    changes: list[Change]
    left: list[Change]
    told: list[int]  # persons


@dataclass(frozen=True)
class Outlook:
    """What a supplementary notice would do: deadlines that move, instances under it, people told."""

    effects: list[Effect]
    moved: int
    told: list[str]


def outlook(session: Session, outcome: Outcome) -> Outlook:
    """An outcome in words, for whoever decides on it; the session may be undone afterwards."""
    names = session.scalars(select(Person.name).where(Person.id.in_(outcome.told)).order_by(Person.id))
    return Outlook(described(session, [*outcome.changes, *outcome.left]), outcome.amended.moved, list(names))


def amend(session: Session, notice_key: str, amendment: Amendment, *, by: int | None, shorten: bool = False) -> Outcome:
    """Publish a supplementary notice; if it is in force, carry it out. No instance is loaded."""
    amended = amendments.amend(session, notice_key, amendment, by=by)
    if amended.version.effective_at > clock.now(session):
        return Outcome(amended, [], [], [])
    return carry_out(session, amended, by=by, shorten=shorten)


def take_effect(database: Database) -> int:
    """Carry out every supplementary notice whose time has come; returns how many."""
    with database.reading() as session:
        now = clock.now(session)
        waiting = select(NoticeVersion.id).where(
            NoticeVersion.took_effect_at.is_(None), NoticeVersion.effective_at <= now
        )
        if session.scalars(waiting.limit(1)).first() is None:
            return 0
    with database.transaction() as session:
        done = amendments.take_effect(session)
        for amended in done:
            carry_out(session, amended, by=amended.version.published_by)
    return len(done)


def carry_out(session: Session, amended: Amended, *, by: int | None, shorten: bool = False) -> Outcome:
    """Compute the deadlines anew that rest on what changed, and tell applicants and offices concerned."""
    version = amended.version
    found = [
        change
        for each in (*amended.siblings, version)
        for key in sorted(amended.changed)
        for change in deadlines.preview(session, ProcessInstance.notice_version_id == each.id, Deadline.rule == key)
    ]
    left = [change for change in found if change.shortens and not shorten]
    changes = [change for change in found if change not in left]
    deadlines.apply(session, changes, why=version.note, by=by, shorten=shorten)
    return Outcome(amended, changes, left, _tell(session, version, changes))


def _tell(session: Session, version: NoticeVersion, changes: Iterable[Change]) -> list[int]:
    """One notification a person and changed rule; the rows are the list of those told."""
    told: list[int] = []
    vocabulary = content(session, version.id).vocabulary
    for rule in sorted({change.rule for change in changes}):
        concerned = [change for change in changes if change.rule == rule and change.after is not None]
        if not concerned:
            continue
        due_at = concerned[0].after
        assert due_at is not None
        meaning = vocabulary[rule].meaning if rule in vocabulary else rule
        facts = {"basis": version.legal_basis or version.number, "window": meaning, "due": spoken(due_at)}
        receivers = _concerned(session, {change.declaration_id for change in concerned if change.declaration_id})
        notifications.post(session, receivers, "window_changed", facts, notifications.About(version.id))
        told += receivers
    return list(dict.fromkeys(told))


def _concerned(session: Session, declaration_ids: set[int]) -> list[int]:
    """The applicants, and whoever may do an open task of these declarations."""
    now = clock.now(session)
    applicants = session.scalars(select(Declaration.person_id).where(Declaration.id.in_(declaration_ids))).all()
    posts = session.execute(
        select(Task.role, Task.organisation_id)
        .where(Task.declaration_id.in_(declaration_ids), Task.status == "open", Task.role != "applicant")
        .distinct()
    ).all()
    offices = [holder.person_id for role, body in posts for holder in people.holders(session, role, body, now)]
    return list(dict.fromkeys([*applicants, *offices]))
