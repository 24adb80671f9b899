"""受理登记簿: what an accepting body decided, line by line, counted by body and year without a gap."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app import clock
from app.domain import numbers
from app.domain.offices import Actor
from app.models.declaration import Declaration
from app.models.office import RegisterEntry
from app.models.people import Organisation, Person

OUTCOMES = {
    "accepted": "受理",
    "correction": "一次性告知补正",
    "refused": "不予受理",
    "returned": "审核不通过退回",
    "redirected": "改报其他评委会",
}


def series(declaration: Declaration, office: Organisation) -> str:
    """What counts the lines of the body's register for the declaration's year."""
    return f"register:{office.id}:{declaration.year}"


def enter(
    session: Session,
    declaration: Declaration,
    actor: Actor,
    office: Organisation,
    outcome: str,
    line: int | None = None,
    **said: str | None,
) -> RegisterEntry:
    """The next line of the register; `line` is its number where it was drawn before."""
    entry = RegisterEntry(
        organisation_id=office.id,
        year=declaration.year,
        number=line or numbers.next_number(session, series(declaration, office)),
        declaration_id=declaration.id,
        committee_id=declaration.committee_id,
        clerk_id=actor.person_id,
        outcome=outcome,
        at=clock.now(session),
        **said,
    )
    session.add(entry)
    return entry


def rows(session: Session, organisation_id: int, year: int) -> list[dict[str, Any]]:
    """The register of a body for export, in order: number, date, applicant, title, clerk, outcome, document, note."""
    clerk = aliased(Person)
    wanted = (
        select(RegisterEntry, Declaration, Person.name, clerk.name)
        .join(Declaration, Declaration.id == RegisterEntry.declaration_id)
        .join(Person, Person.id == Declaration.person_id)
        .outerjoin(clerk, clerk.id == RegisterEntry.clerk_id)
        .where(RegisterEntry.organisation_id == organisation_id, RegisterEntry.year == year)
        .order_by(RegisterEntry.number)
    )
    return [
        {
            "number": entry.number,
            "date": clock.local(entry.at).date(),
            "applicant": name,
            "declaration": declaration.number,
            "title": declaration.title,
            "clerk": clerk_name,
            "outcome": OUTCOMES[entry.outcome],
            "document": entry.document,
            "note": entry.note,
        }
        for entry, declaration, name, clerk_name in session.execute(wanted)
    ]
