"""Shows a filled form read-only: sections of labelled values and tables, for review pages, publicity and print.

The result is plain data for a template; nothing here knows HTML. What a condition hides is left out.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain import identity
from app.domain.forms import schema
from app.domain.forms.fields import points
from app.domain.forms.schema import CHOICES, Field, Table
from app.domain.forms.scope import hidden_keys

YES, NO = "是", "否"


@dataclass(frozen=True)
class Value:
    """One shown value: `text` for people; `attachments` are ids to be linked; `masked` tells that it was shortened."""

    key: str
    label: str
    kind: str
    text: str
    attachments: tuple[Any, ...] = ()
    answers: tuple["Answer", ...] = ()
    masked: bool = False


@dataclass(frozen=True)
class Answer:
    """One point of an office's checklist; `ok` empty means not answered."""

    point: str
    label: str
    ok: bool | None
    note: str


@dataclass(frozen=True)
class Row:
    """One row: `cells` stand in the table's columns, `details` are the other columns, `attachments` its evidence."""

    id: str
    number: int
    cells: tuple[Value, ...]
    details: tuple[Value, ...]
    attachments: tuple[Any, ...]


@dataclass(frozen=True)
class TableView:
    key: str
    label: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """`key` is the table's path or the group's id; `parts` are Value and TableView in the schema's order."""

    key: str
    label: str
    parts: tuple[Value | TableView, ...]


def describe(
    source: dict[str, Any],
    values: Mapping[str, Any],
    masks: Collection[str] = (),
    organisations: Mapping[int, str] | None = None,
) -> list[Section]:
    """The sections of `source` filled with `values`.

    `masks` are the keys to shorten (a column as `table.column`), by the component's `mask`: `id`, `phone`, or else to
    stars. What a mask hides is not in the result.
    `organisations` gives the names of organisation ids.
    """
    names = organisations or {}
    items = schema.items(source)
    hidden = hidden_keys(items, values)
    shown = {key: value for key, value in values.items() if key not in hidden}
    found = []
    for section in schema.sections(source):
        parts = tuple(
            _table(item, shown, masks, names) if isinstance(item, Table) else _value(item, shown, masks, names)
            for item in section.items
            if item.key not in hidden
        )
        if parts:
            found.append(Section(section.key, section.label, parts))
    return found


def _table(table: Table, values: Mapping[str, Any], masks: Collection[str], names: Mapping[int, str]) -> TableView:
    short = {mask.partition(".")[2] for mask in masks if mask.startswith(table.key + ".")}
    shown = [column for column in table.columns if column.component.get("inTable") is not False]
    heads = tuple((column.key, column.label) for column in shown if column.kind != "evidence")
    rows = []
    for number, row in enumerate(values.get(table.key) or [], start=1):
        hidden = hidden_keys(table.columns, {**values, **dict.fromkeys(c.key for c in table.columns), **row})
        visible = {key: value for key, value in row.items() if key not in hidden}
        cells = {column.key: _value(column, visible, short, names) for column in table.columns}
        evidence = tuple(each for cell in cells.values() for each in cell.attachments)
        inside = tuple(cells[key] for key, _ in heads)
        beside = tuple(cell for key, cell in cells.items() if key not in dict(heads) and cell.text)
        rows.append(Row(row.get("_id", ""), number, inside, beside, evidence))
    return TableView(table.key, table.label, heads, tuple(rows))


def _value(field: Field, values: Mapping[str, Any], masks: Collection[str], names: Mapping[int, str]) -> Value:
    raw = values.get(field.key)
    attachments = tuple(raw or ()) if field.kind == "evidence" else ()
    answers = _answers(field, raw or {}) if field.kind == "checkpoints" else ()
    text = _text(field, raw, names)
    masked = bool(text) and field.key in masks
    if masked:
        text = mask(text, field.component.get("mask") or ("id" if field.kind == "idcard" else ""))
    return Value(field.key, field.label, field.kind, text, attachments, answers, masked)


def _answers(field: Field, raw: Mapping[str, Any]) -> tuple[Answer, ...]:
    return tuple(
        Answer(point, label, (raw.get(point) or {}).get("ok"), (raw.get(point) or {}).get("note") or "")
        for point, label in points(field.component).items()
    )


def _text(field: Field, raw: Any, names: Mapping[int, str]) -> str:
    if raw is None or raw in ("", []) or field.kind == "checkpoints":
        return ""
    if isinstance(raw, bool):
        return YES if raw else NO
    if field.kind == "evidence":
        return f"{len(raw)}份"
    if field.kind in CHOICES:
        labels = {option["value"]: option.get("label", "") for option in field.component.get("values", [])}
        return "、".join(str(labels.get(each, each)) for each in (raw if isinstance(raw, list) else [raw]))
    if field.kind == "organisation":
        return names.get(raw, str(raw))
    if field.kind == "yearmonth":
        return "—".join(part.replace("-", ".") for part in str(raw).split("/"))
    if field.kind == "datetime":
        return _date(str(raw))
    return str(raw)


def _date(raw: str) -> str:
    """`2023-10-31` as 2023年10月31日, with its clock time if it has one."""
    day, _, clock = raw.partition("T")
    parts = day.split("-")
    if len(parts) != 3:
        return raw
    year, month, date = parts
    return f"{year}年{month.lstrip('0')}月{date.lstrip('0')}日" + (clock[:5] if clock else "")


def mask(text: str, kind: str) -> str:
    """A shortened value: `id` and `phone` as everywhere in the product, anything else to stars as form 8 prints it."""
    if kind == "id":
        return identity.mask_identity(text)
    return identity.mask_phone(text) if kind == "phone" else "***"
