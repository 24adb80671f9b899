"""Plausible values for a form nobody has filled in yet: what a designer sees in a preview.

They are made up and say so; conditions decide as with a person's own values.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain import identity
from app.domain.forms import schema
from app.domain.forms.context import DEFAULT_ACCEPT, TYPES, Attachment, FormContext
from app.domain.forms.fields import PRESETS, fits_pattern
from app.domain.forms.papers import RESIDENT, birth_month
from app.domain.forms.schema import DECISION, Field, Item, Table

IDENTITY = "11010119900307803X"
TEXTS = (
    "示例文字", "13900000001", "示例〔2023〕1号", "2023", "200000", "50010000", "a@example.com", "+8613900000001",
    "91500000MA5U000000", "A1", "1",
)  # fmt: skip
_SIZE = 200_000


@dataclass
class Sample:
    """`values` by key; `organisations` and `attachments` are what they refer to (id → kind, id → file)."""

    today: date
    values: dict[str, Any] = field(default_factory=dict)
    organisations: dict[int, str] = field(default_factory=dict)
    attachments: dict[int, Attachment] = field(default_factory=dict)

    def context(self) -> FormContext:
        """The surroundings in which the sample is a person's own."""
        return FormContext(self.today, self.organisations, self.attachments, current=self.values)

    def organisation(self, kinds: Iterable[str]) -> int:
        kind = next(iter(kinds), "institution")
        known = next((each for each, its in self.organisations.items() if its == kind), None)
        number = known or len(self.organisations) + 1
        self.organisations[number] = kind
        return number

    def attachment(self, label: str, accept: str) -> int:
        ending = accept.split(",")[0].strip().lower()
        number = len(self.attachments) + 1
        self.attachments[number] = Attachment(
            name=f"{label}（示例）{ending}", type=TYPES.get(ending, ending), size=_SIZE
        )
        return number


def sample(source: dict[str, Any], today: date) -> Sample:
    """A filled form; raises schema.UnusableSchema. One row per table, two where two at least are asked for."""
    found = Sample(today)
    items = schema.items(source)
    for item in items:
        found.values[item.key] = _rows(item, found) if isinstance(item, Table) else _value(item, found)
    for item in items:
        if isinstance(item, Field) and item.kind == "idcard":
            _agree_with_identity(items, item, found)
    found.values.pop(DECISION, None)  # a press of a button, not a field to fill
    return found


def _rows(table: Table, found: Sample) -> list[dict[str, Any]]:
    count = max(1, table.component.get("minRows") or 0)
    rows = [{column.key: _value(column, found) for column in table.columns} for _ in range(count)]
    return [{"_id": f"sample{number}", **row} for number, row in enumerate(rows, start=1)]


def _value(item: Field, found: Sample) -> Any:
    component, kind = item.component, item.kind
    if kind in ("textfield", "textarea"):
        return _text(component)
    if kind in ("select", "radio"):
        return component["values"][0]["value"]
    if kind in ("checklist", "taglist"):
        return [component["values"][0]["value"]]
    if kind == "datetime":
        return {"time": "09:00", "datetime": f"{found.today}T09:00"}.get(component.get("subtype", ""), str(found.today))
    if kind == "yearmonth":
        return "2015-07/2018-06" if component.get("period") else "2015-07"
    if kind == "number":
        return _number(component.get("validate") or {})
    if kind == "organisation":
        return found.organisation(component.get("kinds") or ())
    if kind == "evidence":
        return [found.attachment(item.label, component.get("accept") or DEFAULT_ACCEPT)]
    if kind == "checkpoints":
        return {point["value"]: {"ok": True, "note": ""} for point in component.get("points", [])}
    return {"idcard": IDENTITY, "rank": "1/3", "checkbox": True}.get(kind)


def _text(component: Mapping[str, Any]) -> str | None:
    """The first text that its rules let pass; None where they are of a kind unknown here."""
    rules = component.get("validate") or {}
    shortest, longest = rules.get("minLength") or 0, rules.get("maxLength") or 10_000
    pattern = rules.get("pattern") or PRESETS.get(str(rules.get("validationType")), ("", ""))[0]
    own = "示例" + str(component.get("label") or "文字")
    for text in (own, *TEXTS):
        text = (text * (shortest // len(text) + 1) if len(text) < shortest else text)[:longest]
        if not pattern or fits_pattern(pattern, text):
            return text
    return None


def _number(rules: Mapping[str, Any]) -> float:
    low, high = rules.get("min"), rules.get("max")
    if low is not None and low > 1:
        return low
    return min(1, high) if high is not None else 1


def _agree_with_identity(items: list[Item], item: Field, found: Sample) -> None:
    keys = {each.key for each in items}
    component = item.component
    for key, value in (
        (component.get("typeKey", "id_type"), RESIDENT),
        (component.get("birthKey"), birth_month(IDENTITY)),
        (component.get("sexKey"), identity.sex(IDENTITY)),
    ):
        if key in keys:
            found.values[key] = value
