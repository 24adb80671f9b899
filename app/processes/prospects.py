"""What a declaration would go through before it is opened: bodies in order, papers, fee, windows (新增申报)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.domain import committees, notices, organisations, parameters, routes, targeted_rechecks
from app.domain.deadline_rules import spoken
from app.domain.eligibility import fees, insurance
from app.domain.eligibility.world import World
from app.domain.routes import Route
from app.domain.schedules import window_words
from app.engine import outline
from app.engine.outline import DrawnStep
from app.errors import ConfigurationError, DiagramFault, NotFound, Problem
from app.functions.rules import NoticeRules
from app.models.declaration import Declaration
from app.models.people import Organisation

RECOMMENDATION = "recommendation"  # the step at which the names of a batch are chosen and shown
ROUTE_DEADLINE, PUBLICITY_DAYS = "route_deadline", "unit_publicity_wd"
DETOURS = {"exceptional": "exceptional"}  # call activity → the field by which the applicant chooses that way
# only after a complaint, when something public was mended, and what follows a review that has not been held
UNFORESEEN = {targeted_rechecks.ELEMENT, "unit_recheck", "archiving"}
STEPS = {"pay": "payment", "payment": "payment"}  # steps of the convening body besides its acceptance
WINDOWS_OF = {"pay": "pay", "paper_form": "paper"}  # steps that exist only while the schedule prints their window
PAPERS = {
    "needs_entrustment_letter": "委托评审函（由有职称评审权的上级主管部门出具）",
    "needs_archive_record": "《查档情况》（由存档机构盖章）",
    "needs_tax_record": "个人纳税申报记录",
}
ALWAYS = ("学历（学位）证书", "所填业绩成果的佐证材料（逐项上传）", "个人承诺书（网上签订）")
_BODY = re.compile(r"""body\(["'](\w+)["']\)""")


@dataclass(frozen=True)
class Stop:
    """One step of the way: `key` its element, `level` and `field` where the applicant chooses the body.

    `body` None: not chosen yet, not registered here (`problem` says whom to ask), or found when its turn comes
    (without `field`: the diagram reckons it, as the body above another).
    """

    key: str
    name: str
    level: str | None = None
    field: str | None = None
    body: Organisation | None = None
    office: str = ""
    contact: str = ""
    phone: str = ""
    when: str = ""
    problem: Problem | None = None

    @property
    def open(self) -> bool:
        """The applicant has still to choose the body."""
        return self.body is None and self.problem is None and self.field is not None


@dataclass(frozen=True)
class Prospect:
    """`notes` are conditions of the route in words.

    `fee` in yuan: 0 where the notice asks for none, None while no title is chosen.
    """

    stops: tuple[Stop, ...]
    papers: tuple[str, ...]
    notes: tuple[str, ...]
    fee: int | None
    clause: str

    @property
    def ready(self) -> bool:
        """Every body of the way is chosen and registered."""
        return all(stop.problem is None and not stop.open for stop in self.stops)


def prospect(session: Session, notice_version_id: int, committee_id: int, form: Mapping[str, Any]) -> Prospect:
    """The way of a form's values (`category`, `work_place`, `archive_place`, `target_title`, bodies by their fields).

    Raises Refused with whom to ask where the notice has no route for these values.
    """
    rules = NoticeRules(session, notice_version_id, committee_id)
    route = routes.resolve(form, rules)
    notes = ["所在单位应与参保单位一致"] if route.requires("unit_must_be_insured_unit") else []
    return Prospect(
        stops=tuple(stops(session, notice_version_id, committee_id, route, form)),
        papers=(*ALWAYS, *_papers(route), *_record(session, form, rules)),
        notes=tuple(notes),
        fee=_fee(form, rules),
        clause=route.clause,
    )


def of_declaration(session: Session, declaration: Declaration, record: Mapping[str, Any]) -> list[Stop]:
    """The way of a declaration: as frozen when it was submitted, else as its record says now."""
    rules = NoticeRules(session, declaration.notice_version_id, declaration.committee_id)
    frozen = declaration.route
    route = (
        Route(**{key: frozen.get(key, "") for key in Route.__dataclass_fields__})
        if frozen.get("bodies")
        else routes.resolve(record, rules)
    )
    return stops(session, declaration.notice_version_id, declaration.committee_id, route, record)


def stops(
    session: Session, notice_version_id: int, committee_id: int, route: Route, form: Mapping[str, Any]
) -> list[Stop]:
    """The offices in the order that the notice's own diagram draws them."""
    drawn = outline.steps(notices.bundle(session, notice_version_id).diagrams, "declaration")
    found = [_stop(session, notice_version_id, committee_id, step, route) for step in _on_route(drawn, route, form)]
    if _fee(form, NoticeRules(session, notice_version_id, committee_id)) == 0:
        found = [stop for stop in found if stop.key not in STEPS]
    timed = [_timed(session, notice_version_id, committee_id, stop) for stop in found]
    return [stop for stop in timed if stop is not None]


def _on_route(drawn: list[DrawnStep], route: Route, form: Mapping[str, Any]) -> list[DrawnStep]:
    drawn = [step for step in drawn if not UNFORESEEN & {step.id, *step.within}]
    around = {key for step in drawn for key in step.within}
    checks = {step.id for step in drawn if "level" in step.properties}
    detours = {key for key, field in DETOURS.items() if not form.get(field)}
    taken: dict[str, DrawnStep] = {}
    for step in drawn:
        if detours & {step.id, *step.within} or checks & set(step.within):
            continue
        if step.properties.get("role") == "applicant" or (step.id in around and step.id not in checks):
            continue
        if _passes(step, route):
            taken.pop(step.id, None)
            taken[step.id] = step
    return _once_around_recommendation(list(taken.values()), route)


def _passes(step: DrawnStep, route: Route) -> bool:
    """Whether this route comes by: of the checks those of its levels, of the other steps all but a body's second."""
    level = step.properties.get("level")
    if level is not None:
        return level in route.bodies and level != route.acceptance
    named = _named(step)  # a body that has had its turn signs once more, only when something was mended
    return named is None or (named in route.bodies and named == route.acceptance)


def _once_around_recommendation(way: list[DrawnStep], route: Route) -> list[DrawnStep]:
    """A level drawn before the recommendation and after it is met once: before it by who recommends, else after it."""
    cut = next((number for number, step in enumerate(way) if step.id == RECOMMENDATION), len(way))
    levels = [step.properties.get("level") for step in way]
    twice = set(levels[:cut]) & set(levels[cut:]) - {None}
    return [
        step
        for number, (step, level) in enumerate(zip(way, levels, strict=True))
        if level not in twice or (number < cut) == (level == route.recommender)
    ]


def _named(step: DrawnStep) -> str | None:
    found = _BODY.search(step.properties.get("organisation", ""))
    return found.group(1) if found else None


def _stop(session: Session, notice_version_id: int, committee_id: int, step: DrawnStep, route: Route) -> Stop:
    level = step.properties.get("level") or _named(step)
    if level is None and "organisation" not in step.properties and step.called:
        level = route.recommender  # the batch and its publicity belong to whoever recommends
    if level is None:
        return _convening(session, notice_version_id, committee_id, step)
    if "organisation" in step.properties and "level" in step.properties and _named(step) is None:
        return Stop(step.id, step.name, level=level, office=routes.level_name(level))
    stop = Stop(step.id, step.name, level=level, field=route.levels.get(level), office=routes.level_name(level))
    chosen = route.bodies.get(level)
    if chosen is None:
        return stop
    return at_body(stop, organisations.resolve(session, int(chosen)), route.registration_clause)


def at_body(stop: Stop, body: Organisation, clause: str = "") -> Stop:
    """The stop at this body, with sentence 9 where it may not stand on a route yet (R-105)."""
    contact = organisations.contact_of(body, stop.level or STEPS.get(stop.key, "acceptance"))
    problem = None
    if not body.registered:
        problem = routes.not_registered(body.name, contact.name, contact.phone, stop.field, clause)
    elif not contact.reachable:
        problem = routes.no_contact(body.name, stop.name, stop.field)
    return replace(stop, body=body, office=body.name, contact=contact.name, phone=contact.phone, problem=problem)


def _convening(session: Session, notice_version_id: int, committee_id: int, step: DrawnStep) -> Stop:
    row = committees.at_version(session, notice_version_id, committee_id)
    stop = Stop(step.id, step.name, office=row.convening_name)
    try:
        return at_body(stop, organisations.by_key(session, row.convening_key))
    except NotFound:
        return replace(stop, problem=routes.not_registered(row.convening_name, "", ""))


def _timed(session: Session, notice_version_id: int, committee_id: int, stop: Stop) -> Stop | None:
    """The stop with its time in words; None for one whose window the schedule does not print: it falls away."""
    if stop.key == RECOMMENDATION:
        days = parameters.lookup(session, notice_version_id, PUBLICITY_DAYS).value
        return replace(stop, when=f"公示不少于{days}个工作日")
    if stop.key in WINDOWS_OF:
        window = parameters.window(session, notice_version_id, WINDOWS_OF[stop.key], committee_id)
        return replace(stop, when=window_words(window)) if window else None
    try:
        rule = parameters.deadline_rule(session, notice_version_id, ROUTE_DEADLINE, committee_id)
    except ConfigurationError:  # a schedule without a window for checking promises no day
        return stop
    return replace(stop, when=f"须在{spoken(rule.at)}前完成") if rule.at else stop


def _papers(route: Route) -> list[str]:
    return [words for key, words in PAPERS.items() if route.requires(key)]


def _record(session: Session, form: Mapping[str, Any], rules: NoticeRules) -> Iterable[str]:
    """The record of insurance or archive that the notice asks of this category."""
    try:
        asked = insurance.assess(form, rules, World(now=clock.now(session)))
    except (ConfigurationError, DiagramFault):  # depends on what only the form asks later
        return []
    if asked is None:
        return []
    return [f"{'社保缴费记录' if asked.kind == 'insurance' else '在重庆存档的记录'}（满{asked.months}个月）"]


def _fee(form: Mapping[str, Any], rules: NoticeRules) -> int | None:
    return fees.fee(form, rules) if form.get("target_title") else None
