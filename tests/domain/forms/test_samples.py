"""The made-up values of a preview: what the server would take from a person, for every shipped form."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.forms import compile_form
from app.domain.forms.samples import sample

ROOT = Path(__file__).parents[3]
SHIPPED = sorted([*ROOT.glob("forms/*.json"), *ROOT.glob("notices/*/forms/*.json")])
TODAY = date(2023, 10, 12)


def field(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": kind, "key": kind, "label": "一项", "validate": {"required": True}, **more}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_sample_of_a_shipped_form_is_accepted(path: Path) -> None:
    source = json.loads(path.read_text(encoding="utf-8"))
    form, made_up = compile_form(source), sample(source, TODAY)
    pressed = {"decision": form.decisions[0].value} if form.decisions else {}
    assert form.check(made_up.values | pressed, made_up.context())


@pytest.mark.parametrize(
    "component",
    [
        field("textfield", validate={"required": True, "minLength": 30, "maxLength": 40}),
        field("textfield", validate={"required": True, "validationType": "email"}),
        field("textfield", validate={"required": True, "pattern": r"^\d{4}$"}),
        field("number", validate={"required": True, "min": 7, "max": 9}),
        field("number", validate={"required": True, "max": -2}),
        field("datetime", subtype="datetime"),
        field("datetime", subtype="time"),
        field("taglist", values=[{"label": "甲", "value": "a"}]),
        field("checkbox"),
        field("evidence", accept=".docx"),
    ],
    ids=lambda component: f"{component['type']} {component.get('subtype', '')}{component['validate']}",
)
def test_sample_keeps_the_rules_of_its_field(component: dict[str, Any]) -> None:
    source = {"components": [component]}
    made_up = sample(source, TODAY)
    assert compile_form(source).check(made_up.values, made_up.context()).keys() == {component["key"]}


def test_what_no_text_here_can_satisfy_stays_empty() -> None:
    source = {"components": [field("textfield", validate={"pattern": "^一二三$"})]}
    assert sample(source, TODAY).values == {"textfield": None}


def test_rows_are_as_many_as_the_table_asks_for_and_share_organisations() -> None:
    columns = [field("organisation", kinds=["agency"])]
    table = {"type": "dynamiclist", "id": "t", "path": "rows", "label": "表", "minRows": 2, "components": columns}
    made_up = sample({"components": [table]}, TODAY)
    assert [row["organisation"] for row in made_up.values["rows"]] == [1, 1]
    assert made_up.organisations == {1: "agency"}
