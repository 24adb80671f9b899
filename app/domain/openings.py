"""Which parts of form 8 a correction opens: those that its items name, and nothing beside them (R-138, R-140).

An item's target is the name or key of a table, of a heading or of a paper of procedure, one row of a table
(`学历学位情况第2行`), or free words; free words open nothing and are answered in words alone.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.publicised import HEADINGS, PROCEDURE, TABLES

Record = dict[str, Any]
DECIDING = frozenset({"series", "specialty", "target_title"})  # another title is another declaration, no correction
GROUP = "opened"
ONLY_LISTED = "只列出须补正的内容，其余内容不能修改。"
_ROW = re.compile(r"^(?P<table>.+)第(?P<number>[1-9]\d{0,2})行$")
_NAMES = {**TABLES, **HEADINGS, **PROCEDURE}
_SUMMARY = 40  # characters of a row that tell it from its neighbours


@dataclass(frozen=True)
class Opening:
    """Fields and tables by key in form 8's order, of the tables these rows by id.

    `growing` are the tables that may get rows: asked for as a whole while nothing has been publicised.
    """

    fields: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    rows: frozenset[str] = frozenset()
    growing: frozenset[str] = frozenset()


def place(item: Mapping[str, Any], record: Mapping[str, Any]) -> tuple[tuple[str, ...], str | None]:
    """The keys of form 8 that an item's target names, and the row's id where it names one (or `row` does)."""
    wanted = str(item.get("target") or "").strip()
    row = item.get("row") or (wanted.removeprefix("row:") if wanted.startswith("row:") else None)
    if row is not None:
        return tuple(key for key in TABLES if any(str(each.get("_id")) == row for each in _rows(record, key))), row
    numbered = _ROW.match(wanted)
    if numbered:
        key = next((key for key, name in TABLES.items() if name == numbered["table"]), "")
        rows, index = _rows(record, key), int(numbered["number"]) - 1
        return ((key,), str(rows[index].get("_id"))) if index < len(rows) else ((), None)
    return tuple(key for key, name in _NAMES.items() if wanted in (key, name)), None


def placed(items: Iterable[Mapping[str, Any]], record: Mapping[str, Any]) -> list[Record]:
    """The items with the id of the row that each names, so that it stays the same row."""
    found = [(item, place(item, record)[1]) for item in items]
    return [{**item, "row": row} if row is not None else dict(item) for item, row in found]


def of(
    items: Iterable[Mapping[str, Any]], record: Mapping[str, Any], *, publicised: bool, locked: Collection[str] = ()
) -> Opening:
    """What these items open in this record; what data sharing has verified (`locked`) stays shut (R-144)."""
    keys: set[str] = set()
    rows: set[str] = set()
    growing: set[str] = set()
    for item in items:
        named, row = place(item, record)
        for key in set(named) - DECIDING - set(locked):
            keys.add(key)
            if key in TABLES and row is None:
                rows |= {str(each.get("_id")) for each in _rows(record, key)}
                growing |= set() if publicised else {key}
            elif row is not None:
                rows.add(row)
    tables = tuple(key for key in TABLES if key in keys and (key in growing or _rows(record, key)))
    fields = tuple(key for key in (*HEADINGS, *PROCEDURE) if key in keys)
    return Opening(fields, tables, frozenset(rows), frozenset(growing))


def values(record: Mapping[str, Any], opening: Opening) -> Record:
    """The opened part of a record."""
    found = {key: record[key] for key in opening.fields if record.get(key) is not None}
    for key in opening.tables:
        found[key] = [row for row in _rows(record, key) if key in opening.growing or row.get("_id") in opening.rows]
    return found


def merged(record: Mapping[str, Any], given: Mapping[str, Any], opening: Opening) -> Record:
    """The record with the corrected parts in their places; whatever was not opened stays as it is."""
    found = dict(record)
    for key in opening.fields:
        if key in given:
            found[key] = given[key]
    for key in opening.tables:
        rows = {row.get("_id"): row for row in given.get(key) or []}
        if key in opening.growing and key in given:
            found[key] = list(given[key])
        elif rows:
            found[key] = [
                rows.get(row.get("_id"), row) if row.get("_id") in opening.rows else row for row in _rows(record, key)
            ]
    return found


def schema(own: dict[str, Any], form8: dict[str, Any], opening: Opening) -> dict[str, Any]:
    """The correction's own form with the opened fields and tables of form 8 before its last two fields."""
    known = {key: each for each in _flat(form8["components"]) if (key := each.get("path") or each.get("key"))}
    fields = [_always(known[key]) for key in opening.fields if key in known]
    group = {"type": "group", "id": GROUP, "label": "须补正的字段", "help": ONLY_LISTED, "components": fields}
    tables = [_table(known[key], opening) for key in opening.tables if key in known]
    first, *rest = own["components"]
    return {**own, "components": [first, *([group] if fields else []), *tables, *rest]}


def choices(record: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a target may name in this record, for a list to choose from: {value, label}, a row with its first words."""
    found = []
    for key, name in TABLES.items():
        rows = _rows(record, key)
        if rows:
            found.append({"value": name, "label": f"整表，{len(rows)}行"})
        found += [{"value": f"{name}第{n}行", "label": _summary(row)} for n, row in enumerate(rows, 1)]
    return found + [{"value": name, "label": ""} for name in dict.fromkeys((*HEADINGS.values(), *PROCEDURE.values()))]


def _rows(record: Mapping[str, Any], key: str) -> list[Record]:
    return record.get(key) or []


def _summary(row: Mapping[str, Any]) -> str:
    words = (value for key, value in row.items() if key != "_id" and isinstance(value, str) and value)
    return " · ".join(words)[:_SUMMARY]


def _flat(components: Iterable[Record]) -> Iterable[Record]:
    """Fields and tables of a form, those in groups too."""
    for each in components:
        if each.get("type") == "group":
            yield from _flat(each.get("components") or [])
        else:
            yield each


def _always(component: Record) -> Record:
    """A field shown for what the office asked, whatever its form makes it depend on."""
    return {key: value for key, value in component.items() if key != "conditional"}


def _table(component: Record, opening: Opening) -> Record:
    kept = {key: value for key, value in component.items() if key not in ("library", "minRows", "conditional")}
    return {**kept, "allowAddRemove": component["path"] in opening.growing, "help": ONLY_LISTED}
