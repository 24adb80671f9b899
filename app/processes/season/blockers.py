"""What stands in a season's way and will not move by itself: nobody to act, faults, no phone, committees not ready."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.clock import local
from app.domain import review_committees
from app.models.expert import ReviewCommittee
from app.models.figures import StandingFigure
from app.models.notice import Committee
from app.models.people import Organisation
from app.processes import repairs
from app.processes.season.scope import Scope

SHOWN = 5  # names that a line gives


@dataclass(frozen=True)
class Blocker:
    """`page` is what of the application shows them: incidents, overdue, offices, committees; `names` the first few."""

    words: str
    count: int
    page: str
    names: tuple[str, ...] = ()


def found(session: Session, scope: Scope) -> list[Blocker]:
    """Those there are, in a fixed number of statements."""
    offices = [_overdue(session, scope), _no_phone(session, scope)]
    every = [*_incidents(session, scope), *offices, *_committees(session, scope)]
    return [each for each in every if each.count]


def _incidents(session: Session, scope: Scope) -> list[Blocker]:
    if scope.by_posts:
        return []
    table = StandingFigure
    wanted = select(table.code, func.sum(table.count)).where(scope.figures("incident")).group_by(table.code)
    counted = [(kind or "", count) for kind, count in session.execute(wanted)]
    return [Blocker(repairs.KINDS.get(kind, kind), count, "incidents") for kind, count in counted]


def _overdue(session: Session, scope: Scope) -> Blocker:
    count = session.scalar(select(func.sum(StandingFigure.overdue)).where(scope.steps()))
    return Blocker("已逾期的任务", count or 0, "overdue")


def _no_phone(session: Session, scope: Scope) -> Blocker:
    """Offices that hold work and whom nobody can call."""
    holding = select(StandingFigure.organisation_id).where(scope.offices())
    silent = or_(Organisation.contact_phone.is_(None), Organisation.contact_phone == "")
    wanted = select(Organisation.name).where(Organisation.id.in_(holding), silent).order_by(Organisation.id)
    count = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    return Blocker("未填联系电话的办理机构", count, "offices", tuple(session.scalars(wanted.limit(SHOWN))))


def _committees(session: Session, scope: Scope) -> list[Blocker]:
    """Committees with declarations that may not review as things stand."""
    table = StandingFigure
    busy = set(
        session.scalars(
            select(Committee.no)
            .join(table, table.committee_id == Committee.id)
            .where(scope.figures("declaration"), Committee.notice_id == scope.notice.id)
        )
    )
    rows = [row for row in scope.rows if row.no in busy]
    names = {row.name for row in rows}
    known = {row.name: row for row in session.scalars(select(ReviewCommittee).where(ReviewCommittee.name.in_(names)))}
    today = local(clock.now(session)).date()
    unknown = [row.name for row in rows if row.name not in known]
    states = {name: review_committees.state(row, today) for name, row in known.items()}
    stopped = [f"{name}（{review_committees.STATES[state]}）" for name, state in states.items() if state != "approved"]
    bare = [name for name, row in known.items() if states[name] == "approved" and not row.composition]
    undated = [row.name for row in rows if row.check_until is None]
    return [
        _named("未登记核准备案的评委会", unknown),
        _named("不能组织评审的评委会", stopped),
        _named("未登记组成情况的评委会", bare),
        _named("日程未列审核截止时间的评委会", undated),
    ]


def _named(words: str, names: Sequence[str]) -> Blocker:
    return Blocker(words, len(names), "committees", tuple(names[:SHOWN]))
