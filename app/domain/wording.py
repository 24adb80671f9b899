"""Days and moments in words, as the notices print them."""

from collections.abc import Iterable
from datetime import date, datetime, time

from app.clock import local


def day_words(day: date) -> str:
    """2023年10月7日; of a datetime the day that it says itself."""
    return f"{day.year}年{short_day_words(day)}"


def short_day_words(day: date) -> str:
    """10月7日, where the year goes without saying."""
    return f"{day.month}月{day.day}日"


def days_words(days: Iterable[tuple[date, str]]) -> str:
    """Days that do not count, each with its reason: 10月1日（国庆节）、10月7日（周六）."""
    return "、".join(f"{short_day_words(day)}（{reason}）" for day, reason in days)


def moment_words(moment: datetime) -> str:
    """An instant on the notices' wall clock, to the minute: 2023年10月7日09:00."""
    wall = local(moment)
    return f"{day_words(wall)}{wall:%H:%M}"


def opening_words(opens: datetime) -> str:
    """The beginning of a window, without the clock where it is the day's: 2023年10月7日."""
    return day_words(local(opens)) if local(opens).time() == time() else moment_words(opens)


def span_words(begins: datetime, ends: datetime) -> str:
    """From when until when, the day said once where it is one: 2023年12月8日09:00至18:00."""
    first, last = local(begins), local(ends)
    until = f"{last:%H:%M}" if last.date() == first.date() else moment_words(ends)
    return f"{moment_words(begins)}至{until}"
