"""The demo's fictional bodies and accounts, from `demo/*.yaml`; loading twice changes nothing."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session
from stdnum.cn import ric, uscc

from app import clock
from app.domain import accounts, organisations, people
from app.domain.package_files import loaded
from app.models.people import Organisation, Person, RoleGrant
from app.models.process import Task

PASSWORD = "Zhiping-Demo-2023"  # noqa: S105 shown on the demo's login page; a production database holds no such account
SINCE = datetime(2020, 1, 1, tzinfo=clock.SHANGHAI)  # before every date a demo's clock may be set to
_FOLDER = Path(__file__).parent / "demo"


@dataclass(frozen=True)
class DemoAccount:
    """One button of the login page; `about` says what the person is there to show."""

    account: str
    name: str
    about: str


def waiting(session: Session) -> dict[str, int]:
    """Demo account → how many open tasks wait for the person or for a post he holds; accounts without any left out."""
    post = and_(
        Task.person_id.is_(None), RoleGrant.role == Task.role, RoleGrant.organisation_id == Task.organisation_id
    )
    held = and_(RoleGrant.person_id == Person.id, people.in_force(RoleGrant, clock.now(session)))
    wanted = (
        select(Person.account, func.count(Task.id.distinct()).label("tasks"))
        .outerjoin(RoleGrant, held)
        .join(Task, and_(Task.status == "open", or_(Task.person_id == Person.id, post)))
        .where(Person.account.in_(account_names()))
        .group_by(Person.account)
    )
    return {row.account: row.tasks for row in session.execute(wanted)}


def load_demo_people(session: Session) -> None:
    """Write the demo's bodies and accounts where they are missing; what is there stays as it is."""
    for number, row in enumerate(_read("organisations"), 1):
        if session.scalar(select(Organisation.id).where(Organisation.key == row["key"])) is None:
            _write_organisation(session, number, row)
    shared_hash: str | None = None
    for row in (*_read("people")["applicants"], *_read("people")["officers"]):
        if people.by_account(session, row["account"]) is None:
            person = _write_person(session, row)
            shared_hash = shared_hash or accounts.hashed(PASSWORD)  # one slow hash for them all
            person.password_hash = shared_hash
    session.flush()


def identity_number(row: dict[str, Any]) -> str:
    """The valid, invented identity number of a demo applicant."""
    body = f"{row['place']}{row['born'].replace('-', '')}{row['order']:03d}"
    return body + ric.calc_check_digit(body + "0")


@cache
def groups() -> list[tuple[str, list[DemoAccount]]]:
    """(role in Chinese, accounts) in the order of the roles, applicants first."""
    people_file = _read("people")
    found = {people.ROLES["applicant"]: [_account(row, row["about"]) for row in people_file["applicants"]]}
    bodies = {row["key"]: row["name"] for row in _read("organisations")}
    for role, title in people.ROLES.items():
        rows = [(row, key) for row in people_file["officers"] for held, key in row["roles"] if held == role]
        if rows:
            found[title] = [_account(row, bodies.get(key, title)) for row, key in rows]
    return list(found.items())


@cache
def account_names() -> frozenset[str]:
    return frozenset(each.account for _, members in groups() for each in members)


def _write_organisation(session: Session, number: int, row: dict[str, Any]) -> None:
    parent = organisations.by_key(session, row["under"]).id if "under" in row else None
    code = f"12500000MBDEM{number:04d}"
    organisations.create(
        session,
        row["key"],
        row["name"],
        row["kind"],
        parent,
        credit_code=code + uscc.calc_check_digit(code),
        district=row.get("district"),
        document_code=row.get("code"),
        contact_name=row["contact"],
        contact_phone=f"023-555501{row['phone']}",
        registered=True,
    )


def _write_person(session: Session, row: dict[str, Any]) -> Person:
    person = people.register(session, row["account"], row["name"], identity_number(row) if "born" in row else None)
    if "mobile" in row:
        people.set_mobile(session, person.id, f"1390000{row['mobile']}")
    for role, key in row.get("roles", []):
        body = organisations.by_key(session, key).id if key else None
        people.grant(session, person.id, role, body, (SINCE, None))
    return person


def called(who: str) -> str:
    """A person or office of the demo in words, by account or `role@body`; what it does not know stays as it is."""
    role, _, key = who.rpartition("@")
    if not role:
        return {each.account: each.name for _, accounts in groups() for each in accounts}.get(who, who)
    bodies = {row["key"]: row["name"] for row in _read("organisations")}
    return f"{bodies.get(key, key)} {people.ROLES.get(role, role)}"


def _account(row: dict[str, Any], about: str) -> DemoAccount:
    return DemoAccount(row["account"], row["name"], about)


@cache
def _read(name: str) -> Any:
    return loaded((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
