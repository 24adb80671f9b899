"""The linter of diagrams: what the library accepts and then does wrongly, or a reader could not follow."""

from collections.abc import Mapping
from dataclasses import replace

from app.engine.lint import constructs, drawing, events, flow, library, python, references, sources, tables, variables
from app.engine.lint.findings import Finding, Severity, Vocabulary

__all__ = ["Finding", "Severity", "Vocabulary", "lint"]


def lint(files: Mapping[str, bytes], vocabulary: Vocabulary, focus: str | None = None) -> list[Finding]:
    """All findings over the diagrams and tables of one notice, by file, line and code; empty = may be published.

    `files`: file name (`declaration.bpmn`, `route.dmn`) → content. Called processes and decisions are looked
    up among them. A diagram may be published when no finding has severity `error`. With `focus`, a file name, the
    findings are those of that file alone, found amid the others and sooner.
    """
    project, findings = sources.read(files, vocabulary)
    findings.extend(sources.check(project))
    if any(f.code == "too_many_nodes" for f in findings):
        return _sorted(findings, focus)  # the other checks compare everything with everything
    single = project if focus is None else replace(project, diagrams=[d for d in project.diagrams if d.file == focus])
    for check in (constructs.check, events.check, flow.check, python.check, drawing.check):
        findings.extend(check(single))
    for check in (python.check_tables, references.check, variables.check):
        findings.extend(check(project))
    looked_at = files if focus is None else {name: files[name] for name in files if name == focus}
    findings.extend(tables.check(looked_at, {each.file for each in findings}))
    if project.diagrams and not any(f.severity == "error" for f in findings):
        findings.extend(library.check(project))
    return _sorted(findings, focus)


def _sorted(findings: list[Finding], focus: str | None) -> list[Finding]:
    shown = {each for each in findings if focus in (None, each.file)}
    return sorted(shown, key=lambda f: (f.file, f.line or 0, f.code, f.element or "", f.message))
