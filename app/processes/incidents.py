"""Incidents: a diagram's own fault, recorded in its own transaction while the person's work is undone (D5)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from sqlalchemy import null, select, update
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.errors import AppError, Conflict, DiagramFault
from app.models.process import Incident

T = TypeVar("T")
log = structlog.get_logger()


@dataclass(frozen=True)
class Attempt:
    """What a person tried: his values, and the key that makes the same page's second answer the first one."""

    person_id: int
    values: Mapping[str, Any]
    key: str | None


@contextmanager
def recorded(database: Database, attempt: Attempt | None = None, **about: Any) -> Iterator[None]:
    """Keep a DiagramFault that leaves this block as an incident; `about` are columns of Incident. It is raised on."""
    try:
        yield
    except DiagramFault as fault:
        with database.transaction() as session:
            keep(record(session, fault, **about), attempt)
        raise


def run(database: Database, work: Callable[[Session], T], attempt: Attempt | None = None, **about: Any) -> T:
    """`work` in a transaction of its own, tried twice against others, its diagram's faults recorded."""
    with recorded(database, attempt, **about):
        return database.run(work)


def keep(incident: Incident, attempt: Attempt | None) -> None:
    """Remember what the incident stopped, so that it can be tried again once its cause is gone."""
    if attempt is not None:
        incident.person_id = attempt.person_id
        incident.attempt = {"values": dict(attempt.values), "key": attempt.key or (incident.attempt or {}).get("key")}


def waiting_for_repair(session: Session, task_id: int) -> Incident | None:
    """The incident that keeps somebody's completion of an open task."""
    wanted = select(Incident).where(Incident.task_id == task_id, Incident.status == "open")
    kept = wanted.where(Incident.attempt.is_not(None), Incident.person_id.is_not(None))
    return session.scalars(kept.order_by(Incident.id.desc()).limit(1)).first()


def drop_attempts(session: Session, task_id: int) -> None:
    """The person goes on editing: what he had tried before is no longer his word."""
    session.execute(
        update(Incident)
        .where(Incident.task_id == task_id, Incident.status == "open")
        .values(attempt=null())
        .execution_options(synchronize_session=False)
    )


def unattended(
    database: Database,
    work: Callable[[Session], bool],
    postpone: Callable[[Session, str], None],
    also: Callable[[Session], None] | None = None,
    **about: Any,
) -> bool:
    """`work` that nobody waits for, in a transaction of its own: whatever goes wrong in it must not stop the rest.

    A failure becomes an incident and is given to `postpone`; losing a race is none, the work is only put off. Work
    that goes through (returns True) solves its incidents; `also` is then written along with it.
    """

    def solving(session: Session) -> bool:
        done = work(session)
        if done:
            solve(session, **about)
            if also is not None:
                also(session)
        return done

    try:
        return database.run(solving)
    except Conflict as lost:
        with database.transaction() as session:
            postpone(session, lost.message)
    except Exception as error:
        if not isinstance(error, AppError):
            log.exception("unattended work failed", **about)
        fault = (
            error if isinstance(error, DiagramFault) else DiagramFault(None, None, f"{type(error).__name__}: {error}")
        )
        with database.transaction() as session:
            record(session, fault, **about)
            postpone(session, str(fault))
    return False


def record(session: Session, fault: DiagramFault, **about: Any) -> Incident:
    """One open incident for the same element and the same work, however often it is tried again."""
    same = [getattr(Incident, key) == value for key, value in about.items()]
    found = session.scalars(
        select(Incident).where(Incident.status == "open", Incident.element_id == fault.element, *same)
    ).first()
    said = {"kind": fault.kind, "line": fault.line, "reason": fault.reason, "at": clock.now(session)}
    if found is None:
        found = Incident(element_id=fault.element, attempts=0, **said, **about)
        session.add(found)
    else:
        found.first_at = found.first_at or found.at
    found.attempts += 1
    for key, value in said.items():
        setattr(found, key, value)
    return found


def open_of_task(session: Session, task_id: int) -> bool:
    """Whether an earlier attempt at the task left an open incident."""
    found = select(Incident.id).where(Incident.task_id == task_id, Incident.status == "open").limit(1)
    return session.scalar(found) is not None


def solve(session: Session, **about: Any) -> None:
    """The work went through: its open incidents are solved."""
    same = [getattr(Incident, key) == value for key, value in about.items()]
    session.execute(
        update(Incident)
        .where(Incident.status == "open", *same)
        .values(status="solved", solved_at=clock.now(session), attempt=null())
        .execution_options(synchronize_session=False)
    )
