"""代办: who acts in an absent holder's place, in one post and for a term; named by the administrator or by himself."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from app import clock
from app.domain import people
from app.domain.deadline_rules import spoken
from app.domain.people import Term
from app.domain.permissions import Grants
from app.domain.wording import day_words
from app.errors import NotFound, Problem, Refused
from app.models.people import Organisation, Person, RoleGrant, Substitute
from app.models.process import Task

Post = tuple[str, int | None]  # role and body


@dataclass(frozen=True)
class Standing:
    """A substitute of now or of a coming time, as the absent person's own page lists it."""

    row: Substitute
    name: str
    post: str


def name(session: Session, absent: RoleGrant, substitute_id: int, term: Term, reason: str) -> Substitute:
    """Let `substitute_id` act in the place of the holder of `absent` for the term.

    Refused without a reason, for oneself, for a second substitute in the same time, and for a chain: who stands in for
    somebody passes it on to nobody, and who is away himself stands in for nobody.
    """
    if not reason.strip():
        raise Refused(Problem("no_reason", "请填写指定代办人的原因。", "reason"))
    if substitute_id == absent.person_id:
        raise Refused(Problem("substitute", "代办人不能是本人。", "substitute_id"))
    chosen = people.get(session, substitute_id)
    at_once = _overlapping(term)
    post = (Substitute.role == absent.role) & Substitute.organisation_id.is_not_distinct_from(absent.organisation_id)
    _refuse_second(session, absent, post & at_once)
    if _exists(session, (Substitute.person_id == chosen.id) & at_once):
        message = f"{chosen.name}在此期间已委托他人代办，不能再代他人办理。请另选代办人。"
        raise Refused(Problem("chain", message, "substitute_id"))
    if _exists(session, (Substitute.substitute_id == absent.person_id) & post & at_once):
        raise Refused(Problem("chain", "您在此期间正代他人办理该岗位的事项，不能再转托。", "substitute_id"))
    found = Substitute(
        person_id=absent.person_id,
        substitute_id=chosen.id,
        role=absent.role,
        organisation_id=absent.organisation_id,
        from_at=term[0],
        to_at=term[1],
        reason=reason.strip(),
    )
    session.add(found)
    session.flush()
    return found


def end(session: Session, substitute_id: int, person_id: int) -> None:
    """The absent person is back: his substitute acts no more. What he did stays on record. Raises NotFound."""
    found = session.get(Substitute, substitute_id)
    now = clock.now(session)
    if found is None or found.person_id != person_id or (found.to_at is not None and found.to_at <= now):
        raise NotFound("没有找到该代办委托。")
    found.to_at = max(now, found.from_at)
    session.flush()


def of_person(session: Session, person_id: int) -> list[Standing]:
    """Those who stand in for him now or will, by their beginning."""
    now = clock.now(session)
    live = or_(Substitute.to_at.is_(None), Substitute.to_at > now)
    rows = session.execute(
        select(Substitute, Person.name, Organisation.name)
        .join(Person, Person.id == Substitute.substitute_id)
        .outerjoin(Organisation, Organisation.id == Substitute.organisation_id)
        .where(Substitute.person_id == person_id, live)
        .order_by(Substitute.from_at, Substitute.id)
    )
    posts = people.ROLES
    return [Standing(row, who, f"{body or ''} {posts.get(row.role, row.role)}".strip()) for row, who, body in rows]


def colleagues(session: Session, person_id: int) -> list[tuple[int, str, str]]:
    """(id, name, body) of whoever holds a post in a body in which the person holds one; he may ask them."""
    now = clock.now(session)
    own = aliased(RoleGrant)
    bodies = select(own.organisation_id).where(own.person_id == person_id, people.in_force(own, now))
    rows = session.execute(
        select(Person.id, Person.name, Organisation.name)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(RoleGrant.organisation_id.in_(bodies), people.in_force(RoleGrant, now))
        .where(Person.id != person_id, Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return list(dict.fromkeys((key, name, body) for key, name, body in rows))


def absent_of(grants: Grants, role: str, organisation_id: int | None) -> int | None:
    """For whom the holder of these grants would act in a post; None where the post is his own, or not his at all."""
    held = [each for each in grants.held if each.role == role and organisation_id in (None, each.organisation_id)]
    own = any(each.on_behalf_of is None for each in held)
    return held[0].on_behalf_of if held and not own else None


def absent_names(session: Session, grants: Grants, posts: Iterable[Post]) -> dict[Post, str]:
    """The same for the posts of a whole list: post → name of the absent; no statement where nobody is absent."""
    found = {post: person for post in set(posts) if (person := absent_of(grants, *post)) is not None}
    if not found:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(found.values())))
    names = {row.id: row.name for row in rows}
    return {post: names[person] for post, person in found.items()}


def absent_name(session: Session, grants: Grants, task: Task) -> str:
    """The name behind `absent_of` a task; empty where the person acts for himself."""
    return absent_names(session, grants, [(task.role, task.organisation_id)]).get((task.role, task.organisation_id), "")


def _overlapping(term: Term) -> ColumnElement[bool]:
    first, last = term
    begins_before: ColumnElement[bool] = Substitute.from_at < last if last is not None else Substitute.id.is_not(None)
    return begins_before & or_(Substitute.to_at.is_(None), Substitute.to_at > first)


def _refuse_second(session: Session, absent: RoleGrant, same: ColumnElement[bool]) -> None:
    wanted = select(Substitute, Person.name).join(Person, Person.id == Substitute.substitute_id)
    found = session.execute(wanted.where(Substitute.person_id == absent.person_id, same).limit(1)).first()
    if found is None:
        return
    row, other = found
    until = f"至{spoken(row.to_at)}" if row.to_at is not None else "起"
    message = f"该岗位自{day_words(clock.local(row.from_at).date())}{until}已委托{other}代办，同一期间不能再委托他人。"
    raise Refused(Problem("overlap", message, "from_on"))


def _exists(session: Session, wanted: ColumnElement[bool]) -> bool:
    return session.scalar(select(Substitute.id).where(wanted).limit(1)) is not None
