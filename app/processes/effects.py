"""The before/after list of open deadlines for approval: whose, which, from when to when (D13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import calendar, deadlines, explanations, wording
from app.domain.deadlines import Change
from app.domain.year_arrangement import ArrangedDay
from app.models.declaration import Declaration
from app.models.people import Organisation, Person
from app.models.process import Deadline, ProcessInstance
from app.models.recommendation import UnitBatch

KINDS = {"earlier": "较已告知的提前", "later": "延后", "firm": "由暂定改为确定"}


@dataclass(frozen=True)
class Effect:
    """One deadline that would move; `shortens` what its people have been told already."""

    deadline_id: int
    about: str
    meaning: str
    before: datetime | None
    after: datetime | None
    provisional: bool
    shortens: bool

    @property
    def kind(self) -> str:
        """What happens to it, a key of KINDS."""
        if self.shortens:
            return "earlier"
        return "firm" if self.before == self.after and not self.provisional else "later"


@dataclass(frozen=True)
class DayChange:
    """One day made a working or a rest day."""

    day: date
    working: bool
    note: str
    source: str


@dataclass(frozen=True)
class YearChange:
    """A year's arrangement declared known, with its rest days and make-up days."""

    year: int
    source: str
    days: tuple[ArrangedDay, ...] = ()


def described(session: Session, changes: Sequence[Change]) -> list[Effect]:
    """The changes in words, as people know them; one statement."""
    rows = session.execute(
        select(Deadline.id, ProcessInstance.notice_version_id, Person.name, Organisation.name)
        .join(ProcessInstance, ProcessInstance.id == Deadline.instance_id)
        .outerjoin(Declaration, Declaration.id == Deadline.declaration_id)
        .outerjoin(Person, Person.id == Declaration.person_id)
        .outerjoin(UnitBatch, UnitBatch.instance_id == ProcessInstance.id)
        .outerjoin(Organisation, Organisation.id == UnitBatch.organisation_id)
        .where(Deadline.id.in_([change.deadline_id for change in changes]))
    )
    known = {key: (version, applicant or unit or "") for key, version, applicant, unit in rows}
    found = []
    for change in changes:
        version, about = known[change.deadline_id]
        meaning = explanations.meaning(session, version, change.rule)
        found.append(
            Effect(change.deadline_id, about, meaning, change.before, change.after, change.provisional, change.shortens)
        )
    return found


def change_calendar(session: Session, change: DayChange | YearChange) -> list[Change]:
    """Write the change and say which open deadlines it moves; they are moved by `shortenings.apply_calendar`."""
    if isinstance(change, DayChange):
        calendar.set_day(session, change.day, working=change.working, note=change.note, source=change.source)
    else:
        calendar.publish_year(session, change.year, source=change.source, days=change.days)
    return deadlines.preview(session)


def words(change: DayChange | YearChange) -> str:
    """The change as the history of a deadline says it."""
    if isinstance(change, YearChange):
        return f"{change.year}年放假安排公布（{change.source}）"
    return f"{wording.day_words(change.day)}调整为{'工作日' if change.working else '休息日'}（{change.source}）"
