"""本单位内部截止: the day by which a unit wants its people's declarations; it binds nobody, the notice's own does."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import desk, notifications
from app.domain.desk import Desk
from app.domain.explanations import day_words
from app.domain.notifications import About
from app.errors import Problem, Refused
from app.models.declaration import Declaration
from app.models.desk import ClosingDay
from app.models.notice import Committee

_JUST_BEFORE = timedelta(microseconds=1)


def of_desk(session: Session, at: Desk, notice_key: str) -> ClosingDay | None:
    """The day that the unit has set under the notice."""
    return _of(session, at.organisation_id, notice_key)


def of_declarations(session: Session, declarations: Iterable[Declaration]) -> dict[int, date]:
    """Declaration id → the day its unit has set, of those still being filled in; one statement."""
    drafts = [each for each in declarations if each.submitted_at is None and each.ended_as is None]
    units = {each.data.get("unit_id") for each in drafts} - {None}
    if not units:
        return {}
    rows = session.scalars(select(ClosingDay).where(ClosingDay.organisation_id.in_(units)))
    days = {(row.organisation_id, row.notice_key): row.closes_on for row in rows}
    found = {each.id: days.get((each.data.get("unit_id") or 0, each.notice_key)) for each in drafts}
    return {key: day for key, day in found.items() if day is not None}


def limit(session: Session, at: Desk, notice_key: str) -> date | None:
    """The last day the notice itself leaves to the desk's people: of their committees' windows the latest."""
    wanted = select(func.max(Committee.declare_until)).join(Declaration, Declaration.committee_id == Committee.id)
    mine = desk.through(at) | desk.drafted_for(at)
    closes = session.scalar(wanted.where(mine, Declaration.notice_key == notice_key))
    return None if closes is None else clock.local(closes - _JUST_BEFORE).date()


def set_day(session: Session, at: Desk, notice_key: str, day: date, person_id: int) -> int:
    """Set it (again) and tell everybody who is still filling in; returns how many were told.

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
    return remind(session, at, notice_key, day)


def remind(session: Session, at: Desk, notice_key: str, day: date) -> int:
    """Tell everybody who is still filling in of the day; returns how many."""
    wanted = select(Declaration.person_id, Declaration.id, Declaration.notice_version_id)
    rows = session.execute(wanted.where(desk.drafted_for(at), Declaration.notice_key == notice_key)).all()
    if not rows:
        return 0
    about = About(rows[0].notice_version_id, declarations={row.person_id: row.id for row in rows})
    facts = {"unit": at.name, "day": day_words(day)}
    return len(notifications.post(session, [row.person_id for row in rows], "unit_closing", facts, about))


def _of(session: Session, organisation_id: int, notice_key: str) -> ClosingDay | None:
    wanted = select(ClosingDay).where(ClosingDay.organisation_id == organisation_id)
    return session.scalar(wanted.where(ClosingDay.notice_key == notice_key))
