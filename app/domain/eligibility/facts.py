"""What follows from a form: level, effective title, time held, the defaults of questions that were not asked."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain.eligibility import years
from app.domain.rules import Facts, Rules
from app.errors import ConfigurationError

TITLES = {
    "none": "无",
    "technician": "技术员",
    "assistant_engineer": "助理工程师",
    "engineer": "工程师",
    "senior_engineer": "高级工程师",
    "full_senior_engineer": "正高级工程师",
}
LADDER = list(TITLES)
LEVELS = {
    "technician": "junior",
    "assistant_engineer": "junior",
    "engineer": "intermediate",
    "senior_engineer": "associate_senior",
    "full_senior_engineer": "full_senior",
}
LEVEL_NAMES = {"junior": "初级", "intermediate": "中级", "associate_senior": "副高级", "full_senior": "正高级"}


def complete(form: Mapping[str, Any], rules: Rules, *, on: date | None = None) -> Facts:
    """The form with everything derived from it, as tables ask for it; the form's own values are not changed.

    `on` is the day of asking, for what depends on it (retired). Derived: `level`; `current_title` and
    `current_title_date` after a vocational qualification of a higher rank is counted (R-022); `tenure_months` held
    at the notice's `tenure_cutoff` (R-024); `retired` (R-007); `residence_card_shown` (R-004).
    """
    facts = Facts(form)
    for key, unless_asked in (
        ("category", ""), ("work_place", ""), ("archive_place", ""), ("highest_education", ""), ("id_type", ""),
        ("channel", "normal"), ("current_title", "none"), ("review_mode", "review"), ("vocational_qualification", ""),
    ):  # fmt: skip
        facts[key] = form.get(key) or unless_asked
    for key in ("probation_passed", "auxiliary_review", "skilled_worker", "exceptional", "tax_record"):
        facts[key] = form.get(key) is True
    facts["level"] = level(facts["target_title"]) if facts["target_title"] else None
    _count_vocational_qualification(facts, rules)
    start = years.day(facts["current_title_date"], "current_title_date")
    facts["tenure_months"] = years.full_months(start, tenure_cutoff(rules)) if start else 0
    approved = years.day(facts["retirement_approved_on"], "retirement_approved_on")
    facts["retired"] = approved is not None and on is not None and approved <= on
    facts["residence_card_shown"] = bool(facts["residence_card"])
    facts.setdefault("degree_relaxed_to", "")
    return facts


def level(title: str) -> str:
    """junior, intermediate, associate_senior or full_senior. Raises ConfigurationError for an unknown title."""
    if title not in LEVELS:
        raise ConfigurationError(f"未知的职称代码“{title}”。")
    return LEVELS[title]


def tenure_cutoff(rules: Rules) -> date:
    """The day to which years are counted (R-024). Raises ConfigurationError where the notice gives none."""
    cutoff = years.day(rules.parameter("tenure_cutoff"), "tenure_cutoff")
    if cutoff is None:
        raise ConfigurationError("参数“tenure_cutoff”（资历截止日）没有填写。")
    return cutoff


def _count_vocational_qualification(facts: Facts, rules: Rules) -> None:
    if not facts["vocational_qualification"]:
        return
    counted = rules.decide("vocational_equivalents", facts)["title"]
    held = facts["current_title"]
    if counted in LADDER and held in LADDER and LADDER.index(counted) > LADDER.index(held):
        facts["current_title"] = counted
        facts["current_title_date"] = facts["vocational_qualification_date"]
