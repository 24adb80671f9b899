"""What the editors of tables and forms ask while somebody designs: what is wrong, and what would come out of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from app import functions
from app.domain.forms import FormContext, UnusableSchema, check_schema, compile_form
from app.domain.forms.samples import Sample, sample
from app.domain.forms.schema import DECISION
from app.domain.forms.scope import hidden_keys
from app.engine.decisions import Decision, check_table, read
from app.errors import DiagramFault, InvalidForm, Problem

Schema = dict[str, Any]
Choices = Mapping[str, Mapping[str, str]]


def decision(content: str, inputs: Mapping[str, Any] | None, declared: Choices | None = None) -> dict[str, Any]:
    """`findings` of a table, and where `inputs` are given `answer`: {rules, outputs} or {problem}; `rules` are ids.

    The answer is the one that `decide` gives a script: gaps and overlaps are refused as there. `declared` are the
    options of the declaration's fields; `unlisted` those of them for which the table has no row, by input.
    """
    xml = content.encode()
    found = {
        "findings": [asdict(each) for each in check_table(xml)],
        "answer": None,
        "unlisted": unlisted(xml, declared or {}),
    }
    if inputs is None:
        return found
    try:
        table = Decision.parse(xml)
        rules = [rule.id for rule in table.matching(inputs)]
        return found | {"answer": {"rules": rules, **_outputs(table, inputs)}}
    except DiagramFault as fault:
        return found | {"answer": {"rules": [], "problem": fault.reason}}


def unlisted(xml: bytes, declared: Choices) -> dict[str, list[str]]:
    """Input → options of the declaration that it does not list and no row answers: who chooses one is stuck."""
    table, faults = read(xml)
    if table is None or faults or table.hit_policy == "COLLECT":
        return {}
    found = {
        column.name: [
            option for option in options if any(g.code == "gap" for g in check_table(xml, {column.name: [option]}))
        ]
        for column in table.inputs
        if column.allowed
        and (options := [each for each in declared.get(column.name, {}) if each not in (column.allowed or ())])
    }
    return {name: options for name, options in found.items() if options}


def _outputs(table: Decision, inputs: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = table.decide(inputs)
    except DiagramFault as fault:
        return {"problem": fault.reason}
    return {"outputs": found if isinstance(found, list) else [found]}


def form(content: str, values: Mapping[str, Any] | None, today: date) -> dict[str, Any]:
    """What the server would say: `findings` of the schema, then `problems` of `values`, and which keys are `hidden`.

    Without `values` the sample of the form is checked and given back with its surroundings. A schema with findings is
    not tried. A button not yet pressed is no problem.
    """
    try:
        schema, findings = _schema(content)
        if schema is None or findings:
            return _answer(findings)
        return _tried(schema, values, today)
    except (KeyError, TypeError, AttributeError, ValueError):  # a component is not what it is looked into as
        return _answer([Problem("not_a_form", "表单的结构不完整，请撤销最近的修改。")])


def _tried(schema: Schema, values: Mapping[str, Any] | None, today: date) -> dict[str, Any]:
    compiled, made_up = compile_form(schema), sample(schema, today)
    filled = made_up.values if values is None else {key: values[key] for key in values if key in compiled.fields}
    problems: list[Problem] = []
    try:
        compiled.check(filled, _context(made_up, filled))
    except InvalidForm as refused:
        problems = [each for each in refused.problems if each.field != DECISION or DECISION in filled]
    answer = _answer([], problems, sorted(hidden_keys(compiled.items, filled)))
    return answer | ({"values": filled, "context": _shown(made_up)} if values is None else {})


def _answer(findings: list[Problem], problems: Sequence[Problem] = (), hidden: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "findings": [each.as_dict() for each in findings],
        "problems": [each.as_dict() for each in problems],
        "hidden": list(hidden),
    }


def _context(made_up: Sample, filled: Mapping[str, Any]) -> FormContext:
    """The sample's own, in which read-only fields hold what the preview shows in them."""
    return FormContext(made_up.today, made_up.organisations, made_up.attachments, current=filled)


def _shown(made_up: Sample) -> dict[str, Any]:
    """The form island's `context`."""
    return {
        "organisations": [
            {"id": number, "name": f"示例机构{number}", "kind": kind} for number, kind in made_up.organisations.items()
        ],
        "attachments": {
            str(number): {"id": number, "name": file["name"], "size": file["size"]}
            for number, file in made_up.attachments.items()
        },
    }


def _schema(content: str) -> tuple[Schema | None, list[Problem]]:
    """The schema in `content` and its faults."""
    try:
        found = json.loads(content)
    except ValueError as error:
        return None, [Problem("not_json", f"不是有效的 JSON：{error}")]
    if not isinstance(found, dict):
        return None, [Problem("not_a_form", "文件里没有表单。")]
    problems = check_schema(found, functions.registered())
    if not problems:
        try:
            compile_form(found)
        except UnusableSchema as unusable:
            problems = unusable.problems
    return found, problems
