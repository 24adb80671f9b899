"""The linter of diagrams: what the library accepts and then does wrongly, or a reader could not follow."""

from collections.abc import Mapping

from app.engine.lint import constructs, drawing, events, flow, library, python, references, sources, tables, variables
from app.engine.lint.findings import Finding, Severity, Vocabulary

__all__ = ["Finding", "Severity", "Vocabulary", "lint"]


def lint(files: Mapping[str, bytes], vocabulary: Vocabulary) -> list[Finding]:
    """All findings over the diagrams and tables of one notice, by file, line and code; empty = may be published.

    `files`: file name (`declaration.bpmn`, `route.dmn`) → content. Called processes and decisions are looked
    up among them. A diagram may be published when no finding has severity `error`.
    """
    project, findings = sources.read(files, vocabulary)
    findings.extend(sources.check(project))
    if any(f.code == "too_many_nodes" for f in findings):
        return _sorted(findings)  # the other checks compare everything with everything
    for check in (
        constructs.check, events.check, flow.check, python.check, python.check_tables, references.check,
        variables.check, drawing.check,
    ):  # fmt: skip
        findings.extend(check(project))
    findings.extend(tables.check(files, {each.file for each in findings}))
    if project.diagrams and not any(f.severity == "error" for f in findings):
        findings.extend(library.check(project))
    return _sorted(findings)


def _sorted(findings: list[Finding]) -> list[Finding]:
    return sorted(set(findings), key=lambda f: (f.file, f.line or 0, f.code, f.element or "", f.message))
