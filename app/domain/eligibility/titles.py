"""Degree, title held and years for the title declared, with the policy benefit applied (R-024, R-040…R-057)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.eligibility import facts as derived
from app.domain.eligibility import policies, years
from app.domain.eligibility.facts import TITLES
from app.domain.eligibility.policies import Benefit
from app.domain.eligibility.years import Span
from app.domain.rules import Facts, Rules
from app.domain.wording import day_words
from app.errors import Problem


@dataclass(frozen=True)
class Assessment:
    """How one declaration stands against the row of `title_conditions` that applies to it.

    `required_months` is after the benefit; `missing_time` None where the years are complete. `manual` lists claimed
    policies whose own dispatch rules decide. `path` is how it may go on: normal, manual (a person examines degree and
    years), principle (一般应: with an explanation), exceptional (form 4), or closed.
    """

    facts: Facts
    row: Mapping[str, Any]
    benefits: tuple[Benefit, ...]
    benefit: Benefit | None
    cutoff: date
    required_months: int
    held: Span
    missing_time: Span | None
    path: str

    @property
    def degree_suffices(self) -> bool:
        return bool(self.row["result"] != "degree_too_low")

    @property
    def title_suffices(self) -> bool:
        return bool(self.row["result"] != "not_eligible")

    @property
    def seniority_suffices(self) -> bool:
        return self.degree_suffices and self.title_suffices and self.missing_time is None

    @property
    def probation_suffices(self) -> bool:
        needed = self.row["probation_months"]
        return not needed or (self.facts["probation_passed"] and int(self.facts["probation_months"] or 0) >= needed)

    @property
    def chosen_conditions(self) -> list[str]:
        chosen = self.facts["performance_conditions"] or []
        return [code for code in self.row["conditions"] if code in chosen]


def assess(form: Mapping[str, Any], rules: Rules, *, epidemic_used: bool = False) -> Assessment:
    """Years by day at the notice's cut-off, less the single largest reduction and never below nothing."""
    facts = derived.complete(form, rules)
    benefits = policies.claimed(facts, rules, epidemic_used=epidemic_used)
    benefit = policies.largest(benefits)
    facts["degree_relaxed_to"] = benefit.row["degree_relaxed_to"] if benefit else ""
    row = rules.decide("title_conditions", facts)
    cutoff = derived.tenure_cutoff(rules)
    required = max(row["required_months"] - (benefit.reduction_months if benefit else 0), 0)
    start = years.day(facts["current_title_date"], "current_title_date")
    held = years.between(start, cutoff) if start else Span(0, 0, 0)
    lacking = None
    if required:
        lacking = years.missing(start, required, cutoff) if start else Span(required // 12, required % 12, 0)
    found = Assessment(facts, row, tuple(benefits), benefit, cutoff, required, held, lacking, "closed")
    return _with_path(found)


def check(form: Mapping[str, Any], rules: Rules, *, epidemic_used: bool = False) -> list[Problem]:
    """What keeps this title from being declared; nothing where the case goes on by hand, by form 4 or explained."""
    found = assess(form, rules, epidemic_used=epidemic_used)
    problems = [_seniority_problem(found)] if found.path == "closed" else []
    title, clause = TITLES[found.facts["target_title"]], found.row["clause"]
    if not found.probation_suffices:
        message = (
            f"申报{title}须{found.row['requirement']}。请填写见习期和考察结论；见习期未满或考察未合格的，暂不能提交。"
        )
        problems.append(Problem("probation_not_passed", message, "probation_passed", clause))
    needed, chosen = found.row["conditions_needed"], len(found.chosen_conditions)
    if chosen < needed:
        message = f"申报{title}须符合业绩条件中的至少{needed}项，您已选择{chosen}项。请选择符合的条件并上传佐证材料。"
        problems.append(Problem("performance_condition_missing", message, "performance_conditions", clause))
    return problems


def check_recommenders(
    form: Mapping[str, Any], rules: Rules, recommenders: Sequence[Mapping[str, Any]]
) -> list[Problem]:
    """Form 4 needs recommenders of the rank and number that the table says (R-057).

    Each has `name`, `title` (a title code), `unit`; the same person counts once.
    """
    row = assess(form, rules).row
    rank = row["recommender_title"]
    able = {(r.get("name"), r.get("unit")) for r in recommenders if r.get("title") == rank}
    if len(able) >= row["recommenders"]:
        return []
    title = TITLES.get(rank, rank)
    message = f"破格申报须由{row['recommenders']}名本专业或相近专业的{title}推荐，现有{len(able)}名，请补充。"
    return [Problem("recommenders_missing", message, "recommenders", row["clause"])]


def _with_path(found: Assessment) -> Assessment:
    facts, row = found.facts, found.row
    if found.seniority_suffices and row["result"] == "eligible":
        path = "normal"
    elif row["result"] == "manual" or any(benefit.result == "manual" for benefit in found.benefits):
        path = "manual"
    elif row["in_principle"] and facts["special_explanation"]:
        path = "principle"
    elif row["exceptional"] and facts["exceptional"]:
        path = "exceptional"
    else:
        path = "closed"
    return Assessment(**{**vars(found), "path": path})


def _seniority_problem(found: Assessment) -> Problem:
    facts, row = found.facts, found.row
    lacking = []
    field = "current_title_date"
    if found.missing_time is not None:
        lacking.append(str(found.missing_time))
    if not found.title_suffices:
        lacking, field = ["所要求的职称"], "current_title"
    if not found.degree_suffices:
        lacking, field = ["所要求的学历（学位）", *lacking], "highest_education"
    requirement = row["requirement"]
    if found.benefit is not None and found.benefit.reduction_months and row["required_months"]:
        requirement += f"（按{found.benefit.name}政策提前后为{_term(found.required_months)}）"
    message = (
        f"申报{TITLES[facts['target_title']]}须{requirement}；您取得现职称至{day_words(found.cutoff)}"
        f"满{found.held}，还差{'和'.join(lacking)}。如符合援派、乡村振兴等政策或拟破格申报，请选择相应情形。"
    )
    return Problem("seniority_insufficient", message, field, row["clause"])


def _term(months: int) -> str:
    return str(Span(months // 12, months % 12, 0))
