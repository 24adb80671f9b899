"""The windows of a notice's committees as bars on one line of months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from app import clock
from app.clock import local
from app.domain import badges, committees, schedules
from app.domain.parameter_values import Window
from app.models.notice import Committee

THINNEST = 0.5  # per cent of the whole that a bar has at least, to be seen


@dataclass(frozen=True)
class Bar:
    """One window in the chart: where it begins and how long it is, in per cent of the whole.

    `said` in full (2022年11月7日至2022年11月25日24时), `short` beneath the bar (11.7–11.25).
    """

    name: str
    words: str
    said: str
    short: str
    left: float
    width: float


@dataclass(frozen=True)
class Chart:
    """A committee a row; `months` (words, left, width) and `today` in per cent, None outside."""

    rows: list[tuple[Committee, list[Bar]]]
    months: list[tuple[str, float, float]]
    today: float | None


@dataclass(frozen=True)
class _Line:
    """The line that all windows lie on, from the first day up to the day after its last."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """In per cent of the whole."""
        return round(100 * (day - self.first).days / (self.last - self.first).days, 2)

    def bar(self, name: str, window: Window) -> Bar:
        begins = self.at(local(window.opens).date()) if window.opens else 0.0
        ends = self.at(badges.last_day(window.closes) + timedelta(days=1)) if window.closes else 100.0
        width, said = max(THINNEST, round(ends - begins, 2)), schedules.window_words(window)
        return Bar(name, schedules.WINDOW_NAMES[name], said, _short(window), begins, width)

    def months(self) -> list[tuple[str, float, float]]:
        found, month = [], self.first
        while month < self.last:
            begins, after = self.at(month), _next_month(month)
            found.append((f"{month.year}年{month.month}月", begins, round(self.at(after) - begins, 2)))
            month = after
        return found


def chart(session: Session, rows: Sequence[Committee]) -> Chart:
    """From the first month with a window to the last; a window open at one end reaches to the chart's edge."""
    found = [(row, _windows(row)) for row in rows]
    every = [window for _, windows in found for _, window in windows]
    instants = [each for window in every for each in (window.opens, window.closes) if each]
    if not instants:
        return Chart([(row, []) for row, _ in found], [], None)
    line = _Line(local(min(instants)).date().replace(day=1), _next_month(local(max(instants)).date()))
    bars = [(row, [line.bar(name, window) for name, window in windows]) for row, windows in found]
    today = local(clock.now(session)).date()
    return Chart(bars, line.months(), line.at(today) if line.first <= today < line.last else None)


def _windows(row: Committee) -> list[tuple[str, Window]]:
    """Those the schedule prints."""
    found = ((name, committees.window(row, name)) for name in schedules.WINDOW_NAMES)
    return [(name, window) for name, window in found if window is not None]


def _short(window: Window) -> str:
    """`11.14 09:30–11.29 17:30`; a day's own bounds without a time."""
    opens = _moment(local(window.opens)) if window.opens else ""
    closes = ""
    if window.closes is not None:
        last = local(window.closes - timedelta(seconds=1))
        whole = local(window.closes).time() == time()
        closes = f"{last.month}.{last.day}" if whole else _moment(last)
    return f"{opens}–{closes}"


def _moment(wall: datetime) -> str:
    at = "" if wall.time() == time() else f" {wall:%H:%M}"
    return f"{wall.month}.{wall.day}{at}"


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
