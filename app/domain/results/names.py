"""The names of a session's result: who passed, who is held back, who may be confirmed now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import declarations, organisations
from app.models.declaration import Declaration
from app.models.people import Person
from app.models.review import AgendaItem, ResultPublicity

VOTED = "voted"
CONFIRMED, NOT_CONFIRMED, REPLIED = "confirmed", "not_confirmed", "replied"  # outcomes of an item


@dataclass(frozen=True)
class Name:
    """One declaration that the session has voted on."""

    item: AgendaItem
    declaration: Declaration
    applicant: str

    @property
    def passed(self) -> bool:
        return bool(self.item.passed)

    @property
    def entrusted(self) -> bool:
        """Its result goes back to an entrusting unit instead of being confirmed (R-205)."""
        return declarations.is_entrusted(self.declaration)

    @property
    def open(self) -> bool:
        """Passed, still alive, and neither confirmed nor refused."""
        return self.passed and self.declaration.ended_as is None and self.item.outcome is None

    @property
    def held(self) -> bool:
        """A lead about it is being verified: the others go on without it (R-202)."""
        return self.open and bool(self.declaration.holds)

    @property
    def ready(self) -> bool:
        """May go into a confirmation that is still to be drafted, or into a reply, which tells of both results."""
        if self.item.confirmation_id is not None or self.item.outcome is not None:
            return False
        return (self.open and not self.held) or (self.entrusted and not self.passed)


def of_session(session: Session, session_id: int) -> list[Name]:
    """Everybody voted on, in the order of the agenda; one statement. The deferred wait for another session."""
    rows = session.execute(
        select(AgendaItem, Declaration, Person.name)
        .join(Declaration, Declaration.id == AgendaItem.declaration_id)
        .join(Person, Person.id == Declaration.person_id)
        .where(AgendaItem.session_id == session_id, AgendaItem.status == VOTED)
        .order_by(AgendaItem.place)
    )
    return [Name(*row) for row in rows.all()]


def own(names: Iterable[Name]) -> list[Name]:
    """Those ready to be confirmed, entrusted ones aside."""
    return [name for name in names if name.ready and not name.entrusted]


def entrusted(names: Iterable[Name]) -> list[Name]:
    """Those whose result is ready to be told to their entrusting units, passed or not."""
    return [name for name in names if name.ready and name.entrusted]


def units(session: Session, found: Sequence[Name], field: str = "unit_id") -> dict[int, str]:
    """Declaration id → the name of its employer (or of the body in another field); at most one statement."""
    ids = {name.declaration.id: int(name.declaration.data.get(field) or 0) for name in found}
    known = {unit.id: unit.name for unit in organisations.known(session, ids.values())}
    return {key: known.get(unit, "自由职业者" if field == "unit_id" else "") for key, unit in ids.items()}


def current_item(session: Session, declaration_id: int) -> AgendaItem | None:
    """The item by which the declaration stands in a result: passed, shown to the public, not yet decided."""
    shown = select(ResultPublicity.id).where(ResultPublicity.session_id == AgendaItem.session_id)
    wanted = select(AgendaItem).where(
        AgendaItem.declaration_id == declaration_id,
        AgendaItem.passed.is_(True),
        AgendaItem.outcome.is_(None),
        shown.exists(),
    )
    return session.scalar(wanted.order_by(AgendaItem.id.desc()).limit(1))


def last_item(session: Session, declaration_id: int) -> AgendaItem | None:
    """The declaration's latest item that was voted on."""
    wanted = select(AgendaItem).where(AgendaItem.declaration_id == declaration_id, AgendaItem.status == VOTED)
    return session.scalar(wanted.order_by(AgendaItem.id.desc()).limit(1))
