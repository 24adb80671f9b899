"""The offices of a season, ranked by delay: what they hold, how long they took, and how much will be left."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select, true
from sqlalchemy.orm import Session

from app import clock
from app.clock import local
from app.domain import calendar, durations, permissions
from app.domain.durations import Spread
from app.domain.forecast import Forecast, forecast
from app.models.figures import EVERYBODY, StandingFigure, TaskFigure
from app.models.people import Organisation
from app.processes.monitor import Rows
from app.processes.season import windows
from app.processes.season.scope import Scope

PAGE = 20


@dataclass(frozen=True)
class Office:
    """One body: `waited` are working days since its oldest open task came; no `forecast` without a deadline ahead."""

    id: int
    name: str
    phone: str
    open: int
    overdue: int
    waited: int
    spread: Spread
    until: date | None
    forecast: Forecast | None


@dataclass(frozen=True)
class Ranking:
    offices: list[Office]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def ranked(session: Session, scope: Scope, page: int = 1) -> Ranking:
    """One page, most overdue first, then longest waiting; a fixed number of statements."""
    holding = func.count(func.distinct(StandingFigure.organisation_id))
    total = session.scalar(select(holding).where(scope.offices())) or 0
    page = min(max(1, page), max(1, -(-total // PAGE)))
    rows: Any = session.execute(_by_delay(scope).limit(PAGE).offset((page - 1) * PAGE)).all()
    ids = [row[0] for row in rows]
    bodies = {row.id: row for row in session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}
    took, ends, pace = _spreads(session, scope, ids), _ends(session, scope, ids), _pace(session, scope, ids)
    now, days = clock.now(session), calendar.calendar_of(session)
    today = local(now).date()

    def office(key: int, count: int, late: int, since: datetime, arrived: int) -> Office:
        until, (come, gone) = ends.get(key), pace[key]
        left = days.working_days_between(today, until).count if until else 0
        return Office(
            id=key,
            name=bodies[key].name,
            phone=bodies[key].contact_phone or "",
            open=count,
            overdue=late,
            waited=days.working_days_between(local(since).date(), today).count,
            spread=took.get(key, Spread()),
            until=until,
            forecast=forecast(count, come + arrived, gone, left) if until else None,
        )

    return Ranking([office(*row) for row in rows], total, page)


def _by_delay(scope: Scope) -> Rows:
    """Office, open, overdue, since when, arrived lately; for who sees all they are added up already."""
    table = StandingFigure
    if scope.whole:
        columns = (table.organisation_id, table.count, table.overdue, table.oldest_at, table.arrived)
        return select(*columns).where(scope.offices()).order_by(table.overdue.desc(), table.oldest_at, table.id)
    oldest, overdue = func.min(table.oldest_at), func.sum(table.overdue)
    summed = select(table.organisation_id, func.sum(table.count), overdue, oldest, func.sum(table.arrived))
    grouped = summed.where(scope.offices()).group_by(table.organisation_id)
    return grouped.order_by(overdue.desc(), oldest, table.organisation_id)


def _spreads(session: Session, scope: Scope, ids: Collection[int]) -> dict[int, Spread]:
    """How long the offices' finished work took; of other offices' whole work only those know who see all."""
    table = TaskFigure
    seen = true() if scope.grants.sees_all else permissions.overseen(scope.grants, table)
    mine = and_(table.organisation_id.in_(list(ids)), table.organisation_id != EVERYBODY, seen)
    wanted = select(table.organisation_id, table.days, func.sum(table.count))
    wanted = wanted.where(mine, table.notice_version_id.in_(scope.versions))
    found: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for key, days, count in session.execute(wanted.group_by(table.organisation_id, table.days)):
        found[key][days] += count
    return {key: durations.spread(histogram) for key, histogram in found.items()}


def _ends(session: Session, scope: Scope, ids: Collection[int]) -> dict[int, date]:
    """The next end of examination among the committees whose files an office holds."""
    ahead = windows.check_ends(session, scope)
    table = StandingFigure
    held = select(table.organisation_id, table.committee_id).where(
        scope.figures("task"), table.organisation_id.in_(list(ids)), table.committee_id.is_not(None)
    )
    found: dict[int, date] = {}
    for key, committee_id in session.execute(held.distinct()):
        day = ahead.get(committee_id or 0)
        if key is not None and day is not None:
            found[key] = min(day, found.get(key, day))
    return found


def _pace(session: Session, scope: Scope, ids: Collection[int]) -> Mapping[int, tuple[int, int]]:
    """(came and went, went) over the last working days, of the committees in question."""
    table = StandingFigure
    of_scope = permissions.overseen(scope.grants, table) if scope.by_posts else table.committee_id.in_(scope.ids)
    wanted = select(table.organisation_id, func.sum(table.arrived), func.sum(table.finished)).where(
        table.kind == "pace", table.organisation_id.in_(list(ids)), of_scope
    )
    found: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for key, arrived, finished in session.execute(wanted.group_by(table.organisation_id)):
        found[key or 0] = (arrived, finished)
    return found
