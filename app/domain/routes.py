"""Which levels a declaration climbs and which body holds each, as the notice's route table answers (R-090…R-104)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.rules import Facts, Rules
from app.errors import Problem, Refused

BODY = "_id"  # an output whose value ends so names the field that holds a level's body
LEVEL_NAMES = {
    "unit": "所在单位",
    "agency": "人事代理机构",
    "department": "单位主管部门",
    "top_body": "单位驻重庆最高管理机构",
    "district": "区县人力社保（职改）部门",
}


@dataclass(frozen=True)
class Route:
    """The answer for one person; the order of the levels is the diagram's alone.

    `levels`: level → the form field that holds its body; `bodies`: level → organisation id, None where the person has
    not chosen one; `acceptance`: `committee` or `district`; `recommender`: the level that recommends and publicises
    (a freelancer's agency stands in for the unit, R-130); `requirements`: the table's other outputs
    (needs_archive_record, needs_entrustment_letter, unit_must_be_insured_unit, needs_tax_record, …).
    """

    levels: dict[str, str]
    bodies: dict[str, Any]
    acceptance: str
    recommender: str
    requirements: dict[str, Any]
    clause: str
    registration_clause: str = ""

    def requires(self, key: str) -> bool:
        return bool(self.requirements.get(key))


def resolve(form: Mapping[str, Any], rules: Rules) -> Route:
    """The route of this form's values under the notice.

    A level is every output of the table whose value names a form field (`unit_id`, `group_company_id`): a notice with
    a level of its own needs a column, not code. Raises Refused, with whom to ask, where the notice has no route.
    """
    facts = Facts(form)
    for key in ("category", "work_place", "archive_place"):
        facts[key] = form.get(key) or ""
    answer = dict(rules.decide("route", facts))
    clause = answer.pop("clause", "")
    refusal = answer.pop("refusal", "")
    if refusal:
        raise Refused(Problem("no_route", refusal, "category", clause or None))
    levels = {key: value for key, value in answer.items() if isinstance(value, str) and value.endswith(BODY)}
    acceptance, recommender = answer.pop("acceptance"), answer.pop("recommender", "unit")
    registration = answer.pop("registration_clause", clause)
    requirements = {key: value for key, value in answer.items() if key not in levels and value != ""}
    bodies = {key: facts[value] or None for key, value in levels.items()}
    return Route(levels, bodies, acceptance, recommender, requirements, clause, registration)


def not_registered(name: str, contact: str, phone: str, field: str | None = None, clause: str = "") -> Problem:
    """Sentence 9 (R-105); without a known contact it ends after the request."""
    whom = f"，联系人{contact}，电话{phone}" if contact and phone else ""
    message = f"未找到“{name}”。请联系该机构先行注册{whom}。"
    return Problem("body_not_registered", message, field, clause or "N2 §四(二)1；N4 §三(二)1")


def no_contact(name: str, step: str = "", field: str | None = None) -> Problem:
    """Why a body may not stand on a route yet, for which step, and who mends it where."""
    words = f"“{step}”环节的" if step else ""
    message = (
        f"“{name}”尚未登记{words}联系人和联系电话，暂不能列入申报渠道。"
        "请由该机构的职称管理员在“机构联系方式”中填写后再办。"
    )
    return Problem("no_contact", message, field)


def level_name(level: str) -> str:
    """The office's name on pages; a level that only one notice knows goes by what the route calls it."""
    return LEVEL_NAMES.get(level, "申报渠道所列的审核机构")
