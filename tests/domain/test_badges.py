"""Deadline badges in working days: words, tones, rest days, holds, dates that may still move."""

from datetime import datetime

import pytest

from app.clock import SHANGHAI
from app.domain.badges import Badge, badge, badge_of
from app.domain.calendar import Calendar

CALENDAR = Calendar()


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "due", "text", "tone"),
    [
        ("2023-10-09 09:00", "2023-10-13 00:00", "还有3个工作日", "normal"),
        ("2023-10-09 09:00", "2023-10-12 00:00", "剩2个工作日", "due"),
        ("2023-10-13 09:00", "2023-10-16 00:00", "剩0个工作日", "due"),  # only a weekend is left
        ("2023-09-28 09:00", "2023-10-10 00:00", "还有3个工作日", "normal"),  # a week of rest, but 7 and 8 October work
        ("2023-10-12 09:00", "2023-10-13 00:00", "今日截止", "due"),
        ("2023-10-12 17:30:00", "2023-10-12 17:30:01", "今日截止", "due"),
        ("2023-10-12 17:30:01", "2023-10-12 17:30:01", "已逾期", "overdue"),
        ("2023-10-13 00:00", "2023-10-13 00:00", "已逾期1个工作日", "overdue"),
        ("2023-10-15 09:00", "2023-10-14 00:00", "已逾期", "overdue"),  # a Sunday after a Friday
    ],
)
def test_badge_counts_working_days(now: str, due: str, text: str, tone: str) -> None:
    assert badge_of(wall(due), [], False, wall(now), CALENDAR) == Badge(text, tone)


def test_held_deadline_names_the_standing_reason() -> None:
    held = [
        {"reason": "complaint", "since": "2023-10-09T09:00:00+08:00", "until": "2023-10-10T09:00:00+08:00"},
        {"reason": "objection", "since": "2023-10-11T09:00:00+08:00", "until": None},
    ]
    assert badge_of(None, held, False, wall("2023-10-12 09:00"), CALENDAR) == Badge("计时暂停：公示异议核实", "held")


def test_provisional_date_names_the_unpublished_year() -> None:
    found = badge_of(wall("2031-01-10 00:00"), [], True, wall("2023-12-25 09:00"), CALENDAR)
    first = next(year for year in range(2023, 2032) if not CALENDAR.known(year))
    assert found.provisional == f"暂定日期（{first}年放假安排未公布）"


def test_no_deadline_has_no_badge() -> None:
    assert badge(None, wall("2023-10-12 09:00"), CALENDAR) is None
