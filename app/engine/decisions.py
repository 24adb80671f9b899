"""Decision tables for whoever is not a workflow: reading, deciding, and checking before they are published."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.engine import coverage, kinds
from app.engine.tables import Decision, TableFinding, read

__all__ = ["Decision", "TableFinding", "check_table", "read"]


def check_table(xml: bytes, domains: Mapping[str, Sequence[Any]] | None = None) -> list[TableFinding]:
    """Everything a designer has to mend before this table may be published; empty for a sound one.

    Codes: table_shape, hit_policy, column_name, input_values, cell_grammar, output_grammar; for a table that can be
    read type_mix, unknown_value, empty_output, and, its cells being in order, overlap (UNIQUE), gap (UNIQUE, FIRST),
    unreachable, table_too_large. `domains` gives the values an input can have, where the table has no predefined
    values (`inputValues`) of its own.
    """
    decision, found = read(xml)
    if found or decision is None:
        return found
    if not (decision.inputs and decision.answers and decision.rules):
        message = f"决策表“{decision.label}”须有输入列、结果列和至少一行"
        return [TableFinding("table_shape", None, decision.line, message, "请补上所缺的列或行")]
    found = list(kinds.findings(decision))
    if any(each.code != "empty_output" for each in found):
        return found
    return [*found, *coverage.findings(decision, domains or {})]
