"""Does a decision table answer every case once? Overlaps, gaps and rows that can never apply.

Each input is cut at the constants its cells name; one value stands for each piece, and values that no cell of the
column can tell apart are asked once. What is left is tried in all combinations.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from math import prod
from typing import Any

from app.engine.cells import Cell
from app.engine.tables import Decision, Input, Rule, TableFinding

MAX_COMBINATIONS = 200_000
OTHER = "其他"  # stands for every text that the table does not name


def findings(decision: Decision, domains: Mapping[str, Sequence[Any]]) -> list[TableFinding]:
    """`domains` gives the values an input can have and wins over the table's own predefined values."""
    columns = [_representatives(decision, index, domains) for index in range(len(decision.inputs))]
    if prod(map(len, columns)) > MAX_COMBINATIONS:
        message = f"决策表“{decision.label}”的组合过多，无法逐一检查"
        remedy = "请给输入设定可选值，或把表拆成两张"
        return [TableFinding("table_too_large", None, decision.line, message, remedy)]
    cases = [dict(zip(decision.names, values, strict=True)) for values in product(*columns)]
    matched = [[rule for rule in decision.rules if _applies(rule, case, decision.names)] for case in cases]
    found = list(_unreachable(decision, matched))
    if decision.hit_policy == "UNIQUE":
        found.extend(_overlaps(decision, cases, matched))
    if decision.hit_policy != "COLLECT":
        found.extend(_gaps(decision, cases, matched))
    return found


def _overlaps(decision: Decision, cases: list[dict[str, Any]], matched: list[list[Rule]]) -> Iterator[TableFinding]:
    seen: set[tuple[int, int]] = set()
    for case, rules in zip(cases, matched, strict=True):
        for first, second in pairwise(rules):
            if (first.number, second.number) in seen:
                continue
            seen.add((first.number, second.number))
            message = f"第{first.number}行与第{second.number}行同时相符，例如{_shown(decision, case)}"
            yield TableFinding("overlap", second.id, second.line, message, "请收窄其中一行的条件，或改用 FIRST")


def _gaps(decision: Decision, cases: list[dict[str, Any]], matched: list[list[Rule]]) -> Iterator[TableFinding]:
    missing = [case for case, rules in zip(cases, matched, strict=True) if not rules]
    if missing:
        message = f"有{len(missing)}种情形没有相符的行，例如{_shown(decision, missing[0])}"
        yield TableFinding("gap", None, decision.line, message, "请为该情形补一行，或用“-”放宽已有的一行")


def _unreachable(decision: Decision, matched: list[list[Rule]]) -> Iterator[TableFinding]:
    first_only = decision.hit_policy == "FIRST"
    used = {rule.number for rules in matched for rule in (rules[:1] if first_only else rules)}
    for rule in decision.rules:
        if rule.number not in used:
            reason = "之前的行已包括它的全部情形" if first_only else "没有任何输入能与它相符"
            message = f"第{rule.number}行永远不会用到：{reason}"
            yield TableFinding("unreachable", rule.id, rule.line, message, "请删去该行，或更正其条件、调整次序")


def _applies(rule: Rule, case: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    try:
        return rule.matches(case, names)
    except TypeError:  # a value of another kind, for which a comparison of order says nothing
        return False


def _representatives(decision: Decision, index: int, domains: Mapping[str, Sequence[Any]]) -> list[Any]:
    column = decision.inputs[index]
    cells = [rule.cells[index] for rule in decision.rules]
    values = _values(column, cells, domains)
    named = frozenset().union(*(cell.names for rule in decision.rules for cell in rule.cells))
    if column.name in named or any(cell.names for cell in cells):
        return values
    kept: dict[tuple[bool, ...], Any] = {}
    for value in values:
        kept.setdefault(tuple(_cell_matches(cell, value) for cell in cells), value)
    return list(kept.values())


def _values(column: Input, cells: list[Cell], domains: Mapping[str, Sequence[Any]]) -> list[Any]:
    if column.name in domains:
        return list(domains[column.name])
    if column.allowed is not None:
        return list(column.allowed)
    literals = list(dict.fromkeys((type(v), v) for cell in cells for v in cell.literals))
    values = [value for _, value in literals]
    if column.kind == "boolean" or any(isinstance(value, bool) for value in values):
        values = [True, False, *(value for value in values if not isinstance(value, bool))]
    numbers = sorted({v for v in values if isinstance(v, int | float) and not isinstance(v, bool)})
    values = [v for v in values if v not in numbers or isinstance(v, bool)] + _pieces(numbers, column.kind)
    if any(cell.others for cell in cells) and any(isinstance(value, str) for value in values):
        values.append(OTHER)
    if column.limits is not None:
        values = [value for value in values if _cell_matches(column.limits, value)]
    return values or [None]


def _pieces(numbers: list[float], kind: str) -> list[float]:
    """Each boundary, something between two of them, and something beyond both ends; whole numbers stay whole."""
    if not numbers:
        return [0, 1] if kind in ("integer", "number", "double", "long") else []
    whole = kind in ("integer", "long") or (kind != "double" and all(isinstance(n, int) for n in numbers))
    pieces = [numbers[0] - 1]
    for low, high in zip(numbers, [*numbers[1:], numbers[-1] + 2], strict=True):
        pieces.append(low)
        if not whole:
            pieces.append((low + high) / 2)
        elif high - low > 1:
            pieces.append(low + 1)
    return pieces


def _cell_matches(cell: Cell, value: Any) -> bool:
    try:
        return cell.matches(value, {})
    except TypeError:
        return False


def _shown(decision: Decision, case: Mapping[str, Any]) -> str:
    return "，".join(f"{column.label}＝{case[column.name]!r}" for column in decision.inputs)
