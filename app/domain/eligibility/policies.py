"""Special policies claimed in the form: what each grants; only the single largest benefit is applied (R-070…R-078)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.eligibility import years
from app.domain.eligibility.facts import tenure_cutoff
from app.domain.rules import Facts, Rules

NAMES = {
    "tibet_aid": "援藏",
    "xinjiang_aid": "援疆",
    "qinghai_aid": "援青",
    "foreign_aid": "援外",
    "anti_poverty": "脱贫攻坚",
    "rural_revitalisation": "乡村振兴",
    "epidemic_front_line": "疫情防控一线",
}


@dataclass(frozen=True)
class Benefit:
    """One claimed policy and the row of `policy_benefits` that answers it.

    `result` is granted, none, or manual: what the dispatch rules decide is examined by a person, never refused here.
    """

    policy: str
    service_months: int
    proven: bool
    row: Mapping[str, Any]

    @property
    def result(self) -> str:
        return str(self.row["result"])

    @property
    def reduction_months(self) -> int:
        return int(self.row["reduction_months"])

    @property
    def name(self) -> str:
        return NAMES.get(self.policy, self.policy)


def claimed(facts: Facts, rules: Rules, *, epidemic_used: bool) -> list[Benefit]:
    """The table's answer to every policy row of the form (or to the single field `policy`), in the form's order.

    Service is counted in full months with both ends; a month without a day is whole; one that still goes on is
    counted to the notice's cut-off. A row that an office found unproven (`disproved`) is as if it were not there.
    """
    rows = facts["policies"] or ([{"policy": facts["policy"]}] if facts["policy"] else [])
    cutoff = tenure_cutoff(rules)
    found = []
    for index, row in enumerate(rows):
        policy = row.get("policy") or "none"
        if policy == "none" or row.get("disproved"):
            continue
        months = _service_months(row, index, cutoff)
        inputs = Facts(facts)
        inputs.update(
            policy=policy,
            service_months=months,
            assessment=row.get("assessment") or "not",
            epidemic_used=epidemic_used,
        )
        found.append(Benefit(policy, months, bool(row.get("evidence")), rules.decide("policy_benefits", inputs)))
    return found


def largest(benefits: list[Benefit]) -> Benefit | None:
    """The one benefit that is applied: the most months, then the one that waives most; None where none is granted."""
    granted = [benefit for benefit in benefits if benefit.result == "granted"]
    return max(granted, key=_weight, default=None)


def _weight(benefit: Benefit) -> tuple[int, int]:
    waived = sum(value is True for value in benefit.row.values())
    return benefit.reduction_months, waived + (benefit.row["degree_relaxed_to"] != "")


def _service_months(row: Mapping[str, Any], index: int, cutoff: date) -> int:
    start = years.day(row.get("from"), f"policies.{index}.from")
    end = row.get("to")
    last = cutoff if end in (None, "", "至今") else years.day(end, f"policies.{index}.to", last=True)
    if start is None or last is None:
        return 0
    return years.served_months(start, min(last, cutoff))
