"""Clause coverage of a package before it is published: its text, its parameters, and the diagrams it would run on."""

from collections.abc import Iterator, Sequence

from app.domain import clause_coverage
from app.domain.clause_coverage import Carrier
from app.domain.clauses import Paper
from app.domain.notice_findings import Finding
from app.domain.packages import Package
from app.engine.cited import Cited, cited

REMEDY = "改正其中一处；有意如此的，在该条款写 accepted（理由，或“参数名: 理由”）。"
_DRAWN = ("diagrams", "decisions")


def findings(package: Package, papers: Sequence[Paper]) -> list[Finding]:
    """What text, parameters and elements do not have in common, errors first; nothing for a package without clauses.

    `papers`: the package's own text, then those of the notices above it. Numbers are checked here too.
    """
    if not package.clauses:
        return []
    found = [
        *clause_coverage.numbers(papers, package.vocabulary, package.parameters),
        *clause_coverage.windows(papers, package.committees),
        *clause_coverage.coverage(
            papers, package.vocabulary, package.parameters, package.committees, _carriers(package)
        ),
    ]
    return sorted(found, key=lambda finding: finding.level)


def _carriers(package: Package) -> list[Carrier]:
    own = {name for kind in _DRAWN for name in package.own.get(kind, {})}
    return [Carrier(each.ref, each.name, each.clauses, each.file in own, each.by_person) for each in drawn(package)]


def drawn(package: Package) -> Iterator[Cited]:
    """What the diagrams and tables of the package cite, its own in place of the shared ones."""
    files: dict[str, bytes] = {}
    for resources in (package.shared, package.own):
        for kind in _DRAWN:
            files |= resources.get(kind, {})
    return cited(files)
