"""Keeps what a person may not change: read-only and locked values, prefilled rows, all outside a correction."""

from collections.abc import Mapping
from typing import Any

from app.domain.forms.context import FormContext
from app.domain.forms.schema import Field, Item, Table
from app.errors import Problem

Values = dict[str, Any]
_HUGE = 2**63
_DEPTH = 6  # a note in a checklist's answer, a list in a row's cell


def protect(items: list[Item], given: Mapping[str, Any], context: FormContext) -> tuple[Values, list[Problem]]:
    """The values with everything protected put back, and a problem for each attempt to change it.

    A read-only field's value is put back silently: the browser never lets it be edited.
    """
    values, problems = dict(given), []
    for item in items:
        if isinstance(item, Table):
            problems += _protect_table(item, values, context)
        else:
            problems += _protect_field(item, values, context)
    return {key: value for key, value in values.items() if value is not None}, problems


def _protect_field(field: Field, values: Values, context: FormContext) -> list[Problem]:
    key, problems = field.key, []
    if field.kind == "expression":
        return []
    if key in context.locked:
        problems = _kept(values, key, context.locked[key], locked(field.label, key))
    elif field.readonly:
        values[key] = context.current.get(key)
    elif not context.may_change(key):
        problems = _kept(values, key, context.current.get(key), outside(field.label, key))
    return problems


def _kept(values: Values, key: str, stored: Any, problem: Problem) -> list[Problem]:
    changed = key in values and not same(values[key], stored)
    values[key] = stored
    return [problem] if changed else []


def _protect_table(table: Table, values: Values, context: FormContext) -> list[Problem]:
    key, stored = table.key, [_cut(table, row) for row in context.current.get(table.key) or []]
    if key in context.locked:
        return _kept(values, key, context.locked[key], locked(table.label, key))
    if table.readonly:
        values[key] = stored
        return []
    rows = values.get(key, stored if context.restricted or table.fixed else None)
    if not isinstance(rows, list) or not all(is_row(row) for row in rows):
        return []  # the type check that follows says so
    rows = [_without_prefill(table, row, context) for row in rows]
    known = {row["_id"]: row for row in stored if row.get("_id")}
    rows, problems = _protect_rows(table, rows, known, context)
    locked_ids = [each.partition(".")[2] for each in context.locked if each.startswith(key + ".")]
    present = {row.get("_id") for row in rows}
    for identifier in locked_ids:
        if identifier not in present:
            problems.append(locked(table.label, key))
            rows.append(context.locked[f"{key}.{identifier}"])
    values[key] = rows
    return problems


def _cut(table: Table, row: Values) -> Values:
    """A stored row without what this form has no column for: several forms show the same record."""
    columns = {column.key for column in table.columns} | {"_id"}
    return {key: value for key, value in row.items() if key in columns}


def _without_prefill(table: Table, row: Values, context: FormContext) -> Values:
    """A sent row without the surplus that it was prefilled with; any other surplus stays and will be refused."""
    for stored in context.current.get(table.key) or []:
        if stored.get("_id") == row.get("_id"):
            surplus = stored.keys() - _cut(table, stored).keys()
            return {key: value for key, value in row.items() if key not in surplus}
    return row


def _protect_rows(
    table: Table, rows: list[Values], known: dict[str, Values], context: FormContext
) -> tuple[list[Values], list[Problem]]:
    closed = table.fixed or not context.may_change(table.key)
    problems, found = [], []
    for index, row in enumerate(rows):
        stored = known.get(row.get("_id") or "")
        if stored is None and closed:
            problems.append(_added(table, index, context))
            continue
        kept, wrong = _protect_row(table, row, stored, context)
        if wrong is not None:
            problems.append(Problem(wrong.code, f"{wrong.message}（第{index + 1}行）", f"{table.key}.{index}"))
        found.append(kept)
    if closed:
        gone = known.keys() - {row.get("_id") for row in found}
        if gone:
            problems.append(Problem("row_removed", f"“{table.label}”不能删除行。", table.key))
        by_id = {row["_id"]: row for row in found}
        found = [by_id.get(identifier, row) for identifier, row in known.items()]
    return found, problems


def _added(table: Table, index: int, context: FormContext) -> Problem:
    usual = f"“{table.label}”不能增加行。"
    words = context.addition.format(material=f"{table.label}第{index + 1}行") if context.addition else usual
    return Problem("row_added", words, f"{table.key}.{index}")


def _protect_row(
    table: Table, row: Values, stored: Values | None, context: FormContext
) -> tuple[Values, Problem | None]:
    path = f"{table.key}.{row.get('_id')}"
    if path in context.locked:
        wrong = None if same(row, context.locked[path]) else locked(table.label, path)
        return dict(context.locked[path]), wrong
    if stored is not None and not context.may_change(table.key, row.get("_id")):
        return dict(stored), None if same(row, stored) else outside(table.label, path)
    silent = {column.key: (stored or {}).get(column.key) for column in table.columns if column.readonly}
    return row | silent, None


def storable(value: Any, depth: int = 0) -> bool:
    """Whether a database's JSON can hold it: no zero byte, half character, endless or huge number, deep nesting."""
    if isinstance(value, str):
        return _encodes(value)
    if isinstance(value, int | float):
        return -_HUGE < value < _HUGE
    if isinstance(value, dict):
        return depth < _DEPTH and all(storable(k, depth) and storable(v, depth + 1) for k, v in value.items())
    if isinstance(value, list):
        return depth < _DEPTH and all(storable(each, depth + 1) for each in value)
    return value is None


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def is_row(row: Any) -> bool:
    """Whether this may be a row of a table at all: a dictionary whose `_id`, if any, is text."""
    return isinstance(row, dict) and isinstance(row.get("_id", ""), str | None)


def locked(label: str, path: str) -> Problem:
    return Problem("locked", f"“{label}”已核验通过，不能修改。", path)


def outside(label: str, path: str) -> Problem:
    return Problem("outside_correction", f"补正仅限所列内容，“{label}”不能修改。", path)


def same(left: Any, right: Any) -> bool:
    """Whether two values say the same; nothing, empty text and empty list are alike, and so are 5 and "5"."""
    if isinstance(left, dict) and isinstance(right, dict):
        return all(same(left.get(key), right.get(key)) for key in left.keys() | right.keys())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    if _nothing(left) or _nothing(right):
        return _nothing(left) and _nothing(right)
    return bool(left == right or (not isinstance(left, bool) and str(left) == str(right)))


def _nothing(value: Any) -> bool:
    return value is None or value in ("", [], {})
