"""What a person may act as: the roles in force, his own and those he holds as somebody's substitute."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Select,
    Subquery,
    bindparam,
    cast,
    literal,
    null,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from app import clock
from app.domain import people
from app.models.people import Organisation, Person, RoleGrant, Substitute
from app.models.types import Instant

SEES_ALL = frozenset({"manager", "system_admin"})


@dataclass(frozen=True)
class Grant:
    """One role in force; `on_behalf_of` is the absent person where it is held as a substitute.

    `specialties` limits it to declarations of these; empty: all.
    """

    id: int
    role: str
    organisation_id: int | None
    organisation: str | None
    path: str | None
    on_behalf_of: int | None = None
    specialties: tuple[str, ...] = ()

    def covers(self, specialty: str | None) -> bool:
        """Whether a declaration of the specialty (None: not chosen yet) falls to it."""
        return not self.specialties or specialty is None or specialty in self.specialties

    @property
    def title(self) -> str:
        """`渝州区教育局 单位主管部门`"""
        post = people.ROLES.get(self.role, self.role)
        return f"{self.organisation} {post}" if self.organisation else post


@dataclass(frozen=True)
class Grants:
    """All that a person holds at one instant, or the part he acts with; `personal` lets him be an applicant."""

    person_id: int
    held: tuple[Grant, ...] = ()
    personal: bool = True

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.held)

    @property
    def sees_all(self) -> bool:
        return bool(self.roles & SEES_ALL)

    @property
    def title(self) -> str:
        """The identity in words, as sentence 25 names it."""
        return "、".join(dict.fromkeys(grant.title for grant in self.held)) or "个人"

    def holds(self, role: str, organisation_id: int | None = None) -> bool:
        """True when the role is held, in this very body where one is given."""
        return any(grant.role == role and organisation_id in (None, grant.organisation_id) for grant in self.held)

    def acting_as(self, grant_id: int | None) -> "Grants":
        """切换身份: every role of the body of that grant; None, or a grant no longer held, is the person himself."""
        chosen = next((grant for grant in self.held if grant.id == grant_id), None)
        if chosen is None:
            return replace(self, held=(), personal=True)
        same_body = tuple(grant for grant in self.held if grant.organisation_id == chosen.organisation_id)
        return replace(self, held=same_body, personal=False)

    def confirmed(self, now: "Grants") -> "Grants":
        """What of these is held still: `now` is everything the person holds at this instant."""
        living = {(grant.id, grant.on_behalf_of) for grant in now.held}
        return replace(self, held=tuple(grant for grant in self.held if (grant.id, grant.on_behalf_of) in living))


def grants_of(session: Session, person_id: int, at: datetime | None = None) -> Grants:
    """Everything the person holds now (or at `at`), himself or as a substitute; a disabled account has none.

    One statement, which also reads the transaction's clock where nobody has asked it yet.
    """
    rows = session.connection().execute(_grants(*clock.columns(session)), {"person": person_id}).all()
    now = clock.take(session, rows[0][WIDTH:])
    return of_rows(person_id, rows, at or now)


def of_rows(person_id: int, rows: Iterable[Sequence[Any]], at: datetime) -> Grants:
    """What `held` says at an instant; each row begins with its columns, which are empty for who holds nothing."""
    held = [_grant(row[:TERMS]) for row in rows if row[0] is not None and _in_force(row[TERMS:WIDTH], at)]
    return Grants(person_id, tuple(sorted(held, key=lambda grant: (grant.on_behalf_of or 0, grant.id))))


TERMS, WIDTH = 7, 12  # where a row's terms begin and end


def _grant(row: Sequence[Any]) -> Grant:
    key, role, organisation_id, organisation, path, absent, specialties = row
    return Grant(key, role, organisation_id, organisation, path, absent, tuple(specialties or ()))


def _in_force(terms: Sequence[datetime | None], at: datetime) -> bool:
    """What `people.in_force` asks of the grant and of the substitution, from the columns of `_grants`."""
    granted, ends, revoked, stands_from, stands_to = terms
    standing = stands_from is None or people.holds_at(at, stands_from, stands_to)
    return standing and people.holds_at(at, granted, ends, revoked)


@lru_cache(maxsize=4)
def _grants(*reading: ColumnElement[Any]) -> Select[Any]:
    """Always a row, for the clock's sake."""
    one = select(literal(1).label("one")).subquery()
    held = held_by_person()
    return select(*held.c, *reading).select_from(one.outerjoin(held, true()))


def held_by_person() -> Subquery:
    """The roles of `:person`, his own and those he holds as a substitute, past ones too; for `of_rows`."""
    person = bindparam("person", type_=BigInteger)
    columns = (RoleGrant.id, RoleGrant.role, RoleGrant.organisation_id, Organisation.name, Organisation.path)
    term = (RoleGrant.specialties, RoleGrant.from_at, RoleGrant.to_at, RoleGrant.revoked_at)
    no_term = [type_coerce(cast(null(), DateTime(timezone=True)), Instant()).label(name) for name in ("begun", "over")]
    own = select(*columns, cast(null(), BigInteger).label("absent"), *term, *no_term)
    own = own.join(Person, Person.id == RoleGrant.person_id)
    own = own.outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
    standing = select(*columns, Substitute.person_id, *term, Substitute.from_at, Substitute.to_at)
    standing = standing.join(Substitute, people.same_post()).join(Person, Person.id == Substitute.substitute_id)
    standing = standing.outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
    enabled = Person.disabled_at.is_(None)
    return union_all(
        own.where(RoleGrant.person_id == person, enabled), standing.where(Substitute.substitute_id == person, enabled)
    ).subquery("granted")
