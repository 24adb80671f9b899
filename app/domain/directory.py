"""The administrator's look at bodies and accounts: the tree, who holds what, who stands in for whom."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.domain import organisations, people
from app.models.people import Organisation, Person, RoleGrant, Substitute

PAGE = 50
_standing = aliased(Person)


@dataclass(frozen=True)
class Search:
    """Which bodies the tree shows: `words` of a present or former name, key or credit code; `under` a body's id."""

    words: str = ""
    kind: str = ""
    under: int = 0
    merged: bool = False  # those that were merged into another

    @property
    def narrows(self) -> bool:
        """Whether the rows need not stand beneath their superiors."""
        return bool(self.words or self.kind or self.merged)


@dataclass(frozen=True)
class Branch:
    """One body of the tree; `depth` 0 at the root, `holders` how many hold a role there, `below` its subordinates."""

    body: Organisation
    kind: str
    depth: int
    superior: str
    holders: int
    below: int


@dataclass(frozen=True)
class Held:
    """One role in force; `sole` where nobody else holds it, `stand_ins` who acts for its holder and until when."""

    id: int
    role: str
    body: str
    sole: bool
    stand_ins: tuple[tuple[str, datetime | None], ...]


@dataclass(frozen=True)
class Account:
    person: Person
    held: tuple[Held, ...]


def tree(session: Session, at: datetime, search: Search = Search(), page: int = 1) -> tuple[list[Branch], int]:
    """One page of the bodies, superiors before their subordinates, and how many there are; a few statements."""
    found = session.execute(select(Organisation.id, Organisation.path).where(_found(session, search))).all()
    ordered = sorted(found, key=lambda row: [int(part) for part in row.path.strip("/").split("/")])
    ids = [row.id for row in ordered[(page - 1) * PAGE : page * PAGE]]
    superiors = aliased(Organisation)
    rows = session.execute(
        select(Organisation, superiors.name)
        .outerjoin(superiors, superiors.id == Organisation.parent_id)
        .where(Organisation.id.in_(ids))
    )
    known = {body.id: (body, superior or "") for body, superior in rows}
    holders, below = _holders(session, at, ids), _subordinates(session, ids)
    top = organisations.get(session, search.under).path.count("/") if search.under else 2
    return [
        Branch(
            body=body,
            kind=organisations.KINDS.get(body.kind, body.kind),
            depth=0 if search.narrows else body.path.count("/") - top,
            superior=superior,
            holders=holders.get(body.id, 0),
            below=below.get(body.id, 0),
        )
        for body, superior in (known[each] for each in ids)
    ], len(found)


def _found(session: Session, search: Search) -> ColumnElement[bool]:
    merged = Organisation.merged_into_id
    wanted: list[ColumnElement[bool]] = [merged.is_not(None) if search.merged else merged.is_(None)]
    if search.kind:
        wanted.append(Organisation.kind == search.kind)
    if search.under:
        wanted.append(organisations.within(Organisation.id, [organisations.get(session, search.under).path]))
    return and_(*wanted, organisations.called(search.words) if search.words else true())


def _holders(session: Session, at: datetime, ids: list[int]) -> dict[int, int]:
    rows = session.execute(
        select(RoleGrant.organisation_id, func.count(func.distinct(RoleGrant.person_id)))
        .where(people.in_force(RoleGrant, at), RoleGrant.organisation_id.in_(ids))
        .group_by(RoleGrant.organisation_id)
    )
    return {body: count for body, count in rows if body is not None}


def _subordinates(session: Session, ids: list[int]) -> dict[int, int]:
    rows = session.execute(
        select(Organisation.parent_id, func.count())
        .where(Organisation.parent_id.in_(ids), Organisation.merged_into_id.is_(None))
        .group_by(Organisation.parent_id)
    )
    return {parent: count for parent, count in rows if parent is not None}


def accounts(
    session: Session, at: datetime, words: str = "", organisation_id: int | None = None, page: int = 1
) -> tuple[list[Account], int]:
    """One page of accounts by name with what they hold, and how many there are; of one body where given."""
    wanted = select(Person)
    if words:
        found = Person.name.icontains(words, autoescape=True), Person.account.icontains(words, autoescape=True)
        wanted = wanted.where(or_(*found))
    if organisation_id is not None:
        there = select(RoleGrant.person_id).where(
            RoleGrant.organisation_id == organisation_id, people.in_force(RoleGrant, at)
        )
        wanted = wanted.where(Person.id.in_(there))
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    persons = session.scalars(wanted.order_by(Person.name, Person.id).limit(PAGE).offset((page - 1) * PAGE)).all()
    held = _held(session, at, [person.id for person in persons])
    return [Account(person, tuple(held[person.id])) for person in persons], total


def candidates(session: Session, at: datetime, grant: RoleGrant) -> list[Person]:
    """Who may be named to stand in: people who hold another post in the same body, then anybody with a post."""
    holding = people.in_force(RoleGrant, at) & Person.disabled_at.is_(None) & (Person.id != grant.person_id)
    rows = session.execute(
        select(Person, RoleGrant.organisation_id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(holding)
        .order_by(Person.name, Person.id)
    ).all()
    near = [person for person, body in rows if body is not None and body == grant.organisation_id]
    return list(dict.fromkeys([*near, *(person for person, _ in rows)]))


def _held(session: Session, at: datetime, person_ids: list[int]) -> defaultdict[int, list[Held]]:
    others = aliased(RoleGrant)
    same_body = or_(
        others.organisation_id == RoleGrant.organisation_id,
        others.organisation_id.is_(None) & RoleGrant.organisation_id.is_(None),
    )
    running = (others.from_at <= at) & or_(others.to_at.is_(None), others.to_at > at) & others.revoked_at.is_(None)
    shared = (
        select(others.id)
        .where(others.role == RoleGrant.role, same_body, running, others.person_id != RoleGrant.person_id)
        .correlate(RoleGrant)
        .exists()
    )
    rows = session.execute(
        select(RoleGrant, Organisation.name, shared, _standing.name, Substitute.to_at)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .outerjoin(Substitute, people.stands_in(at))
        .outerjoin(_standing, _standing.id == Substitute.substitute_id)
        .where(RoleGrant.person_id.in_(person_ids), people.in_force(RoleGrant, at))
        .order_by(RoleGrant.id)
    )
    found: dict[int, tuple[RoleGrant, str, bool, list[tuple[str, datetime | None]]]] = {}
    for grant, body, is_shared, name, until in rows:
        entry = found.setdefault(grant.id, (grant, body or "", not is_shared, []))
        if name:
            entry[3].append((name, until))
    held: defaultdict[int, list[Held]] = defaultdict(list)
    for grant, body, sole, stand_ins in found.values():
        role = people.ROLES.get(grant.role, grant.role)
        held[grant.person_id].append(Held(grant.id, role, body, sole, tuple(stand_ins)))
    return held
