"""Submitting a declaration: every condition at once, then its number, its year and its frozen route (R-001…R-106)."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from app import ahead, clock
from app.domain import (
    committees,
    declarations,
    dictionaries,
    entrustments,
    numbers,
    organisations,
    people,
    routes,
    statuses,
    terms,
)
from app.domain.eligibility import windows
from app.domain.eligibility.check import check_submission
from app.domain.eligibility.windows import Window
from app.domain.eligibility.world import Body, ImpactPeriod, OtherDeclaration, World
from app.domain.routes import Route
from app.domain.rules import Rules
from app.errors import Problem, Refused
from app.models.declaration import Declaration
from app.models.notice import Committee
from app.models.operators import is_one_of
from app.models.people import Organisation, Person, RoleGrant, Sanction
from app.rows import met

BODY_FIELDS_END = routes.BODY
EPIDEMIC = "epidemic_front_line"
M = TypeVar("M")
_STANDING = "standing"  # in session.info, see `_standing_of`
_TERM = (RoleGrant.from_at, RoleGrant.to_at, RoleGrant.revoked_at)
STANDING = (
    select(
        *(model.metadata.tables[model.__tablename__] for model in (Declaration, Sanction)),
        RoleGrant.organisation_id.label("body"),
        *_TERM,
    )
    .select_from(Person)
    .outerjoin(Declaration, Declaration.person_id == Person.id)
    .outerjoin(Sanction, Sanction.person_id == Person.id)
    .outerjoin(RoleGrant, and_(RoleGrant.person_id == Person.id, is_one_of(RoleGrant.role, people.ADMINISTRATOR_ROLES)))
    .where(Person.id == bindparam("person"))
    .order_by(Declaration.id, Sanction.id)
)


@dataclass(frozen=True)
class _Standing:
    """A person's declarations and sanctions, and ids of the bodies whose title administrator he is."""

    declarations: list[Declaration]
    sanctions: list[Sanction]
    administered: frozenset[int]


def check(session: Session, declaration: Declaration, rules: Rules) -> None:
    """Refused with every reason why the declaration cannot be submitted now; nothing where it can."""
    record = declarations.record_of(declaration)
    problems = check_submission(record, rules, world_of(session, declaration))
    if problems:
        raise Refused(*problems)


def submit(session: Session, declaration: Declaration, rules: Rules) -> Declaration:
    """Number, instant, year and route; a second normal declaration of the year is Refused with sentence 7.

    The index decides, not the look: of two that submit at the same moment one loses the race, looks again and sees.
    """
    record = declarations.record_of(declaration)
    route = routes.resolve(record, rules)
    declaration.route = _frozen(session, route)
    declaration.submitted_at = clock.now(session)
    if declaration.number is None:
        declaration.number = next_number(session, declaration.year)
    declarations.set_status(session, declaration, "SUBMITTED")
    _take_year(session, declaration, record)
    return declaration


def next_number(session: Session, year: int) -> str:
    """The number of the next declaration that is handed in under a notice of `year`."""
    return f"{year}{numbers.next_number(session, f'declaration:{year}'):06d}"


def withdraw_submission(session: Session, declaration: Declaration) -> None:
    """The applicant takes back what he has just handed in: a draft again, its number kept, its year free.

    Refused outside the window, in which it could not be handed in again.
    """
    committee = terms.committee(session, declaration)
    problem = windows.check(clock.now(session), _window(committee, "declare"), _window(committee, "corrections"))
    if problem is not None:
        message = "现不在申报时间内，撤回后将无法再次提交，不能撤回。如需修改，请联系审核机构退回。"
        raise Refused(Problem("window", message, clause=problem.clause))
    declaration.submitted_at = declaration.year_slot = None
    declarations.set_status(session, declaration, "DRAFT")


def is_on_route(session: Session, declaration: Declaration, rules: Rules) -> bool:
    """Whether the record as it stands now would take the route that was frozen, to the same bodies and title."""
    resolved = _frozen(session, routes.resolve(declarations.record_of(declaration), rules))
    return resolved == declaration.route


def world_of(session: Session, declaration: Declaration, record: Mapping[str, Any] | None = None) -> World:
    """What the checks have to know beyond the form, read from the database; `record` where it is not saved yet."""
    record = record or declarations.record_of(declaration)
    with session.no_autoflush:
        return _world(session, declaration, record)


def epidemic_benefit_used(session: Session, declaration: Declaration) -> bool:
    """Whether another declaration of the person has used the epidemic policy (R-077); asked only of who claims it."""
    return _claims(declarations.record_of(declaration)) and any(map(_claims_epidemic, _others(session, declaration)))


def _world(session: Session, declaration: Declaration, record: Mapping[str, Any]) -> World:
    committee = terms.committee(session, declaration)
    first = declaration.submitted_at is None  # the windows bind handing in for the first time, not what was returned
    office = organisations.by_key(session, committee.convening_key)
    bodies = _bodies(session, record)
    others, standing = _others(session, declaration), _standing_of(session, declaration.person_id)
    return World(
        now=clock.now(session),
        window=_window(committee, "declare") if first else None,
        corrections=_window(committee, "corrections") if first else None,
        declarations=tuple(_other(session, other) for other in others if other.year == declaration.year),
        impact_periods=tuple(ImpactPeriod(row.from_on, row.to_on, row.source) for row in standing.sanctions),
        administrator_of={each: body.name for each, body in bodies.items() if each in standing.administered},
        bodies=bodies,
        convening=_body(office),
        epidemic_benefit_used=any(_claims_epidemic(other) for other in others),
        contact=f"{office.name}{office.contact_phone or ''}",
        on_letter=_on_letter(session, declaration, record),
    )


def _on_letter(session: Session, declaration: Declaration, record: Mapping[str, Any]) -> bool:
    """Asked only of who is reviewed by entrustment."""
    stationed = record.get("category") == entrustments.STATIONED
    return stationed and entrustments.letter_of(session, declaration.id) is not None


def year_limited(declaration: Declaration, record: dict[str, Any]) -> bool:
    """Whether this declaration uses up its year: the normal channel, without the auxiliary exception (R-011, R-012)."""
    return declaration.channel == "normal" and not record.get("auxiliary_review")


def _take_year(session: Session, declaration: Declaration, record: dict[str, Any]) -> None:
    if not year_limited(declaration, record):
        return
    holder = next((each for each in _others(session, declaration) if each.year_slot == declaration.year), None)
    if holder is not None:
        raise Refused(_already(session, holder))
    declaration.year_slot = declaration.year


def _already(session: Session, holder: Declaration) -> Problem:
    shown = _other(session, holder)
    message = (
        f"您本年度已通过正常渠道申报“{shown.title}”（{shown.committee}，{shown.status}）。"
        "一个年度内只能通过正常渠道申报一次；符合例外情形的，请选择相应情形并上传证明。"
    )
    return Problem("one_per_year", message, "channel", "N2 §一(五)；N4 §五(一)；R-011")


def _frozen(session: Session, route: Route) -> dict[str, Any]:
    """The route as the row keeps it; merged bodies are replaced by those that answer for them today."""
    kept = asdict(route)
    kept["bodies"] = {
        level: organisations.resolve(session, body).id for level, body in route.bodies.items() if body is not None
    }
    return kept


def _window(committee: Committee, name: str) -> Window | None:
    found = committees.window(committee, name)
    return None if found is None or found.opens is None or found.closes is None else Window(found.opens, found.closes)


def _others(session: Session, declaration: Declaration) -> list[Declaration]:
    """The person's other declarations."""
    standing = _standing_of(session, declaration.person_id)
    return [each for each in standing.declarations if each.id != declaration.id]


def _standing_of(session: Session, person_id: int) -> _Standing:
    """Read once in a transaction."""
    read: dict[int, _Standing] = session.info.setdefault(_STANDING, {})
    if person_id not in read:
        with session.no_autoflush:  # what is pending of this declaration stays so
            rows = ahead.answered(session, STANDING, {"person": person_id})
        declared, sanctions = zip(*(met(session, row, Declaration, Sanction) for row in rows), strict=True)
        now, terms_of = clock.now(session), (row[-1 - len(_TERM) :] for row in rows)
        administered = frozenset(body for body, *term in terms_of if people.holds_at(now, *term))
        read[person_id] = _Standing(_each(declared), _each(sanctions), administered)
    return read[person_id]


def _each(found: Iterable[M | None]) -> list[M]:
    """Each once, in order."""
    return list(dict.fromkeys(row for row in found if row is not None))


def _other(session: Session, other: Declaration) -> OtherDeclaration:
    committee = session.get(Committee, other.committee_id)
    return OtherDeclaration(
        title=dictionaries.label("title", other.title),
        committee=committee.name if committee else "",
        status=statuses.label(other.ended_as or other.status),
        standing=_standing(other),
        channel=other.channel,
        auxiliary=bool(other.data.get("auxiliary_review")),
    )


def _standing(other: Declaration) -> str:
    if other.accepted_at is not None:
        return "accepted"
    if other.ended_as is not None:
        return "ended_before_acceptance"
    return "under_way" if other.submitted_at is not None else "draft"


def _claims_epidemic(other: Declaration) -> bool:
    """A submitted declaration that chose the epidemic policy, passed or not, in any channel (R-077)."""
    return other.submitted_at is not None and _claims(other.data)


def _claims(record: Mapping[str, Any]) -> bool:
    return any(row.get("policy") == EPIDEMIC for row in record.get("policies") or [])


def _bodies(session: Session, record: Mapping[str, Any]) -> dict[int, Body]:
    """Every body that the form names, by the id the form names it with."""
    chosen = {value for key, value in record.items() if key.endswith(BODY_FIELDS_END) and isinstance(value, int)}
    rows = [organisations.resolve(session, row.id) for row in organisations.known(session, chosen)]
    return {row.id: _body(row) for row in rows}


def _body(row: Organisation) -> Body:
    steps = frozenset(step for step in row.contacts if organisations.contact_of(row, step).reachable)
    return Body(row.name, row.registered, row.contact_name or "", row.contact_phone or "", steps)
