"""Timers, the deadlines that wake an instance: leased in batches when due, then fired one by one, each in its own
transaction (D30).
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain.deadline_rows import WAKES
from app.domain.suspended import is_suspended
from app.models.process import Deadline
from app.processes import incidents, work

BATCH = 50
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 5
BACKOFF = timedelta(minutes=1)
JUST_PAST = timedelta(microseconds=1)  # the engine compares strictly: stand a moment past the due instant (D12)


@dataclass(frozen=True)
class Leased:
    deadline_id: int
    instance_id: int
    token: str


def lease(session: Session, limit: int = BATCH) -> list[Leased]:
    """Claim due timers for this worker; another worker sees them again when the lease has run out."""
    now, token = clock.now(session), str(uuid.uuid4())
    found = session.execute(claim(now, limit)).all()
    if found:
        session.execute(
            update(Deadline)
            .where(Deadline.id.in_([deadline_id for deadline_id, _ in found]))
            .values(lease_until=now + LEASE, lease_by=token, attempts=Deadline.attempts + 1)
            .execution_options(synchronize_session=False)
        )
    return [Leased(deadline_id, instance_id, token) for deadline_id, instance_id in found]


def lease_one(session: Session, deadline_id: int) -> Leased | None:
    """Claim one timer, also where it gave up or waits for its next attempt; None for one that may not fire now."""
    now, token = clock.now(session), str(uuid.uuid4())
    claimed = (
        update(Deadline)
        .where(Deadline.id == deadline_id, WAKES, Deadline.due_at <= now, ~is_suspended(Deadline.instance_id))
        .values(dead=False, attempts=1, lease_until=now + LEASE, lease_by=token)
        .returning(Deadline.instance_id)
        .execution_options(synchronize_session=False)
    )
    instance_id = session.scalar(claimed)
    return None if instance_id is None else Leased(deadline_id, instance_id, token)


def claim(now: datetime, limit: int) -> Select[int, int]:
    """The due timers that nobody holds, earliest first; reads along the index on those that wake.

    Those of a suspended instance wait; once it is resumed they come in the order in which they fell due.
    """
    return (
        select(Deadline.id, Deadline.instance_id)
        .where(WAKES, Deadline.due_at <= now, Deadline.dead.is_(False))
        .where(or_(Deadline.lease_until.is_(None), Deadline.lease_until <= now), ~is_suspended(Deadline.instance_id))
        .order_by(Deadline.due_at, Deadline.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def fire(database: Database, leased: Leased, also: Callable[[Session], None] | None = None) -> bool:
    """Wake one instance; what goes wrong becomes an incident, the timer waits and gives up after MAX_ATTEMPTS.

    `also` is written in the transaction in which it fires.
    """
    return incidents.unattended(
        database,
        lambda session: _fire(session, leased),
        lambda session, said: _postpone(session, leased, said),
        also,
        deadline_id=leased.deadline_id,
        instance_id=leased.instance_id,
    )


def next_due(session: Session, after: datetime | None = None) -> datetime | None:
    """The earliest due instant that still lies ahead; for fast-forward."""
    ahead = after or clock.now(session)
    alive = WAKES & Deadline.dead.is_(False) & ~is_suspended(Deadline.instance_id)
    return session.scalar(select(func.min(Deadline.due_at)).where(Deadline.due_at > ahead, alive))


def _fire(session: Session, leased: Leased) -> bool:
    instance = work.locked(session, leased.instance_id)  # the instance first: a request that completes a task does too
    if instance.status != "running":
        return False
    now = clock.now(session)
    mine = (Deadline.id == leased.deadline_id) & (Deadline.lease_by == leased.token)
    fence = (
        update(Deadline)
        .where(mine, WAKES, Deadline.due_at <= now)
        .values(closed_at=now, lease_until=None, lease_by=None, attempts=0, last_error=None)
        .returning(Deadline)
        .execution_options(synchronize_session=False)
    )
    timer = session.scalar(fence)
    if timer is None:
        return False  # cancelled, held, put off or somebody else's by now; a row that is left stays as it is
    clock.hold(session, now + JUST_PAST)
    begun = work.opened(session, instance)
    begun.run.set_due({timer.engine_task_id: now.isoformat()})
    before = set(begun.before["timers"])
    begun.woken_by(timer)
    begun.run.advance_timers()
    still = {item.id for item in begun.run.waiting() if item.due is not None}
    work.note(begun, "timer", payload={"engine_tasks": sorted(before - still)})
    work.save(begun)
    return True


def _postpone(session: Session, leased: Leased, said: str) -> None:
    session.execute(
        update(Deadline)
        .where(Deadline.id == leased.deadline_id, Deadline.lease_by == leased.token)
        .values(
            last_error=said,
            lease_until=clock.now(session) + BACKOFF,
            dead=Deadline.attempts >= MAX_ATTEMPTS,
        )
        .execution_options(synchronize_session=False)
    )


def revive(session: Session, instance_id: int) -> None:
    """Let the timers of an instance try again after its diagram was mended."""
    session.execute(
        update(Deadline)
        .where(Deadline.instance_id == instance_id, WAKES, Deadline.dead.is_(True))
        .values(dead=False, attempts=0, lease_until=None)
        .execution_options(synchronize_session=False)
    )


def any_due(session: Session) -> bool:
    """A look that takes no writer's turn."""
    now = clock.now(session)
    free = or_(Deadline.lease_until.is_(None), Deadline.lease_until <= now)
    alive = WAKES & Deadline.dead.is_(False) & ~is_suspended(Deadline.instance_id)
    return session.scalar(select(Deadline.id).where(Deadline.due_at <= now, alive, free).limit(1)) is not None
