"""快速查找: an applicant, a unit or a number, among what one has to do, what one has done, and what one may see."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.domain import dictionaries, organisations, people, permissions, statuses
from app.domain.inbox import lists
from app.domain.inbox.filters import MOST_UNITS, Filters
from app.domain.inbox.lists import Item
from app.domain.inbox.titles import UNIT_NAME, applicant
from app.domain.permissions import Grants
from app.domain.waiting import Case
from app.models.declaration import Declaration
from app.models.operators import among
from app.models.people import Organisation
from app.models.process import Task
from app.models.recommendation import BatchEntry, UnitBatch

SHOWN = 10  # of each kind; the lists themselves hold the rest
IDENTITY = re.compile(r"\d{17}[\dX]")
SECRET = re.compile(r"\d{15}")  # so many digits in a row are no number of ours, but may be of a person


@dataclass(frozen=True)
class Hit:
    """A declaration that one may see; `task_id` the last of its tasks whose page one may open."""

    declaration_id: int
    instance_id: int | None
    applicant: str
    about: str
    number: str
    unit: str
    status: str
    own: bool
    task_id: int | None

    @property
    def case(self) -> Case:
        return (self.declaration_id, self.instance_id or 0)


@dataclass(frozen=True)
class Found:
    """The first of each kind with how many there are; of `hits` one more than is shown says that there are more."""

    todo: tuple[list[Item], int]
    done: tuple[list[Item], int]
    hits: list[Hit]

    @property
    def nothing(self) -> bool:
        return not (self.todo[1] or self.done[1] or self.hits)


def person_of(session: Session, grants: Grants, said: str) -> int | None:
    """Whose identity number this is, where one may see a declaration of his; nobody learns more by trying numbers."""
    number = "".join(said.split()).upper()
    person = people.by_identity(session, number) if IDENTITY.fullmatch(number) else None
    if person is None:
        return None
    seen = select(Declaration.id).where(Declaration.person_id == person.id, permissions.visible_declarations(grants))
    return person.id if session.scalar(seen.limit(1)) is not None else None


def is_secret(said: str) -> bool:
    """Whether the words may be somebody's number, which no address and no log is to hold."""
    return SECRET.search("".join(said.split())) is not None


def of(session: Session, grants: Grants, filters: Filters) -> Found:
    """What `q` or `applicant` of the filters finds, in a fixed number of statements."""
    return Found(
        lists.first(session, permissions.actionable_tasks(grants), grants, filters, "due", SHOWN),
        lists.first(session, lists.completed_by(grants), grants, filters, "ended", SHOWN),
        _hits(session, grants, _matching(session, filters)),
    )


def _matching(session: Session, filters: Filters) -> ColumnElement[bool]:
    """Declarations by an index each: of a person, by the beginning of a name, by a number, or from a unit's lists."""
    if filters.applicant:
        return Declaration.person_id == filters.applicant_id
    living = [each.id for each in organisations.find(session, filters.q, limit=MOST_UNITS)]
    units = select(Organisation.id).where(or_(Organisation.id.in_(living), Organisation.merged_into_id.in_(living)))
    from_lists = select(BatchEntry.declaration_id).join(UnitBatch, UnitBatch.id == BatchEntry.batch_id)
    named = select(Declaration.id).join(applicant, applicant.id == Declaration.person_id)
    numbers = (Declaration.number, Declaration.acceptance_no)
    ways = (
        named.where(applicant.name.startswith(filters.q, autoescape=True)),
        *(select(Declaration.id).where(column == filters.q) for column in numbers),
        from_lists.where(UnitBatch.number == filters.q),
        from_lists.where(UnitBatch.organisation_id.in_(units)),
    )
    return among(Declaration.id, ways[0].union_all(*ways[1:]).scalar_subquery())


def _hits(session: Session, grants: Grants, matching: ColumnElement[bool]) -> list[Hit]:
    rows = session.execute(
        select(Declaration, applicant.name, UNIT_NAME)
        .join(applicant, applicant.id == Declaration.person_id)
        .where(matching, permissions.visible_declarations(grants))
        .order_by(Declaration.id.desc())
        .limit(SHOWN + 1)
    ).all()
    pages = _pages(session, grants, [row.id for row, _, _ in rows])
    return [
        Hit(
            declaration_id=row.id,
            instance_id=row.instance_id,
            applicant=name,
            about=dictionaries.label("specialty", row.specialty) + dictionaries.label("level", row.level),
            number=row.number or "",
            unit=unit or "",
            status=statuses.label(row.ended_as or row.status),
            own=grants.personal and row.person_id == grants.person_id,
            task_id=pages.get(row.id),
        )
        for row, name, unit in rows
    ]


def _pages(session: Session, grants: Grants, declarations: Sequence[int]) -> dict[int | None, int]:
    last = select(func.max(Task.id), Task.declaration_id).where(Task.declaration_id.in_(declarations))
    found = dict(session.execute(last.where(permissions.visible_tasks(grants)).group_by(Task.declaration_id)).all())
    open_to = permissions.openable_tasks(session, grants, found)
    return {declaration: task for task, declaration in found.items() if task in open_to}
