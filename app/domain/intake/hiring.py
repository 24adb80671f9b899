"""Carrying out a file of accounts: people and posts written with few statements, each on its account's own record."""

from sqlalchemy.orm import Session

from app.domain import account_changes, identity
from app.domain.intake.persons import Intake, Item
from app.domain.intake.sheets import Entry
from app.models.access import AccountChange
from app.models.people import IDENTITY_COLUMN, MOBILE_COLUMN, Person, RoleGrant
from app.models.types import blind


def apply(session: Session, intake: Intake, *, reason: str, by: int) -> list[int]:
    """Make the accounts, without a password as yet, and grant the posts; returns the ids of the accounts made."""
    entries, persons = intake.plan().entries, {item.account: item.person for item in intake.items}
    made = {account: Person(account=account, name="") for account, person in persons.items() if person is None}
    everybody = made | {account: person for account, person in persons.items() if person is not None}
    for item in intake.items:
        _write(everybody[item.account], item)
    session.add_all(made.values())
    session.flush()
    granted = {}
    for item in intake.items:
        if item.held is not None and item.until is not None:
            item.held.to_at = item.until
        elif item.held is None and item.place is not None:
            role, body = item.place
            person = everybody[item.account]
            term = {"from_at": intake.now, "to_at": item.until}
            granted[item.line] = RoleGrant(person_id=person.id, role=role, organisation_id=body, **term)
    session.add_all(granted.values())
    session.flush()
    for item, entry in zip(intake.items, entries, strict=True):
        if entry.outcome != "unchanged":
            grant, details = granted.get(item.line), {"about": "；".join(_words(entry))}
            about = {"person_id": everybody[item.account].id, "grant_id": grant.id if grant else None, "by_id": by}
            facts = {"kind": account_changes.IMPORTED, "details": details, "reason": reason, "at": intake.now}
            session.add(AccountChange(**about, **facts))
    session.flush()
    return [person.id for person in made.values()]


def _write(person: Person, item: Item) -> None:
    for key, value in item.said.items():
        setattr(person, key, value)
    if number := item.said.get("identity_number"):
        person.identity_blind = blind(IDENTITY_COLUMN, number)
        person.birth, person.sex = identity.birth_date(number), identity.sex(number)
    if mobile := item.said.get("mobile"):
        person.mobile_blind = blind(MOBILE_COLUMN, mobile)


def _words(entry: Entry) -> list[str]:
    return [f"{what}：{f'{before} → ' if before else ''}{after}" for what, before, after in entry.changes]
