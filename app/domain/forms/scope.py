"""Checks the fields of one scope: the form itself, or one row of a table."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError

from app.domain.forms import context as surroundings
from app.domain.forms import feel, fields, papers
from app.domain.forms.context import FormContext
from app.domain.forms.fields import Fault
from app.domain.forms.schema import Field, Item

Values = dict[str, Any]
Faults = list[tuple[str, Fault]]
_ROUNDS = 8


class Scope:
    """The compiled fields of a form or of a row; `strict` is for submitting, the other schema for drafts."""

    def __init__(self, columns: Iterable[Field]) -> None:
        self.columns = {field.key: field for field in columns}
        filled = [field for field in self.columns.values() if field.kind != "expression"]
        self.strict = Schema.from_dict({field.key: fields.build(field, draft=False) for field in filled})()
        self.draft = Schema.from_dict({field.key: fields.build(field, draft=True) for field in filled})()

    def load(
        self, given: Mapping[str, Any], hidden: Collection[str], context: FormContext, partial: bool
    ) -> tuple[Values, Faults]:
        """The cleaned values and what is wrong; hidden fields are left out and nothing empty is kept.

        A draft keeps empty values as they are, so that a cleared field stays cleared.
        """
        values = {key: given[key] for key, field in self.columns.items() if _stays(field, given, hidden, partial)}
        schema = self.draft if partial else self.strict
        faults: Faults = []
        try:
            cleaned: Values = schema.load(values, partial=tuple(hidden))
        except ValidationError as wrong:
            messages: dict[str, list[Fault]] = wrong.normalized_messages()
            faults = [(key, fault) for key, found in messages.items() for fault in found]
            cleaned = dict(wrong.valid_data) if isinstance(wrong.valid_data, dict) else {}
        if not partial:
            faults += self._surroundings(cleaned, context)
        return cleaned, faults

    def _surroundings(self, cleaned: Values, context: FormContext) -> Faults:
        found: Faults = []
        for key, value in cleaned.items():
            field = self.columns[key]
            if field.kind == "idcard":
                value = cleaned[key] = papers.clean(value)
            found += [(key, fault) for fault in surroundings.faults(field, value, cleaned, context)]
        return found

    def compute(self, cleaned: Values, scope: Mapping[str, Any], hidden: Collection[str]) -> None:
        """Put the expression fields' own results in; what the browser sent for them never counts."""
        for key, field in self.columns.items():
            if field.kind == "expression" and key not in hidden:
                cleaned[key] = feel.parse(field.component["expression"]).evaluate({**scope, **cleaned})


def _stays(field: Field, given: Mapping[str, Any], hidden: Collection[str], partial: bool) -> bool:
    if field.key not in given or field.key in hidden or field.kind == "expression":
        return False
    if partial:
        return True
    unticked = field.kind == "checkbox" and not field.required and given[field.key] is False
    return unticked or not fields.is_empty(field, given[field.key])


def hidden_keys(items: Iterable[Item], values: Mapping[str, Any]) -> set[str]:
    """Which items their conditions hide; a hidden item's value counts as empty for the others' conditions."""
    conditional = [item for item in items if item.hidden_by]
    hidden: set[str] = set()
    for _ in range(_ROUNDS):
        seen = {key: value for key, value in values.items() if key not in hidden}
        found = {item.key for item in conditional if any(each.hides(seen) for each in item.hidden_by)}
        if found == hidden:
            break
        hidden = found
    return hidden
