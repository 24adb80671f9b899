"""The cases that the browser's evaluator plays too: the server must give the same answers."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.forms import FormContext, compile_form, feel
from app.errors import InvalidForm

CASES = Path(__file__).parents[2] / "forms" / "cases"
CONTEXT = FormContext(today=date(2023, 10, 9))


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in json.loads((CASES / name).read_text(encoding="utf-8"))]


@pytest.mark.parametrize("case", cases("feel.json"))
def test_expression_gives_the_shared_answer(case: dict[str, Any]) -> None:
    found = feel.parse(case["expression"]).evaluate(case["values"])
    assert (type(found) is bool, found) == (type(case["expect"]) is bool, case["expect"])


@pytest.mark.parametrize("case", cases("forms.json"))
def test_form_gives_the_shared_answer(case: dict[str, Any]) -> None:
    form = compile_form(case["schema"])
    try:
        found: dict[str, Any] = {"values": form.check(case["values"], CONTEXT)}
    except InvalidForm as refused:
        found = {"problems": [problem.field for problem in refused.problems]}
    assert found == case["expect"]
