"""代办: who acts in an absent holder's place, in one post and for a term; named by the administrator or by himself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

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

    Refused without a reason, for oneself, for a closed account, for a second substitute in the same time, and for a
    chain or a circle: who stands in for somebody names nobody for himself, and who is away himself stands in for
    nobody. Two who name each other at the same moment wait here, and the second reads what the first has done.
    """
    if not reason.strip():
        raise Refused(Problem("no_reason", "请填写指定代办人的原因。", "reason"))
    if substitute_id == absent.person_id:
        raise Refused(Problem("substitute", "代办人不能是本人。", "substitute_id"))
    chosen = _held_still(session, absent.person_id, substitute_id)
    if chosen.disabled_at is not None:
        raise Refused(Problem("substitute", f"{chosen.name}的账号已停用，不能代办。请另选代办人。", "substitute_id"))
    at_once = _overlapping(term)
    post = (Substitute.role == absent.role) & Substitute.organisation_id.is_not_distinct_from(absent.organisation_id)
    _refuse_second(session, absent, post & at_once)
    _refuse_away(session, absent, chosen, at_once)
    _refuse_standing(session, absent, at_once)
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


def end(session: Session, substitute_id: int, person_id: int) -> Substitute:
    """The absent person is back: his substitute acts no more. What he did stays on record. Raises NotFound."""
    found = session.get(Substitute, substitute_id)
    now = clock.now(session)
    if found is None or found.person_id != person_id or (found.to_at is not None and found.to_at <= now):
        raise NotFound("没有找到该代办委托。")
    stop(session, found)
    return found


def stop(session: Session, found: Substitute) -> None:
    """End it now; one that has not begun is as if it had never been."""
    found.to_at = max(clock.now(session), found.from_at)
    session.flush()


def not_over(at: datetime) -> ColumnElement[bool]:
    """SQL predicate: the substitution runs at `at`, or is to come."""
    return or_(Substitute.to_at.is_(None), Substitute.to_at > at) & (
        Substitute.to_at.is_(None) | (Substitute.to_at > Substitute.from_at)
    )


def of_person(session: Session, person_id: int) -> list[Standing]:
    """Those who stand in for him now or will, by their beginning."""
    now = clock.now(session)
    rows = session.execute(
        select(Substitute, Person.name, Organisation.name)
        .join(Person, Person.id == Substitute.substitute_id)
        .outerjoin(Organisation, Organisation.id == Substitute.organisation_id)
        .where(Substitute.person_id == person_id, not_over(now))
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


def _refuse_away(session: Session, absent: RoleGrant, chosen: Person, at_once: ColumnElement[bool]) -> None:
    """Refused where whoever is chosen is away himself, with the circle where it would be one."""
    standing = _names_of(session, Substitute.person_id == chosen.id, at_once, Substitute.substitute_id)
    if not standing:
        return
    if absent.person_id in standing:
        name = standing[absent.person_id]
        message = (
            f"{chosen.name}在此期间已委托{name}代办，互相委托会使双方的事项都无人办理。请另选代办人，或者错开日期。"
        )
        raise Refused(Problem("circle", message, "substitute_id"))
    others = "、".join(standing.values())
    message = f"{chosen.name}在此期间已委托他人代办（{others}），不能再代他人办理。请另选代办人。"
    raise Refused(Problem("chain", message, "substitute_id"))


def _refuse_standing(session: Session, absent: RoleGrant, at_once: ColumnElement[bool]) -> None:
    """Refused where the absent stands in for somebody himself, in whatever post."""
    away = _names_of(session, Substitute.substitute_id == absent.person_id, at_once, Substitute.person_id)
    if away:
        who = "、".join(away.values())
        message = f"在此期间正代{who}办理，不能再委托他人代办。请{who}先另行委托，或者错开日期。"
        raise Refused(Problem("chain", message, "substitute_id"))


def _names_of(
    session: Session, mine: ColumnElement[bool], at_once: ColumnElement[bool], other: InstrumentedAttribute[int]
) -> dict[int, str]:
    wanted = select(Person.id, Person.name).join(Substitute, other == Person.id).where(mine, at_once)
    return dict(session.execute(wanted.order_by(Person.id)).all())


def _held_still(session: Session, *person_ids: int) -> Person:
    """Hold both people's rows until the transaction ends, always in one order; gives the last. Raises NotFound."""
    wanted = select(Person).where(Person.id.in_(person_ids)).order_by(Person.id)
    held = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = {row.id: row for row in session.scalars(held)}
    return found.get(person_ids[-1]) or people.get(session, person_ids[-1])
