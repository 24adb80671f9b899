"""Everything that keeps a declaration from being submitted, all at once, and the same conditions point by point."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.domain import routes
from app.domain.eligibility import insurance, scope, titles, windows
from app.domain.eligibility.facts import TITLES
from app.domain.eligibility.policies import Benefit
from app.domain.eligibility.titles import Assessment
from app.domain.eligibility.world import Body, World
from app.domain.routes import Route
from app.domain.rules import Rules
from app.domain.wording import day_words
from app.errors import Problem, Refused

DOCUMENT_RULES = {
    "archive_record_missing": "R-093",
    "tax_record_missing": "R-095",
    "entrustment_letter_missing": "R-096",
}


@dataclass(frozen=True)
class Point:
    """One line of the list an applicant sees: what is asked, what was found, and the proof still missing.

    `ok` None: nobody can say yet, an office examines it.
    """

    rule: str
    requirement: str
    found: str
    ok: bool | None
    missing_proof: str | None
    clause: str


def check_submission(form: Mapping[str, Any], rules: Rules, world: World) -> list[Problem]:
    """Every reason why this form cannot be submitted now, each with its clause and whom to ask; empty where it can.

    Fields that are missing or malformed are the form's own business and not looked for here.
    """
    problems = []
    closed = windows.check(world.now, world.window, world.corrections)
    if closed is not None:
        problems.append(closed)
    standing = scope.check_standing(form, rules, world)
    problems += standing + scope.check_year(form, rules, world)
    if not any(problem.field == "category" for problem in standing):
        problems += _check_route(form, rules, world)
    if form.get("target_title"):
        problems += titles.check(form, rules, epidemic_used=world.epidemic_benefit_used)
    return [problem if problem.contact else replace(problem, contact=world.contact) for problem in problems]


def needs_exceptional(form: Mapping[str, Any], rules: Rules, world: World | None = None) -> bool:
    """Degree or years do not suffice and the applicant chose 破格: form 4 goes first (R-057)."""
    return _assess(form, rules, world).path == "exceptional"


def explain(form: Mapping[str, Any], rules: Rules, world: World | None = None) -> list[Point]:
    """The conditions of this title for this person, one by one; needs at least `target_title`.

    Without `world` what depends on the day or on other records (scope, year limit, insurance) is left out.
    """
    found = _assess(form, rules, world)
    points = _scope_points(form, rules, world) if world else []
    points.append(_seniority_point(found))
    points += _probation_points(found) + _condition_points(found)
    points += [_policy_point(benefit, found) for benefit in found.benefits]
    points.append(_education_point(found))
    points += _route_points(form, rules, world)
    return points


def _assess(form: Mapping[str, Any], rules: Rules, world: World | None) -> Assessment:
    return titles.assess(form, rules, epidemic_used=world is not None and world.epidemic_benefit_used)


def _check_route(form: Mapping[str, Any], rules: Rules, world: World) -> list[Problem]:
    try:
        route = routes.resolve(form, rules)
    except Refused as refused:
        return refused.problems
    problems = _check_bodies(route, world) + _check_documents(form, route, world)
    return problems + insurance.check(form, rules, world)


def _check_bodies(route: Route, world: World) -> list[Problem]:
    problems = []
    for level, field in route.levels.items():
        body = world.bodies.get(route.bodies[level])
        if route.bodies[level] is None:
            message = f"请选择{routes.level_name(level)}。无法选择的，请联系该机构先行注册。"
            problems.append(Problem("body_missing", message, field, route.clause))
        elif body is not None:
            problems += _unfit(body, level, routes.level_name(level), field, route.registration_clause)
    if world.convening is not None:
        problems += _unfit(world.convening, "acceptance", "受理", None, route.registration_clause)
    for organisation, name in world.administrator_of.items():
        fields = [route.levels[level] for level, body in route.bodies.items() if body == organisation]
        if fields:
            message = (
                f"您是{name}的职称管理员，而该机构须审核推荐您本人的申请书，暂不能提交。"
                "请由该机构另行指定职称管理员后再提交。"
            )
            problems.append(Problem("own_administrator", message, fields[0], route.registration_clause))
    return problems


def _unfit(body: Body, level: str, name: str, field: str | None, clause: str) -> list[Problem]:
    """Why a body may not stand on a route yet: it is not registered, or there is nobody to call for this level."""
    if not body.registered:
        return [routes.not_registered(body.name, body.contact, body.phone, field, clause)]
    return [] if body.reachable_for(level) else [routes.no_contact(body.name, name, field)]


def _check_documents(form: Mapping[str, Any], route: Route, world: World | None) -> list[Problem]:
    problems = []
    if route.requires("needs_entrustment_letter") and not (
        form.get("entrustment_letter") or (world and world.on_letter)
    ):
        message = "驻渝单位人员申报须提供有职称评审权的上级主管部门出具的委托评审函。"
        problems.append(Problem("entrustment_letter_missing", message, "entrustment_letter", route.clause))
    field = _archive_field(form, route)
    if field:
        message = "档案存放异地的，请上传存档机构盖章的《查档情况》，且所在单位应与参保单位一致。"
        problems.append(Problem("archive_record_missing", message, field, route.clause))
    if route.requires("needs_tax_record") and not form.get("tax_record"):
        message = "自由职业者须以个人身份参保并有个人纳税申报记录，请上传个人纳税申报记录后再提交。"
        problems.append(Problem("tax_record_missing", message, "tax_record", route.clause))
    return problems


def _archive_field(form: Mapping[str, Any], route: Route) -> str | None:
    """The field to mend of the two that an archive elsewhere asks for, None where both are in order."""
    if route.requires("needs_archive_record") and not form.get("archive_record"):
        return "archive_record"
    if route.requires("unit_must_be_insured_unit") and form.get("insured_unit_id") != form.get("unit_id"):
        return "insured_unit_id"
    return None


def _scope_points(form: Mapping[str, Any], rules: Rules, world: World) -> list[Point]:
    problems = scope.check_standing(form, rules, world) + scope.check_year(form, rules, world)
    if not problems:
        return [Point("R-001", "属申报范围，本年度未通过正常渠道申报过", "未发现不得申报的情形", True, None, "")]
    return [Point("R-001", "不得有不得申报的情形", p.message, False, None, p.clause or "") for p in problems]


def _seniority_point(found: Assessment) -> Point:
    facts, row = found.facts, found.row
    title = TITLES.get(facts["current_title"], facts["current_title"])
    held = f"现职称：{title}，至{day_words(found.cutoff)}满{found.held}"
    if found.benefit is not None and found.benefit.reduction_months and row["required_months"]:
        held += f"；按{found.benefit.name}政策提前{found.benefit.reduction_months}个月"
    ok = {"normal": True, "manual": None, "principle": None, "exceptional": None, "closed": False}[found.path]
    proof = None if any(r.get("evidence") for r in facts["education"] or []) else "学历（学位）证书"
    return Point(row["rule"], row["requirement"], held, ok, proof, row["clause"])


def _probation_points(found: Assessment) -> list[Point]:
    needed = found.row["probation_months"]
    if not needed:
        return []
    facts = found.facts
    verdict = "考察合格" if facts["probation_passed"] else "尚无考察合格的结论"
    proof = None if facts["probation_passed"] else "见习期满考察合格的证明"
    text = f"见习期{int(facts['probation_months'] or 0)}个月，{verdict}"
    requirement = f"见习期满{needed}个月并考察合格"
    return [Point(found.row["rule"], requirement, text, found.probation_suffices, proof, found.row["clause"])]


def _condition_points(found: Assessment) -> list[Point]:
    needed, chosen = found.row["conditions_needed"], found.chosen_conditions
    if not needed:
        return []
    ok = len(chosen) >= needed
    proof = None if ok else "符合业绩条件的佐证材料"
    requirement = f"取得现职称后符合业绩条件中的至少{needed}项"
    return [Point("R-053/R-054", requirement, f"已选择{len(chosen)}项", ok, proof, found.row["clause"])]


def _policy_point(benefit: Benefit, found: Assessment) -> Point:
    row = benefit.row
    ok = {"granted": True, "none": False, "manual": None}[benefit.result]
    text = f"{benefit.name}满{benefit.service_months}个月：{row['explanation']}"
    if benefit.result == "granted" and benefit is not found.benefit:
        ok, text = False, f"{text}；优惠不叠加，已按{found.benefit.name if found.benefit else ''}政策计算"
    proof = None if benefit.proven or benefit.result == "none" else row["proof"]
    return Point(row["rule"], f"{benefit.name}政策", text, ok, proof, row["clause"])


def _education_point(found: Assessment) -> Point:
    """Continuing education: waived by the policy, otherwise for unit and department to examine (R-028)."""
    requirement = "按规定完成继续教育"
    if found.benefit is not None and found.benefit.row["ce_waived"]:
        text = f"按{found.benefit.name}政策减免"
        return Point("R-028", requirement, text, True, None, found.benefit.row["clause"])
    hours = found.facts["ce_hours"]
    text = f"已填写{hours}学时，由单位和主管部门审核" if hours else "尚未填写学时"
    proof = None if hours else "继续教育登记卡复印件"
    return Point("R-028", requirement, text, None, proof, found.row["education_clause"])


def _route_points(form: Mapping[str, Any], rules: Rules, world: World | None) -> list[Point]:
    try:
        route = routes.resolve(form, rules)
    except Refused as refused:
        return [Point("R-090", "申报渠道", p.message, False, None, p.clause or "") for p in refused.problems]
    points = []
    for problem in _check_documents(form, route, world):
        rule = DOCUMENT_RULES[problem.code]
        points.append(Point(rule, "申报渠道所要求的材料", "尚不齐备", False, problem.message, route.clause))
    record = insurance.assess(form, rules, world) if world else None
    if record is not None:
        name = "社保缴费记录" if record.kind == "insurance" else "在重庆存档记录"
        proof = None if record.complete else ("市外社保缴费记录" if record.kind == "insurance" else "存档记录")
        requirement, text = f"{name}满{record.months}个月", f"可认定{record.held_months}个月"
        points.append(Point(record.rule, requirement, text, record.complete, proof, record.clause))
    return points
