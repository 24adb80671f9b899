"""What a review costs by level, as the notice's parameter `fee` says (R-141)."""

from collections.abc import Mapping
from typing import Any

from app.domain.dictionaries import fee_group
from app.domain.eligibility.facts import LEVEL_NAMES, level
from app.domain.rules import Rules
from app.errors import Problem


def fee(form: Mapping[str, Any], rules: Rules) -> int:
    """Whole yuan for the title declared; 0 where the notice asks for none."""
    found = rules.find("fee")
    return int(found.value.get(fee_group(level(form["target_title"]))) or 0) if found else 0


def check_amount(form: Mapping[str, Any], amount: int, rules: Rules) -> list[Problem]:
    """Empty where `amount` (yuan) is exactly the fee."""
    due, found = fee(form, rules), rules.find("fee")
    if amount == due:
        return []
    name = LEVEL_NAMES[level(form["target_title"])]
    message = f"{name}评审费为{due}元/人，您填报{amount}元，请核对。"
    return [Problem("wrong_amount", message, "amount", found.clause if found else None)]
