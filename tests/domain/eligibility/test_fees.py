"""Case C1: the amounts of both notices, an amount that does not agree, and a notice that asks for none."""

from typing import Any

import pytest

from app.domain.eligibility import fees


@pytest.mark.parametrize(
    ("target", "amount", "name"),
    [
        ("full_senior_engineer", 420, "正高级"),
        ("senior_engineer", 420, "副高级"),
        ("engineer", 240, "中级"),
        ("assistant_engineer", 120, "初级"),
        ("technician", 120, "初级"),
    ],
)
def test_fee_is_the_levels_and_another_amount_is_refused(n2: Any, n4: Any, target: str, amount: int, name: str) -> None:
    form = {"target_title": target}
    assert [fees.fee(form, rules) for rules in (n2, n4)] == [amount, amount]
    assert fees.check_amount(form, amount, n2) == []
    for wrong in (amount - 1, amount + 1, 0):
        (problem,) = fees.check_amount(form, wrong, n2)
        assert problem.message == f"{name}评审费为{amount}元/人，您填报{wrong}元，请核对。"
        assert (problem.code, problem.field, problem.clause) == ("wrong_amount", "amount", "N2 §六(三); R-141")


def test_notice_that_names_no_fee_asks_for_none(n1: Any) -> None:
    assert fees.fee({"target_title": "engineer"}, n1) == 0
