"""The windows of a season's committees: which are open, come next or are over, and what is left undone in them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.clock import local
from app.domain import badges, calendar, committees, schedules
from app.domain.calendar import Calendar
from app.domain.parameter_values import Window
from app.domain.statuses import ENDS
from app.models.figures import StandingFigure
from app.models.notice import Committee
from app.processes.season.scope import Scope

AHEAD, BEHIND = 20, 10  # working days within which a window is shown on the board
STATES = {"before": "未开始", "open": "进行中", "closed": "已截止"}
# what is still to be done in a window: states of declarations, or how far they have come on record
LEFT = {
    "declare": ("填报中", lambda code, milestone: code == "DRAFT"),
    "check": ("未受理", lambda code, milestone: milestone == "submitted"),
    "corrections": ("待补正", lambda code, milestone: code == "CORRECTION"),
    "pay": ("待缴费", lambda code, milestone: code in ("PAY_WAIT", "PAY_OPEN")),
}


@dataclass(frozen=True)
class Line:
    """One window of one committee. `days`: working days until it opens or closes, or since it closed."""

    committee: Committee
    name: str
    words: str
    window: Window
    state: str
    days: int
    left: int
    left_words: str

    @property
    def tone(self) -> str:
        """As badges of deadlines are coloured."""
        if self.state == "closed":
            return "overdue" if self.left else "held"
        return "due" if self.state == "open" and self.days <= badges.SOON else "normal"

    @property
    def said(self) -> str:
        if self.state == "closed":
            return f"已截止{self.days}个工作日" if self.days else "已截止"
        if self.state == "before":
            return f"还有{self.days}个工作日开始"
        if self.window.closes is None:
            return "进行中"
        return f"还有{self.days}个工作日截止" if self.days else "今日截止"


def near(session: Session, scope: Scope) -> list[Line]:
    """Windows open, soon to open or lately closed, and those closed with work left; what ends first comes first."""
    lines = [line for line in _all(session, scope) if _is_near(line)]
    return sorted(
        lines, key=lambda line: (line.window.closes or line.window.opens or clock.now(session), line.committee.no)
    )


def check_ends(session: Session, scope: Scope) -> dict[int, date]:
    """Any revision of a committee → the last day on which its files may be examined, where that is still to come."""
    now = clock.now(session)
    by_no = {row.no: row.check_until for row in scope.rows if row.check_until and row.check_until > now}
    numbers = session.execute(select(Committee.id, Committee.no).where(Committee.id.in_(scope.ids)))
    return {key: badges.last_day(by_no[no]) for key, no in numbers if no in by_no}


def _all(session: Session, scope: Scope) -> Iterator[Line]:
    now, days = clock.now(session), calendar.calendar_of(session)
    waiting = _waiting(session, scope)
    for row in scope.rows:
        for name, words in schedules.WINDOW_NAMES.items():
            window = committees.window(row, name)
            if window is not None:
                left_words, _ = LEFT.get(name, ("", None))
                state = window.state(now)
                left = waiting[row.no, name]
                yield Line(row, name, words, window, state, _days(window, state, now, days), left, left_words)


def _is_near(line: Line) -> bool:
    if line.state == "open":
        return True
    return line.days <= AHEAD if line.state == "before" else bool(line.left) or line.days <= BEHIND


def _days(window: Window, state: str, now: datetime, days: Calendar) -> int:
    today = local(now).date()
    if state == "before" and window.opens is not None:
        return days.working_days_between(today, local(window.opens).date()).count
    if window.closes is None:
        return 0
    last = badges.last_day(window.closes)
    first, until = (last, today) if state == "closed" else (today, last)
    return days.working_days_between(first, until).count


def _waiting(session: Session, scope: Scope) -> Mapping[tuple[int, str], int]:
    """(number of the committee, window) → declarations with that still before them."""
    found: defaultdict[tuple[int, str], int] = defaultdict(int)
    if scope.by_posts:
        return found
    table = StandingFigure
    of = (Committee.no, table.code, table.milestone)
    wanted = select(*of, func.sum(table.count)).join(Committee, Committee.id == table.committee_id)
    for no, code, milestone, count in session.execute(wanted.where(scope.figures("declaration")).group_by(*of)):
        for name, (_, waits) in LEFT.items():
            if code not in ENDS and waits(code, milestone):
                found[no, name] += count
    return found
