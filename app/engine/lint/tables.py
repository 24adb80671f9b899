"""Decision tables beyond their cells: overlaps, gaps, rules that never match (D10)."""

from collections.abc import Mapping

from app.engine.decisions import check_table
from app.engine.lint.findings import Finding


def check(files: Mapping[str, bytes], unreadable: set[str]) -> list[Finding]:
    """Findings over every table that could be read; their element is the rule's id."""
    found = []
    for name, content in files.items():
        if name.endswith(".dmn") and name not in unreadable:
            found += [
                Finding(name, each.code, each.rule, each.line, each.message, each.remedy)
                for each in check_table(content)
            ]
    return found
