"""Compiles a form-js schema into the server's own check of what was filled in (marshmallow under it).

The browser checks the same schema for comfort; only this check counts. Compile once per digest and keep the Form: it
holds no state of a request.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.forms import fields, guard, schema
from app.domain.forms.context import FormContext
from app.domain.forms.fields import Fault
from app.domain.forms.schema import DECISION, Field, Table
from app.domain.forms.scope import Scope, Values, hidden_keys
from app.errors import InvalidForm, Problem

_NAMELESS = {"option", "month", "period", "period_order", "rank", "rank_order", "decimals"}  # sentences without label
_ROWS_AT_MOST = 500
_EVIDENCE = "“{table}”第{row}行尚未上传佐证材料，请上传后再提交。涉密内容请先脱密处理。"


@dataclass(frozen=True)
class Decision:
    """One button: `requires` names fields that must be filled for it, `all_ok` checklists without a failed point."""

    value: str
    label: str
    requires: tuple[str, ...]
    all_ok: tuple[str, ...]


class Form:
    """A compiled form."""

    def __init__(self, source: dict[str, Any]) -> None:
        self.items = schema.items(source)
        self._by_key = {item.key: item for item in self.items}
        self._root = Scope(item for item in self.items if isinstance(item, Field))
        self._rows = {item.key: Scope(item.columns) for item in self.items if isinstance(item, Table)}
        self.fields = tuple(self._by_key)
        self.columns = {key: tuple(scope.columns) for key, scope in self._rows.items()}
        self.kept = frozenset(item.key for item in self.items if isinstance(item, Table) or item.readonly)
        self._named = [
            (key, kind, item.key if isinstance(item, Table) else None)
            for item in self.items
            for key, kind in _namers(item)
        ]
        self.decisions = _decisions(self._by_key.get(DECISION))
        flagged = [item.key for item in self.items if item.component.get("variable") is True]
        self.variables = tuple(dict.fromkeys(([DECISION] if self.decisions else []) + flagged))

    def named(self, values: Mapping[str, Any], kind: str) -> set[Any]:
        """What `values` name in fields of this kind (`organisation`, `evidence`), in the rows of tables too."""
        found: set[Any] = set()
        for key, its_kind, table in self._named:
            if its_kind == kind and isinstance(values, Mapping):
                rows = values.get(table) if table else [values]
                for row in rows if isinstance(rows, list) else ():
                    given = row.get(key) if isinstance(row, Mapping) else None
                    found.update(each for each in (given if isinstance(given, list) else [given]) if _plain(each))
        return found

    def check(self, values: Mapping[str, Any], context: FormContext, *, partial: bool = False) -> Values:
        """Cleaned values, plain JSON: hidden fields dropped, expressions recomputed, rows with their `_id`.

        `partial` is for drafts: types and protection only, nothing required, hidden values kept. Raises InvalidForm
        with a problem for each fault, `field` being a key, `table.index.column` or `checks.point`.
        """
        if not isinstance(values, Mapping):
            raise InvalidForm(Problem("type", "提交的内容格式不正确，请刷新页面后重试。"))
        problems = [_unknown(key) for key in values if key not in self._by_key]
        known = {key: value for key, value in values.items() if key in self._by_key}
        for key in [key for key, value in known.items() if not guard.storable(value)]:
            problems.append(self._unstorable(key))
            del known[key]
        kept, attempts = guard.protect(self.items, known, context)
        hidden = set() if partial else hidden_keys(self.items, kept)
        cleaned, faults = self._root.load(kept, hidden, context, partial)
        found = [self._placed(key, fault) for key, fault in faults]
        for key, rows in self._rows.items():
            if key not in hidden and (key in kept or not partial):
                cleaned[key], wrong = self._table(rows, key, kept, context, partial)
                found += wrong
        self._root.compute(cleaned, cleaned, hidden)
        if not partial:
            found += self._decided(cleaned, hidden, {problem.field for problem in found})
        problems += attempts + [each for each in found if _may_mend(each, kept, context)]
        if problems:
            raise InvalidForm(*sorted(problems, key=self._reading_order))
        return cleaned

    def _reading_order(self, problem: Problem) -> int:
        key = (problem.field or "").partition(".")[0]
        return self.fields.index(key) if key in self._by_key else -1

    def _unstorable(self, key: str) -> Problem:
        return Problem("type", f"“{self._by_key[key].label}”中有无法保存的字符或数值，请更正。", key)

    def _placed(self, key: str, fault: Fault) -> Problem:
        label = self._by_key[key].label
        return Problem(fault.code, f"“{label}”：{fault.message}" if fault.code in _NAMELESS else fault.message, key)

    def _table(
        self, scope: Scope, key: str, kept: Mapping[str, Any], context: FormContext, partial: bool
    ) -> tuple[list[Values], list[Problem]]:
        table, rows = self._by_key[key], kept.get(key) or []
        assert isinstance(table, Table)
        if not isinstance(rows, list) or not all(guard.is_row(row) for row in rows):
            return [], [Problem("type", f"“{table.label}”的格式不正确。", key)]
        problems = [] if partial else _row_count(table, rows)
        identifiers = [row["_id"] for row in rows if row.get("_id")]
        if len(set(identifiers)) < len(identifiers) or any(len(each) > 60 for each in identifiers):
            problems.append(Problem("row_id", f"“{table.label}”中有重复的行，请刷新页面后重试。", key))
        found = []
        for index, row in enumerate(rows[: _most(table, rows)]):
            cleaned, wrong = _check_row(table, scope, row, (index, kept), (context, partial))
            found.append(cleaned)
            problems += wrong
        return found, problems

    def _decided(self, cleaned: Values, hidden: set[str], faulty: set[str | None]) -> list[Problem]:
        """What the chosen decision asks for beyond the schema: filled fields, checklists answered and in order."""
        chosen = next((each for each in self.decisions if each.value == cleaned.get(DECISION)), None)
        problems: list[Problem] = []
        for key in chosen.requires if chosen else ():
            item = self._by_key[key]
            if key in hidden or key in faulty:
                continue
            if isinstance(item, Table):
                problems += [] if cleaned.get(key) else [Problem("min_rows", f"请填写“{item.label}”，至少1行。", key)]
            elif item.kind == "checkpoints":
                problems += _unanswered(item, cleaned.get(key) or {})
            elif fields.is_empty(item, cleaned.get(key)):
                problems.append(self._placed(key, fields.missing(item)))
        for key in chosen.all_ok if chosen else ():
            problems += _failed(self._by_key[key], cleaned.get(key) or {}, chosen)
        return problems


def compile_form(source: dict[str, Any]) -> Form:
    """The form of a form-js schema; raises schema.UnusableSchema naming the component that cannot be carried."""
    form = Form(source)
    if len(form.fields) < len(form.items):
        keys = [item.key for item in form.items]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise schema.UnusableSchema(Problem("duplicate_key", f"字段名“{twice}”重复。", twice))
    for decision in form.decisions:
        for key in (*decision.requires, *decision.all_ok):
            if key not in form.fields:
                message = f"决定“{decision.label}”要求的字段“{key}”不存在。"
                raise schema.UnusableSchema(Problem("decision_option", message, DECISION))
    return form


def _check_row(
    table: Table, scope: Scope, row: Values, place: tuple[int, Mapping[str, Any]], how: tuple[FormContext, bool]
) -> tuple[Values, list[Problem]]:
    (index, kept), (context, partial) = place, how
    path = f"{table.key}.{index}"
    problems = [
        Problem("unknown_field", f"“{table.label}”中没有“{key}”这一栏。", f"{path}.{key}")
        for key in row
        if key != "_id" and key not in scope.columns
    ]
    surroundings = {**kept, **dict.fromkeys(scope.columns), **row}
    hidden = set() if partial else hidden_keys(table.columns, surroundings)
    cleaned, faults = scope.load(row, hidden, context, partial)
    scope.compute(cleaned, surroundings, hidden)
    problems += [_row_problem(table, index, scope.columns[key], fault) for key, fault in faults]
    return {"_id": row.get("_id") or secrets.token_hex(6), **cleaned}, problems


def _row_problem(table: Table, index: int, column: Field, fault: Fault) -> Problem:
    path = f"{table.key}.{index}.{column.key}"
    if column.kind == "evidence" and fault.code == "required":
        return Problem("evidence_missing", _EVIDENCE.format(table=table.label, row=index + 1), path)
    label = f"“{column.label}”" if fault.code in _NAMELESS else ""
    return Problem(fault.code, f"“{table.label}”第{index + 1}行{label}：{fault.message}", path)


def _most(table: Table, rows: list[Any]) -> int:
    """How many rows somebody may fill in; those that are put before him are as many as there are."""
    prefilled = table.fixed or table.readonly
    return int(table.component.get("maxRows") or (len(rows) if prefilled else _ROWS_AT_MOST))


def _row_count(table: Table, rows: list[Any]) -> list[Problem]:
    fewest, most = table.component.get("minRows") or 0, _most(table, rows)
    if len(rows) < fewest:
        return [Problem("min_rows", f"“{table.label}”至少填写{fewest}行，现有{len(rows)}行。", table.key)]
    if len(rows) > most:
        return [Problem("max_rows", f"“{table.label}”最多填写{most}行，现有{len(rows)}行。", table.key)]
    return []


def _unanswered(field: Field, answers: Mapping[str, Any]) -> list[Problem]:
    return [
        Problem("checkpoint_missing", f"请就审核要点“{label}”填写是否符合。", f"{field.key}.{point}")
        for point, label in fields.points(field.component).items()
        if (answers.get(point) or {}).get("ok") is None
    ]


def _failed(field: Any, answers: Mapping[str, Any], chosen: Decision | None) -> list[Problem]:
    label = chosen.label if chosen else ""
    return [
        Problem("checkpoint_failed", f"审核要点“{words}”不符合，不能作出“{label}”的决定。", f"{field.key}.{point}")
        for point, words in fields.points(field.component).items()
        if (answers.get(point) or {}).get("ok") is False
    ]


def _unknown(key: str) -> Problem:
    return Problem("unknown_field", f"本表单没有“{key}”这一项，请刷新页面后重试。", str(key))


def _namers(item: Any) -> list[tuple[str, str]]:
    """The fields (or columns) of an item whose values are ids of something else."""
    fields_of = item.columns if isinstance(item, Table) else (item,)
    return [(field.key, field.kind) for field in fields_of if field.kind in ("organisation", "evidence")]


def _plain(value: Any) -> bool:
    return isinstance(value, int | str)


def _may_mend(problem: Problem, kept: Mapping[str, Any], context: FormContext) -> bool:
    """In a correction workspace a fault outside the listed items is nothing the applicant could mend."""
    key, _, rest = (problem.field or "").partition(".")
    index = rest.partition(".")[0]
    rows = kept.get(key)
    row = rows[int(index)].get("_id") if index.isdigit() and isinstance(rows, list) else None
    return context.may_change(key, row)


def _decisions(item: Any) -> tuple[Decision, ...]:
    if not isinstance(item, Field):
        return ()
    return tuple(
        Decision(
            option["value"], option.get("label", ""), tuple(option.get("requires", ())), tuple(option.get("allOk", ()))
        )
        for option in item.component.get("values", [])
    )
