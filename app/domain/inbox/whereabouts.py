"""现由谁办理: where the cases of a list stand now, for whoever has done his part or was told of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import calendar, statuses, waiting
from app.domain.calendar import Calendar
from app.domain.waiting import Case, Waiting
from app.models.declaration import Declaration
from app.models.process import ProcessInstance

ENDED = "已办结"


@dataclass(frozen=True)
class Whereabouts:
    """`ended` says how it ended; while it has not, `waits` for whom, and `days` the working day of each wait."""

    ended: str
    waits: tuple[Waiting, ...]
    days: Mapping[int, int]


def of(session: Session, cases: Collection[Case]) -> dict[Case, Whereabouts]:
    """Each case's; three statements whatever their number."""
    ended, waits, days = _ended(session, cases), waiting.of_cases(session, cases), calendar.calendar_of(session)
    return {
        case: Whereabouts(
            ended=ended.get(case, ""),
            waits=() if case in ended else tuple(waits[case]),
            days={each.task_id: _working_day(session, each, days) for each in waits[case]},
        )
        for case in set(cases)
    }


def _ended(session: Session, cases: Collection[Case]) -> dict[Case, str]:
    about = [declaration for declaration, _ in cases if declaration is not None]
    alone = [instance for declaration, instance in cases if declaration is None]
    over = select(Declaration.id, Declaration.ended_as).where(Declaration.id.in_(about))
    words = {key: statuses.label(code) for key, code in session.execute(over) if code is not None}
    run_out = select(ProcessInstance.id).where(ProcessInstance.id.in_(alone), ProcessInstance.status == "ended")
    gone = set(session.scalars(run_out))
    found = {case: words[case[0]] for case in cases if case[0] in words}
    return found | {case: ENDED for case in cases if case[0] is None and case[1] in gone}


def _working_day(session: Session, wait: Waiting, days: Calendar) -> int:
    """The day of arrival is the first, where anybody works on it."""
    since, today = clock.local(wait.since).date(), clock.local(clock.now(session)).date()
    return max(1, days.working_days_between(since, today).count + int(days.is_working(since)))
