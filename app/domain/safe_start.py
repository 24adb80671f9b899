"""最迟公示日: counted back from what binds, through the levels above and the publicity's own working days (A10)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import clock
from app.domain import batches, committees, levels, parameters, publicity, routes
from app.domain.calendar import calendar_of
from app.domain.deadline_rules import latest_start
from app.errors import ConfigurationError
from app.models.declaration import Declaration
from app.models.recommendation import UnitBatch

NEAR = 2  # working days left: from then on it is a warning, as with every deadline


@dataclass(frozen=True)
class SafeStart:
    """The last day on which a publicity may start; `binds` until when and what, `levels` above with `reserve` each.

    `days` are the publicity's working days; `near` from two working days before that day on.
    """

    day: date
    binds: str
    until: datetime
    days: int
    levels: int
    reserve: int
    near: bool


def of_batch(session: Session, batch: UnitBatch) -> SafeStart | None:
    """For the name that is bound the earliest; None where no window of the notice binds anybody yet."""
    names = [line.declaration for line in batches.lines(session, batch.id)]
    version = batch.notice_version_id
    bound = [found for each in {name.committee_id for name in names} if (found := _bound(session, version, each))]
    if not bound:
        return None
    until, binds = min(bound)
    above, reserve = max(map(_above, names), default=0), _reserve(session, version)
    rule, days = publicity.rule_of(session, batch), calendar_of(session)
    day = latest_start(rule, until, days, above * reserve)
    left = days.working_days_between(clock.local(clock.now(session)).date(), day).count
    return SafeStart(day, binds, until, rule.count or 0, above, reserve, left <= NEAR)


def _bound(session: Session, version: int, committee_id: int) -> tuple[datetime, str] | None:
    """Arrival is bound by the declaration window, else the whole route by the window for checking."""
    try:
        governs = parameters.lookup(session, version, "window_governs", committee_id).value
        if governs == "arrival":
            window = committees.window(committees.at_version(session, version, committee_id), "declare")
            return (window.closes, "网上申报截止") if window and window.closes else None
        rule = parameters.deadline_rule(session, version, "route_deadline", committee_id)
    except ConfigurationError:  # not decided yet, or a schedule without that window: nothing can be foretold
        return None
    return (rule.at, "逐级审核截止") if rule.at else None


def _above(declaration: Declaration) -> int:
    """How many levels examine the file between the one that recommends it and the one that accepts it."""
    own = ("unit", declaration.route.get("recommender"))
    return sum(level not in own and levels.on_route(declaration, level) for level in routes.LEVEL_NAMES)


def _reserve(session: Session, version: int) -> int:
    """Working days kept for each level above; none where the notice keeps none."""
    return parameters.number(session, version, "level_reserve_wd", otherwise=0)
