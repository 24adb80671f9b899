"""The texts at hand for a package that is not published yet."""

from collections.abc import Iterable

from app.domain import clauses
from app.domain.clauses import Paper
from app.domain.notice_content import Content, lineage
from app.domain.packages import Package


def of_package(package: Package) -> Paper:
    """The package's own text and clauses."""
    return clauses.paper(package.key, package.title, package.number, package.text, package.clauses)


def with_above(package: Package, above: Content | None) -> list[Paper]:
    """The package's paper and those of the published notices above it: a clause of theirs binds as well."""
    return [of_package(package), *(said.paper for said in lineage(above))]


def of_line(package: Package, others: Iterable[Package]) -> list[Paper]:
    """The package's paper and those of the notices above it, found among `others` by their keys."""
    known = {each.key: each for each in others}
    line = [package]
    while (above := known.get(line[-1].parent or "")) is not None and above not in line:
        line.append(above)
    return [of_package(each) for each in line]
