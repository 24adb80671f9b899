"""What a review costs by level, as the notice's table `fee` says (R-141)."""

from collections.abc import Mapping
from typing import Any

from app.domain.eligibility.facts import LEVEL_NAMES, level
from app.domain.rules import Facts, Rules
from app.errors import Problem


def fee(form: Mapping[str, Any], rules: Rules) -> int:
    """Whole yuan for the title declared."""
    return int(_row(form, rules)["amount"])


def check_amount(form: Mapping[str, Any], amount: int, rules: Rules) -> list[Problem]:
    """Empty where `amount` (yuan) is exactly the fee."""
    row = _row(form, rules)
    if amount == row["amount"]:
        return []
    name = LEVEL_NAMES[level(form["target_title"])]
    message = f"{name}评审费为{row['amount']}元/人，您填报{amount}元，请核对。"
    return [Problem("wrong_amount", message, "amount", row["clause"])]


def _row(form: Mapping[str, Any], rules: Rules) -> Mapping[str, Any]:
    found: Mapping[str, Any] = rules.decide("fee", Facts(form, level=level(form["target_title"])))
    return found
