"""Decision tables for whoever is not a workflow: reading, deciding, and checking before they are published."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.engine import coverage
from app.engine.tables import Decision, TableFinding, read

__all__ = ["Decision", "TableFinding", "check_table"]


def check_table(xml: bytes, domains: Mapping[str, Sequence[Any]] | None = None) -> list[TableFinding]:
    """Everything a designer has to mend before this table may be published; empty for a sound one.

    Codes: table_shape, hit_policy, column_name, input_values, cell_grammar, output_grammar; and for a table that can
    be read overlap (UNIQUE), gap (UNIQUE, FIRST), unreachable, table_too_large. `domains` gives the values an input
    can have, where the table has no predefined values (`inputValues`) of its own.
    """
    decision, found = read(xml)
    if found or decision is None:
        return found
    return coverage.findings(decision, domains or {})
