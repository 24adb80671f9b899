"""When letters may leave the house: quiet hours and rest days by channel, and what is too urgent to wait for them."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import clock
from app.clock import SHANGHAI, local
from app.domain import house_settings
from app.domain.calendar import Calendar, calendar_of
from app.domain.templates.texts import TEXTS
from app.errors import Problem, Refused
from app.models.outbox import Delivery

NAME = "quiet"  # of the house setting
CHANNELS = {"email": "电子邮件", "sms": "短信"}
REASONS = {"quiet": "免打扰时段", "rest_day": "休息日", "digest": "汇总发送"}
DIGEST_HOURS = range(7, 21)


@dataclass(frozen=True)
class Hours:
    """Of one channel: no letters from `begins` to `ends` (HH:MM; over midnight too; empty: none), nor on rest days."""

    begins: str = ""
    ends: str = ""
    working_days: bool = False


@dataclass(frozen=True)
class Rules:
    """`urgent` are the templates that wait neither for the hours nor for a digest; `number` the setting's version."""

    email: Hours = Hours()
    sms: Hours = Hours("21:00", "08:00")
    urgent: tuple[str, ...] = ("expert_invitation", "expert_invited")
    number: int = field(default=0, compare=False)

    def of(self, channel: str) -> Hours:
        return self.email if channel == "email" else self.sms


def rules(session: Session) -> Rules:
    """What holds now; mostly without a statement."""
    standing = house_settings.standing(session).get(NAME)
    if standing is None or standing.value is None:
        return Rules(number=standing.number if standing else 0)
    hours = {channel: Hours(**standing.value[channel]) for channel in CHANNELS}
    return Rules(**hours, urgent=tuple(standing.value["urgent"]), number=standing.number)


def save(session: Session, wanted: Rules, *, seen: int, by: int) -> None:
    """New rules; what waits for the old ones is looked at again. Refused for hours that are none, Conflict."""
    problems = [each for channel in CHANNELS for each in _faults(channel, wanted.of(channel))]
    if problems:
        raise Refused(*problems)
    urgent = [template for template in TEXTS if template in wanted.urgent]
    value = {channel: asdict(wanted.of(channel)) for channel in CHANNELS} | {"urgent": urgent}
    house_settings.write(session, NAME, value, seen=seen, by=by)
    held = (Delivery.status == "waiting", Delivery.postponed.in_(("quiet", "rest_day")))
    again = update(Delivery).where(*held).values(due_at=clock.now(session), postponed=None)
    session.execute(again.execution_options(synchronize_session=False))


def next_opening(hours: Hours, moment: datetime, calendar: Calendar) -> tuple[datetime, str] | None:
    """When a letter may go that may not go at `moment`, and why not now (a key of REASONS); None where it may."""
    wall, why = local(moment), ""
    while True:
        if hours.working_days and not calendar.is_working(wall.date()):
            wall, why = _midnight_after(wall), why or "rest_day"
        elif (ends := _quiet_until(hours, wall)) is not None:
            wall, why = ends, why or "quiet"
        else:
            return (wall, why) if why else None


def next_digest(session: Session, hour: int) -> datetime:
    """The next working day's hour that still lies ahead, today's too."""
    calendar, now = calendar_of(session), local(clock.now(session))
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    if calendar.is_working(now.date()) and today > now:
        return today
    day = calendar.next_working_day(now.date() + timedelta(days=1)).day
    return datetime.combine(day, time(hour), SHANGHAI)


def _quiet_until(hours: Hours, wall: datetime) -> datetime | None:
    """The end of the quiet hours that `wall` lies in."""
    if not hours.begins or hours.begins == hours.ends:
        return None
    begins, ends, now = time.fromisoformat(hours.begins), time.fromisoformat(hours.ends), wall.time()
    within = begins <= now < ends if begins < ends else now >= begins or now < ends
    if not within:
        return None
    last = datetime.combine(wall.date(), ends, SHANGHAI)
    return last if now < ends else last + timedelta(days=1)


def _midnight_after(wall: datetime) -> datetime:
    return datetime.combine(wall.date() + timedelta(days=1), time(), SHANGHAI)


def _faults(channel: str, hours: Hours) -> list[Problem]:
    if not hours.begins and not hours.ends:
        return []
    label = CHANNELS[channel]
    found = [
        Problem("time", f"{label}免打扰的{which}请按“时:分”填写，例如21:00。", f"{channel}-{name}")
        for name, which, said in (("begins", "开始时间", hours.begins), ("ends", "结束时间", hours.ends))
        if not _is_time(said)
    ]
    if not found and hours.begins == hours.ends:
        found.append(Problem("time", f"{label}免打扰的起止时间不能相同；不设的请都空着。", f"{channel}-ends"))
    return found


def _is_time(said: str) -> bool:
    try:
        return len(said) == len("21:00") and time.fromisoformat(said) is not None
    except ValueError:
        return False
