"""Posts of one account: granting one, changing its scope, ending it, each by somebody else and for a reason.

What its open tasks become is `app.processes.leaving`.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import account_changes, dictionaries, organisations, people
from app.domain.people import LiveRoutes, Term
from app.domain.wording import moment_words
from app.errors import NotFound, Problem, Refused
from app.models.people import Organisation, Person, RoleGrant

ADMINISTRATOR = "system_admin"
# given by what one does, never by hand: a declaration, an application, a seat in a session
BY_THEMSELVES = ("applicant", "expert_candidate", "chair", "deputy_chair", "member", "reserve")
GRANTABLE = {role: words for role, words in people.ROLES.items() if role not in BY_THEMSELVES}
# posts that nobody holds together: who supervises a draw neither draws nor works for those whom it serves
APART = ({"discipline", "draw_operator"}, {"discipline", "committee_office"})
Place = tuple[str, int | None]  # role and body
SUPERVISED = "N1 §二(二)；R-170"


@dataclass(frozen=True)
class Wanted:
    """A post to be granted: the role, its body (none: a role of the product), for how long, for which specialties."""

    role: str
    organisation_id: int | None
    term: Term
    specialties: Collection[str] = ()


@dataclass(frozen=True)
class Post:
    """One grant as its account's page shows it; `state`: running, coming, over."""

    row: RoleGrant
    body: str
    state: str

    @property
    def title(self) -> str:
        return f"{self.body} {people.ROLES.get(self.row.role, self.row.role)}".strip()

    @property
    def scope(self) -> str:
        """`软件、大数据`, or 不限专业."""
        return scope_words(self.row.specialties)


def scope_words(codes: Iterable[str]) -> str:
    return "、".join(dictionaries.label("specialty", code) for code in codes) or "不限专业"


def of_person(session: Session, person_id: int) -> list[Post]:
    """All posts that the person holds, will hold or has held, running ones first, the latest first."""
    now = clock.now(session)
    rows = session.execute(
        select(RoleGrant, Organisation.name)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(RoleGrant.person_id == person_id)
        .order_by(RoleGrant.from_at.desc(), RoleGrant.id.desc())
    )
    found = [Post(row, body or "", _state(row, now)) for row, body in rows]
    return sorted(found, key=lambda post: ("running", "coming", "over").index(post.state))


def get(session: Session, grant_id: int, *, lock: bool = False) -> RoleGrant:
    """A grant that runs or is to come. NotFound."""
    found = session.get(RoleGrant, grant_id, populate_existing=lock, with_for_update=lock or None)
    if found is None or _state(found, clock.now(session)) == "over":
        raise NotFound("没有找到该任职，可能已经结束。")
    return found


def give(
    session: Session, person_id: int, wanted: Wanted, *, by: int, reason: str, live_routes: LiveRoutes
) -> RoleGrant:
    """Grant the post. Refused, every fault of the form at once."""
    problems = list(_faults(session, wanted))
    if person_id == by:
        problems.append(Problem("oneself", "不能给自己授予任职，请由其他系统管理员办理。"))
    person = people.get(session, person_id)
    if person.disabled_at is not None:
        problems.append(Problem("disabled", "该账号已停用，请先启用账号。"))
    try:
        said = account_changes.required(reason)
        if not problems:
            _check(session, person, wanted, live_routes)
    except Refused as refused:
        problems += refused.problems
    if problems:
        raise Refused(*problems)
    found = people.grant(session, person_id, wanted.role, wanted.organisation_id, wanted.term)
    found.specialties = sorted(wanted.specialties)
    session.flush()
    facts = {"post": title(session, found), "scope": scope_words(found.specialties), "term": term_words(wanted.term)}
    account_changes.note(session, person_id, "granted", by, said, found.id, **facts)
    return found


def rescope(session: Session, grant_id: int, specialties: Collection[str], *, by: int, reason: str) -> RoleGrant:
    """Limit a post to specialties, or to none. Refused."""
    found, said = get(session, grant_id, lock=True), account_changes.required(reason)
    if found.person_id == by:
        raise Refused(Problem("oneself", "不能调整自己的任职，请由其他系统管理员办理。"))
    _refuse_narrow(session, found.person_id, (found.role, found.organisation_id), specialties)
    before, found.specialties = found.specialties, sorted(specialties)
    session.flush()
    facts = {"post": title(session, found), "before": scope_words(before), "scope": scope_words(found.specialties)}
    account_changes.note(session, found.person_id, "scoped", by, said, found.id, **facts)
    return found


def end(session: Session, grant_id: int, *, by: int, reason: str, **details: object) -> RoleGrant:
    """End a post now; one that has not begun is as if it had never been. Refused for the last system administrator."""
    found, said = get(session, grant_id, lock=True), account_changes.required(reason)
    if found.person_id == by:
        raise Refused(Problem("oneself", "不能结束自己的任职，请由其他系统管理员办理。"))
    if found.role == ADMINISTRATOR:
        require_other_administrator(session, found.person_id)
    people.revoke(session, grant_id)
    facts = {"post": title(session, found), **details}
    account_changes.note(session, found.person_id, "ended", by, said, found.id, **facts)
    return found


def require_other_administrator(session: Session, person_id: int) -> None:
    """Refused where nobody but the person administers the system, now and without an end."""
    others = select(RoleGrant.id).join(Person, Person.id == RoleGrant.person_id)
    lasting = people.in_force(RoleGrant, clock.now(session)) & RoleGrant.to_at.is_(None) & Person.disabled_at.is_(None)
    wanted = others.where(RoleGrant.role == ADMINISTRATOR, RoleGrant.person_id != person_id, lasting)
    if session.scalars(wanted.with_for_update()).first() is None:
        message = "这是最后一名系统管理员，不能停用或结束任职。请先给另一账号授予系统管理员。"
        raise Refused(Problem("last_administrator", message))


def title(session: Session, grant: RoleGrant) -> str:
    body = organisations.get(session, grant.organisation_id).name if grant.organisation_id is not None else ""
    return f"{body} {people.ROLES.get(grant.role, grant.role)}".strip()


def term_words(term: Term) -> str:
    return f"自{moment_words(term[0])}{'至' + moment_words(term[1]) if term[1] else '起长期'}"


def _faults(session: Session, wanted: Wanted) -> Iterator[Problem]:
    """What is wrong with a post whoever is to hold it."""
    if wanted.role not in GRANTABLE:
        words = people.ROLES.get(wanted.role)
        said = f"“{words}”由系统按申报、入库和会议席位确定，不能在此授予。" if words else "请选择岗位。"
        yield Problem("role", said, "role")
    now, (first, last) = clock.now(session), wanted.term
    if first < now:
        yield Problem("period", "任职不能追溯，起始日期不能早于今天。", "from_on")
    if last is not None and last <= max(first, now):
        yield Problem("period", "截止日期不能早于起始日期，也不能早于今天。", "to_on")


def _check(session: Session, person: Person, wanted: Wanted, live_routes: LiveRoutes) -> None:
    """Refused where this person may not hold it."""
    role, body_id = wanted.role, wanted.organisation_id
    if body_id is not None:
        people.refuse_own_route(session, person.id, role, organisations.resolve(session, body_id), live_routes)
    _refuse_together(session, person, role, wanted.term)
    same = RoleGrant.organisation_id.is_not_distinct_from(body_id) & (RoleGrant.role == role)
    held = select(RoleGrant.id).where(RoleGrant.person_id == person.id, same, _at_some_time(wanted.term))
    if session.scalar(held.limit(1)) is not None:
        raise Refused(Problem("held", f"{person.name}在此期间已担任该岗位。如需改变期限，请先结束原任职。", "role"))
    _refuse_narrow(session, person.id, (role, body_id), wanted.specialties)


def _refuse_together(session: Session, person: Person, role: str, term: Term) -> None:
    """R-170: the draw goes on under supervision, so its supervisor is nobody who draws or whom the draw serves."""
    others = {other for pair in APART if role in pair for other in pair - {role}}
    held = select(RoleGrant.role).where(
        RoleGrant.person_id == person.id, RoleGrant.role.in_(others), _at_some_time(term)
    )
    other = session.scalar(held.limit(1)) if others else None
    if other is not None:
        message = f"{person.name}已担任{people.ROLES[other]}，不能同时担任{people.ROLES[role]}：抽取须由他人监督。"
        raise Refused(Problem("apart", message, "role", clause=SUPERVISED))


def _refuse_narrow(
    session: Session, person_id: int, post: tuple[str, int | None], specialties: Collection[str]
) -> None:
    """A post may be shared out by specialties only beside somebody who takes what nobody else does."""
    known = {entry["code"] for entry in dictionaries.entries("specialty")}
    if set(specialties) - known:
        raise Refused(Problem("specialty", "请从所列专业中选择。", "specialties"))
    if not specialties:
        return
    at = clock.now(session)
    wide = select(RoleGrant.specialties).join(Person, Person.id == RoleGrant.person_id)
    wide = wide.where(
        RoleGrant.role == post[0],
        RoleGrant.organisation_id.is_not_distinct_from(post[1]),
        RoleGrant.person_id != person_id,
        people.in_force(RoleGrant, at) & Person.disabled_at.is_(None),
    )
    if all(session.scalars(wide).all()):
        message = "该岗位须至少有一名不限专业的任职人，否则其他专业的事项无人办理。请先指定不限专业的任职人。"
        raise Refused(Problem("nobody_else", message, "specialties"))


def _at_some_time(term: Term) -> ColumnElement[bool]:
    """Grants that run at some time of the term."""
    first, last = term
    ends = func.coalesce(RoleGrant.revoked_at, RoleGrant.to_at)
    lasting: ColumnElement[bool] = or_(ends.is_(None), ends > first)
    return lasting if last is None else lasting & (RoleGrant.from_at < last)


def _state(row: RoleGrant, now: datetime) -> str:
    ends = [each for each in (row.to_at, row.revoked_at) if each is not None]
    if ends and min(ends) <= now:
        return "over"
    return "running" if row.from_at <= now else "coming"
