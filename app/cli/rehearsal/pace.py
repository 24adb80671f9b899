"""When people act: in office hours of working days, some of them late, some never."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from app import clock
from app.domain.calendar import Calendar
from app.domain.deadline_rules import opening

HOURS = (time(9, 20), time(10, 50), time(14, 30), time(16, 20))
_DAY = timedelta(days=1)


class Pace:
    """Office hours by a calendar."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar

    def hour(self, day: date, stream: Random) -> datetime:
        """An office hour of the day, or of the first working day after it."""
        return opening(self._calendar.next_working_day(day).day, stream.choice(HOURS))

    def later(self, moment: datetime, days: int, stream: Random) -> datetime:
        """An office hour that many working days after `moment`; today only while office hours last."""
        today = clock.local(moment).date()
        if days > 0:
            return self.hour(self._calendar.nth_working_day(today, days, inclusive=False).day, stream)
        left = [hour for hour in HOURS if self._calendar.is_working(today) and opening(today, hour) > moment]
        return opening(today, stream.choice(left)) if left else self.hour(today + _DAY, stream)

    def before(self, due: datetime, now: datetime) -> datetime | None:
        """The last office hour before `due` that is still ahead; None where there is none."""
        day = clock.local(due).date()
        while day >= clock.local(now).date():
            for hour in reversed(HOURS):
                found = opening(day, hour)
                if now < found < due and self._calendar.is_working(day):
                    return found
            day -= _DAY
        return None

    def days_between(self, first: datetime, last: datetime) -> int:
        """Working days from one instant's day to another's."""
        return self._calendar.working_days_between(clock.local(first).date(), clock.local(last).date()).count

    def working_days(self, first: datetime, last: datetime) -> Sequence[date]:
        """The working days of a stretch; its first day where there is none."""
        day, end, found = clock.local(first).date(), clock.local(last).date(), []
        while day <= end:
            if self._calendar.is_working(day):
                found.append(day)
            day += _DAY
        return found or [clock.local(first).date()]
