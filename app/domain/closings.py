"""本单位内部截止: the day by which a unit wants its people's declarations; it binds nobody, the notice's own does."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import desk, notices, notifications, organisations, parameters
from app.domain.calendar import calendar_of
from app.domain.desk import Desk
from app.domain.notifications import About
from app.domain.wording import day_words
from app.errors import Problem, Refused
from app.models.declaration import Declaration
from app.models.desk import ClosingDay
from app.models.notice import Committee

REMINDER = "unit_closing_reminder_wd"
REMINDER_DAYS = 2  # working days, where the notice rules nothing
_MORNING = time(9)
_JUST_BEFORE = timedelta(microseconds=1)


def of_desk(session: Session, at: Desk, notice_key: str) -> ClosingDay | None:
    """The day that the unit has set under the notice."""
    return _of(session, at.organisation_id, notice_key)


def of_declarations(session: Session, declarations: Iterable[Declaration]) -> dict[int, date]:
    """Declaration id → the day its unit has set, of those still being filled in; two statements."""
    drafts = [each for each in declarations if each.submitted_at is None and each.ended_as is None]
    units = {each.data.get("unit_id") for each in drafts} - {None}
    if not units:
        return {}
    today = organisations.successors(session, units)
    rows = session.scalars(select(ClosingDay).where(ClosingDay.organisation_id.in_(today.values())))
    days = {(row.organisation_id, row.notice_key): row.closes_on for row in rows}
    found = {each.id: days.get((today.get(each.data.get("unit_id"), 0), each.notice_key)) for each in drafts}
    return {key: day for key, day in found.items() if day is not None}


def limit(session: Session, at: Desk, notice_key: str) -> date | None:
    """The last day the notice itself leaves to the desk's people: of their committees' windows the latest."""
    wanted = select(func.max(Committee.declare_until)).join(Declaration, Declaration.committee_id == Committee.id)
    mine = desk.through(at) | desk.drafted_for(at)
    closes = session.scalar(wanted.where(mine, Declaration.notice_key == notice_key))
    return None if closes is None else clock.local(closes - _JUST_BEFORE).date()


def set_day(session: Session, at: Desk, notice_key: str, day: date, person_id: int) -> int:
    """Set it (again) and tell everybody who is still filling in; returns how many were told.

    They are told once more some working days before it, unless that moment is over.
    Refused for a day that is over and for one later than the notice's own last day.
    """
    last = limit(session, at, notice_key)
    if day < clock.local(clock.now(session)).date():
        raise Refused(Problem("closes_on", "内部截止日期请选择今天或以后的日期。", "closes_on"))
    if last is not None and day > last:
        message = f"内部截止日期不能晚于通知规定的网上申报截止（{day_words(last)}）。"
        raise Refused(Problem("closes_on", message, "closes_on"))
    row = _of(session, at.organisation_id, notice_key)
    if row is None:
        row = ClosingDay(organisation_id=at.organisation_id, notice_key=notice_key)
        session.add(row)
    row.closes_on, row.set_by, row.set_at = day, person_id, clock.now(session)
    moment = _reminder(session, notice_key, day)
    row.remind_at, row.reminded_at = (moment if moment > row.set_at else None), None
    return _tell(session, at, notice_key, "unit_closing", day)


def any_due(session: Session) -> bool:
    """Whether anybody is to be reminded now."""
    return session.scalar(select(ClosingDay.id).where(*_due(session)).limit(1)) is not None


def remind(session: Session) -> int:
    """Remind whoever still fills in, once for each day that a unit has set; returns how many were told."""
    rows = session.scalars(select(ClosingDay).where(*_due(session)).with_for_update(skip_locked=True)).all()
    now, told = clock.now(session), 0
    for row in rows:
        row.reminded_at = now
        if clock.local(now).date() <= row.closes_on:  # nobody is reminded of a day that is over
            unit = Desk(row.organisation_id, organisations.get(session, row.organisation_id).name, "unit")
            told += _tell(session, unit, row.notice_key, "unit_closing_near", row.closes_on)
    return told


def _due(session: Session) -> tuple[ColumnElement[bool], ...]:
    return ClosingDay.remind_at <= clock.now(session), ClosingDay.reminded_at.is_(None)


def _reminder(session: Session, notice_key: str, day: date) -> datetime:
    """In the morning, so many working days before the day."""
    version = notices.latest(session, notice_key).id
    before = parameters.number(session, version, REMINDER, otherwise=REMINDER_DAYS)
    last = calendar_of(session).previous_working_day(day, before).day if before > 0 else day
    return datetime.combine(last, _MORNING, clock.SHANGHAI)


def _tell(session: Session, at: Desk, notice_key: str, template: str, day: date) -> int:
    """Everybody who is still filling in; returns how many."""
    wanted = select(Declaration.person_id, Declaration.id, Declaration.notice_version_id)
    rows = session.execute(wanted.where(desk.drafted_for(at), Declaration.notice_key == notice_key)).all()
    if not rows:
        return 0
    about = About(rows[0].notice_version_id, declarations={row.person_id: row.id for row in rows})
    facts = {"unit": at.name, "day": day_words(day)}
    return len(notifications.post(session, [row.person_id for row in rows], template, facts, about))


def _of(session: Session, organisation_id: int, notice_key: str) -> ClosingDay | None:
    wanted = select(ClosingDay).where(ClosingDay.organisation_id == organisation_id)
    return session.scalar(wanted.where(ClosingDay.notice_key == notice_key))
