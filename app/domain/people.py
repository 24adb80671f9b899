"""People: registering them, binding them to roles of bodies, finding who may act, sanctions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    SQLColumnExpression,
    String,
    bindparam,
    cast,
    null,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session

from app import clock
from app.domain import identity, organisations
from app.errors import NotFound, Problem, Refused
from app.models.people import IDENTITY_COLUMN, MOBILE_COLUMN, Organisation, Person, RoleGrant, Sanction, Substitute
from app.models.process import Task
from app.models.types import Instant, blind

ROLES = {
    "applicant": "申报人",
    "unit_clerk": "单位职称管理员",
    "unit_head": "单位负责人",
    "agency": "人事代理机构",
    "dept_admin": "单位主管部门",
    "local_top_body": "单位驻重庆最高管理机构",
    "entrusting_unit": "委托单位",
    "district_tro": "区县人力社保（职改）部门",
    "municipal_tro": "市职改办",
    "committee_office": "职称评审办事机构",
    "finance": "收费人员",
    "chair": "主任委员",
    "deputy_chair": "副主任委员",
    "member": "评审专家",
    "reserve": "候补评审专家",
    "minutes_clerk": "会议记录人",
    "teller_supervise": "监票人",
    "teller_count": "计票人",
    "discipline": "抽取单位纪检监督部门",
    "draw_operator": "抽取单位经办人",
    "inspector": "抽查人员",
    "patrol": "巡查队伍",
    "expert_candidate": "拟入库专家",
    "registrar_xj": "自治区职称社会化评价中心",
    "prefecture_xj": "地州市人社职称部门",
    "process_designer": "流程设计员",
    "manager": "管理人员",
    "system_admin": "系统管理员",
}
PRODUCT_ROLES = ("process_designer", "manager", "system_admin")  # held in no body
# 职称管理员权限 of a body that checks or recommends
ADMINISTRATOR_ROLES = (
    "unit_clerk",
    "agency",
    "dept_admin",
    "local_top_body",
    "entrusting_unit",
    "district_tro",
    "municipal_tro",
    "committee_office",
)
LiveRoutes = Callable[[int], Iterable[int]]  # person id → ids of the bodies on the routes of his live declarations
Term = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Holder:
    """Who may act in a role; `on_behalf_of` is the absent person where this is a substitute."""

    person_id: int
    name: str
    on_behalf_of: int | None = None


def register(
    session: Session, account: str, name: str, identity_number: str | None = None, id_type: str = "resident_id"
) -> Person:
    """A new individual account; sex and birth date come from a resident's identity number.

    Refused, with every fault at once, for a taken account or number and for a number that cannot be.
    """
    problems: list[Problem] = []
    person = Person(account=account.strip().lower(), name=name.strip())
    if not person.account or not person.name:
        problems.append(Problem("missing", "请填写账号和姓名。", "account"))
    if session.scalar(select(Person.id).where(Person.account == person.account)):
        problems.append(Problem("taken", f"账号“{person.account}”已被使用。", "account"))
    if identity_number:
        try:
            _write_identity(session, person, identity_number, id_type)
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(*problems)
    session.add(person)
    session.flush()
    return person


def set_mobile(session: Session, person_id: int, number: str) -> None:
    """Write the person's mobile number, sealed and findable by its blind index."""
    person, checked = get(session, person_id), identity.check_mobile(number)
    person.mobile, person.mobile_blind = checked, blind(MOBILE_COLUMN, checked)
    session.flush()


def get(session: Session, person_id: int) -> Person:
    found = session.get(Person, person_id)
    if found is None:
        raise NotFound("没有找到该人员。")
    return found


def by_account(session: Session, account: str) -> Person | None:
    return session.scalar(select(Person).where(Person.account == account.strip().lower()))


def by_identity(session: Session, number: str) -> Person | None:
    """The person with this identity number, found by its blind index."""
    return session.scalar(select(Person).where(Person.identity_blind == blind(IDENTITY_COLUMN, number)))


def grant(
    session: Session, person_id: int, role: str, organisation_id: int | None = None, term: Term | None = None
) -> RoleGrant:
    """Give the role, for all specialties and from now on without end unless a term says otherwise.

    Asks nothing about routes; `bind` is the door for what a person asks himself.
    """
    if role not in ROLES or role == "applicant":
        raise Refused(Problem("role", f"没有“{role}”这一岗位。", "role"))
    if organisation_id is None and role not in PRODUCT_ROLES:
        raise Refused(Problem("organisation", f"“{ROLES[role]}”须在机构中任职。", "organisation_id"))
    if organisation_id is not None and role in PRODUCT_ROLES:
        raise Refused(Problem("organisation", f"“{ROLES[role]}”不在机构中任职。", "organisation_id"))
    from_at, to_at = term or (clock.now(session), None)
    found = RoleGrant(
        person_id=get(session, person_id).id,
        role=role,
        organisation_id=None if organisation_id is None else organisations.resolve(session, organisation_id).id,
        from_at=from_at,
        to_at=to_at,
    )
    session.add(found)
    session.flush()
    return found


def bind(session: Session, person_id: int, role: str, organisation_id: int, live_routes: LiveRoutes) -> RoleGrant:
    """Bind the person to the role; Refused while the body stands on a route of his own live declaration (R-106)."""
    body = organisations.resolve(session, organisation_id)
    refuse_own_route(session, person_id, role, body, live_routes)
    return grant(session, person_id, role, body.id)


def refuse_own_route(session: Session, person_id: int, role: str, body: Organisation, live_routes: LiveRoutes) -> None:
    """Refused for an administrator's role in a body on a route of the person's own live declaration (R-106)."""
    if role not in ADMINISTRATOR_ROLES:
        return
    on_route = {organisations.resolve(session, each).id for each in live_routes(person_id)}
    if body.id in on_route:
        message = f"“{body.name}”须审核推荐您本人正在办理的申请书，您不得申请绑定该机构的职称管理员权限。"
        raise Refused(Problem("own_route", message, "organisation_id", clause="N2 §四(二)1；N4 §三(二)1"))


def own_administrator(session: Session, person_id: int, route: Iterable[int]) -> Problem | None:
    """Sentence 8 when the person administers a body of the route (R-106), else None."""
    bodies = [organisations.resolve(session, each) for each in route]
    held = select(RoleGrant.organisation_id).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role.in_(ADMINISTRATOR_ROLES),
        RoleGrant.organisation_id.in_([body.id for body in bodies]),
        in_force(RoleGrant, clock.now(session)),
    )
    administered = set(session.scalars(held))
    for body in bodies:
        if body.id in administered:
            message = (
                f"您是{body.name}的职称管理员，而该机构须审核推荐您本人的申请书，暂不能提交。"
                "请由该机构另行指定职称管理员后再提交。"
            )
            contact = f"{body.name}{body.contact_phone or ''}"
            return Problem("own_administrator", message, clause="N2 §四(二)1；N4 §三(二)1", contact=contact)
    return None


def revoke(session: Session, grant_id: int) -> None:
    """End a grant now; what its holder did stays on record."""
    found = session.get(RoleGrant, grant_id)
    if found is None:
        raise NotFound("没有找到该任职。")
    if found.revoked_at is None:
        found.revoked_at = clock.now(session)
        session.flush()


def holders(session: Session, role: str, organisation_id: int | None, at: datetime) -> list[Holder]:
    """Everyone who may act in the role of this very body at `at`, substitutes after those they stand in for."""
    body = None if organisation_id is None else organisations.resolve(session, organisation_id).id
    rows = session.execute(_HOLDERS, {"role": role, "body": body, "at": at}).all()
    found = [Holder(person_id, name, absent) for person_id, name, absent in rows]
    return sorted(found, key=lambda holder: (holder.on_behalf_of is not None, holder.person_id))


def register_sanction(
    session: Session, person_id: int, kind: str, period: tuple[date, date | None], source: str
) -> Sanction:
    """Enter a sanction or impact period; `period` is first and last day, the last empty while open."""
    if period[1] is not None and period[1] < period[0]:
        raise Refused(Problem("period", "截止日期不能早于起始日期。", "to_on"))
    found = Sanction(person_id=get(session, person_id).id, kind=kind, from_on=period[0], to_on=period[1], source=source)
    session.add(found)
    session.flush()
    return found


def sanctions_on(session: Session, person_id: int, day: date) -> list[Sanction]:
    """What of the register binds the person on `day`, the longest-lasting first."""
    running = (Sanction.from_on <= day) & or_(Sanction.to_on.is_(None), Sanction.to_on >= day)
    found = session.scalars(select(Sanction).where(Sanction.person_id == person_id, running)).all()
    return sorted(found, key=lambda sanction: sanction.to_on or date.max, reverse=True)


def _write_identity(session: Session, person: Person, number: str, id_type: str) -> None:
    if id_type == "resident_id":
        number = identity.check_resident_id(number, clock.local(clock.now(session)).date())
        person.birth, person.sex = identity.birth_date(number), identity.sex(number)
    if by_identity(session, number) is not None:
        raise Refused(Problem("taken", "该证件号码已注册账号，请直接登录。", "id_number"))
    person.identity_number, person.identity_blind = number, blind(IDENTITY_COLUMN, number)


def in_force(table: type[RoleGrant] | type[Substitute], at: Any) -> ColumnElement[bool]:
    """SQL predicate: the row holds at `at` (from its start until before its end, not revoked)."""
    running = (table.from_at <= at) & or_(table.to_at.is_(None), table.to_at > at)
    if table is Substitute:
        return running
    return running & or_(RoleGrant.revoked_at.is_(None), RoleGrant.revoked_at > at)


def holds_at(at: datetime, begins: datetime | None, *ends: datetime | None) -> bool:
    """What `in_force` asks, of a row's own columns."""
    return begins is not None and begins <= at and all(end is None or end > at for end in ends)


def stands_in(at: Any) -> ColumnElement[bool]:
    """Join condition: the substitute row stands in for the role grant at `at`."""
    return same_post() & in_force(Substitute, at)


def same_post() -> ColumnElement[bool]:
    """Join condition: the substitute row names the role grant's person, role and body, at whatever time."""
    bodies = (Substitute.organisation_id, RoleGrant.organisation_id)
    same_body = (bodies[0] == bodies[1]) | (bodies[0].is_(None) & bodies[1].is_(None))
    return (Substitute.person_id == RoleGrant.person_id) & (Substitute.role == RoleGrant.role) & same_body


def _holders(
    role: SQLColumnExpression[Any], body: SQLColumnExpression[Any], at: Any
) -> tuple[Select[int, str, int], ...]:
    """Who may act in a role of a body at an instant (person, name, for whom): those who hold it, those who stand in."""
    bound = RoleGrant.organisation_id
    same_body = (bound == body) | (bound.is_(None) & body.is_(None))
    held = (RoleGrant.role == role) & same_body & in_force(RoleGrant, at) & Person.disabled_at.is_(None)
    own = select(Person.id, Person.name, cast(null(), BigInteger).label("absent"))
    own = own.join(RoleGrant, RoleGrant.person_id == Person.id)
    standing = select(Person.id, Person.name, cast(Substitute.person_id, BigInteger).label("absent"))
    standing = standing.join(Substitute, Substitute.substitute_id == Person.id).join(RoleGrant, stands_in(at))
    return own.where(held), standing.where(held)


def somebody(role: ColumnElement[Any], body: ColumnElement[Any], at: Any) -> ColumnElement[bool]:
    """SQL predicate: whether the role of that very body has anybody who may act."""
    return or_(*(each.correlate_except(Person, RoleGrant, Substitute).exists() for each in _holders(role, body, at)))


def in_posts_of(tasks: ColumnElement[bool], at: datetime) -> CompoundSelect[int, int]:
    """(task id, person id) of everybody who may act in the posts of the tasks, as `holders` says of one post."""
    ways = _holders(Task.role, Task.organisation_id, at)
    return union(*(each.with_only_columns(Task.id, Person.id).where(tasks) for each in ways))


_BODY = cast(bindparam("body", type_=BigInteger), BigInteger)
_HOLDERS = union(*_holders(bindparam("role", type_=String), _BODY, bindparam("at", type_=Instant())))
