"""The daily head: a day's last digests under one, chained to the day before; a copy kept elsewhere proves the rest."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app import clock
from app.domain.deadline_rules import midnight_after, opening
from app.domain.history import COMMON
from app.domain.history_proof import day_digest
from app.models.history import DailyHead
from app.models.process import Event

INSERT: dict[str, Any] = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}
SETTLED = timedelta(minutes=5)  # no transaction that began before midnight is open any more


def unsealed(session: Session) -> date | None:
    """The first day that is over, has events and no head yet; a look that takes no writer's turn."""
    last = session.scalar(select(func.max(DailyHead.day)))
    later = select(func.min(Event.at))
    first = session.scalar(later.where(Event.at >= midnight_after(last)) if last else later)
    if first is None:
        return None
    day = clock.local(first).date()
    return day if clock.now(session) >= midnight_after(day) + SETTLED else None


def seal(session: Session) -> int:
    """Write the head of every such day; returns how many. Two that do so at once write the same."""
    count = 0
    while (day := unsealed(session)) is not None:
        heads = _heads(session, day)
        before = session.scalar(select(DailyHead.digest).order_by(DailyHead.day.desc()).limit(1)) or ""
        digest = day_digest(before, day.isoformat(), heads)
        row = {"day": day, "heads": heads, "digest": digest, "made_at": clock.now(session)}
        session.execute(INSERT[session.get_bind().dialect.name](DailyHead).values(row).on_conflict_do_nothing())
        count += 1
    return count


def _heads(session: Session, day: date) -> list[list[object]]:
    """[chain, number, digest] of the last event that the day gave each chain."""
    last = (
        select(func.max(Event.id))
        .where(Event.at >= opening(day), Event.at < midnight_after(day))
        .group_by(Event.instance_id)
    )
    rows = session.execute(select(Event.instance_id, Event.number, Event.digest).where(Event.id.in_(last)))
    return sorted([chain or COMMON, number, digest] for chain, number, digest in rows)
