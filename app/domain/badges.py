"""Deadline badges, counted in working days (ui_terms §7), and the same states as SQL for filters."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_

from app.clock import local
from app.domain.calendar import Calendar
from app.domain.deadline_rules import BY_HAND, SUSPENDED, midnight_after, opening
from app.models.process import Deadline

SOON = 2  # working days left from which a deadline is marked
STATES = {
    "overdue": "已逾期",
    "today": "今日截止",
    "soon": "临期",
    "normal": "正常",
    "held": "计时暂停",
    "none": "无期限",
}
REASONS = {
    "objection": "公示异议核实",
    "dispute": "争议核实",
    "complaint": "投诉举报核实",
    "status_change": "申报人情况变化处理",
    "overdue": "逾期未审处理",
    SUSPENDED: "本件已暂停办理",
}
_JUST_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True)
class Badge:
    """`tone` is normal, due, overdue or held; `provisional` is a second badge where the date may still move."""

    text: str
    tone: str
    provisional: str = ""


def badge(deadline: Deadline | None, now: datetime, calendar: Calendar) -> Badge | None:
    """The badge of an open deadline; None where there is none."""
    if deadline is None:
        return None
    return badge_of(deadline.due_at, deadline.held_by, deadline.provisional, now, calendar)


def badge_of(
    due_at: datetime | None, held_by: list[dict[str, Any]], provisional: bool, now: datetime, calendar: Calendar
) -> Badge:
    """As `badge`, from a deadline's columns; a deadline without a due instant is held."""
    if due_at is None:
        return Badge(f"计时暂停：{'、'.join(standing(held_by)) or '等待处理'}", "held")
    today, last = local(now).date(), last_day(due_at)
    note = f"暂定日期（{_unknown_year(today, last, calendar)}年放假安排未公布）" if provisional else ""
    if now >= due_at:
        late = calendar.working_days_between(last, today).count
        return Badge(f"已逾期{late}个工作日" if late else "已逾期", "overdue", note)
    if last == today:
        return Badge("今日截止", "due", note)
    left = calendar.working_days_between(today, last).count
    if left <= SOON:
        return Badge(f"剩{left}个工作日", "due", note)
    return Badge(f"还有{left}个工作日", "normal", note)


def standing(held_by: list[dict[str, Any]]) -> list[str]:
    """The reasons in words for which a clock stands still now."""
    return list(dict.fromkeys(reason_words(entry["reason"]) for entry in held_by if not entry["until"]))


def reason_words(reason: str) -> str:
    """A hold's reason for people; a manager's and a designer's own words stay as they are."""
    kind, _, words = reason.partition(":")
    return words if kind == BY_HAND else REASONS.get(kind, reason)


def last_day(due_at: datetime) -> date:
    """The last day that is in time."""
    return local(due_at - _JUST_BEFORE).date()


def in_state(state: str, now: datetime, calendar: Calendar) -> ColumnElement[bool]:
    """SQL predicate on an outer-joined Deadline: its badge shows `state`, a key of STATES."""
    today = local(now).date()
    tonight = midnight_after(today)
    soon = opening(calendar.nth_working_day(today, SOON + 1, inclusive=False).day)
    due_at = Deadline.due_at
    found: dict[str, ColumnElement[bool]] = {
        "overdue": due_at <= now,
        "today": and_(due_at > now, due_at <= tonight),
        "soon": and_(due_at > now, due_at > tonight, due_at <= soon),
        "normal": due_at > soon,
        "held": and_(Deadline.id.is_not(None), due_at.is_(None)),
        "none": Deadline.id.is_(None),
    }
    return found[state]


def overdue_since(days: int, now: datetime, calendar: Calendar) -> datetime:
    """What fell due by this instant is overdue; by at least so many working days where `days` is more than 1."""
    if days <= 1:
        return now
    return opening(calendar.previous_working_day(local(now).date() + timedelta(days=1), days).day)


def _unknown_year(today: date, last: date, calendar: Calendar) -> int:
    years = range(min(today.year, last.year), last.year + 1)
    return next((year for year in years if not calendar.known(year)), last.year)
