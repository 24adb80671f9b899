"""Who holds each role, and where."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import people, posts
from app.models.people import Organisation, Person, RoleGrant

PAGE = 50


@dataclass(frozen=True)
class Holding:
    """One person in one body; `scope` in words."""

    grant: RoleGrant
    person: Person
    body: str

    @property
    def scope(self) -> str:
        return posts.scope_words(self.grant.specialties)


def counts(session: Session, at: datetime) -> dict[str, tuple[int, int]]:
    """Role → how many people hold it in how many bodies; one statement."""
    people_, bodies = (
        func.count(func.distinct(RoleGrant.person_id)),
        func.count(func.distinct(RoleGrant.organisation_id)),
    )
    rows = session.execute(
        select(RoleGrant.role, people_, bodies).where(people.in_force(RoleGrant, at)).group_by(RoleGrant.role)
    )
    return {role: (holders, places) for role, holders, places in rows}


def of_role(session: Session, role: str, at: datetime, page: int) -> tuple[list[Holding], int]:
    """One page of who holds it, by body and name, and how many there are."""
    running = (RoleGrant.role == role) & people.in_force(RoleGrant, at)
    total = session.scalar(select(func.count(RoleGrant.id)).where(running)) or 0
    rows = session.execute(
        select(RoleGrant, Person, Organisation.name)
        .join(Person, Person.id == RoleGrant.person_id)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(running)
        .order_by(Organisation.name, Person.name, RoleGrant.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [Holding(grant, person, body or "") for grant, person, body in rows], total
