"""条款 of a draft: its text, what each clause is carried out by, and what the two do not have in common."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain import citations, clause_marking, clause_papers, clauses
from app.domain.clause_files import CLAUSES_FILE, TEXT_FILE, UNUSED
from app.domain.clauses import Paper
from app.domain.drafts import folder, store
from app.domain.drafts.yaml_text import dumped
from app.domain.notice_content import latest_content
from app.domain.notice_findings import Finding
from app.domain.packages import Package
from app.models.draft import NoticeDraft
from app.processes import clause_check

FEW = 6


@dataclass(frozen=True)
class Row:
    """A clause; `carriers`: what cites it, in words; `reason`: why nothing needs to."""

    place: str
    heading: str
    words: str
    carriers: tuple[str, ...]
    reason: str
    findings: tuple[Finding, ...]


def rows(session: Session, draft: NoticeDraft) -> tuple[list[Row], list[Finding]]:
    """The clauses in the order of the text, and the findings that belong to none. ConfigurationError as the reader."""
    package = folder.read(draft.key, store.own_files(session, draft.id))
    papers = clause_papers.with_above(package, latest_content(session, package.parent))
    found = clause_check.findings(package, papers)
    by_place: dict[str, list[str]] = {}
    for name, text in _citing(package):
        for citation in citations.read(text):
            place = papers[0].find(citation.place) if clauses.meant(citation, papers) is papers[0] else None
            by_place.setdefault(place or "", []).append(name)
    own = papers[0]
    listed = [_row(own, place, by_place.get(place, []), found) for place in own.clauses]
    return listed, [each for each in found if each.place not in own.clauses]


def mark(session: Session, draft: NoticeDraft, text: str, *, revision: int, by: int) -> tuple[int, list[str]]:
    """Save `text` as the notice's text and mark its clauses by their headings.

    Gives how many there are, and those marked before that have neither a heading nor their words in the new text.

    `revision` is that of the text which the designer saw. Raises Conflict, Refused, ConfigurationError.
    """
    package = folder.read(draft.key, store.own_files(session, draft.id))
    store.save(session, draft.id, TEXT_FILE, text, revision=revision, by=by, reason="录入通知正文")
    marked = clause_marking.mark(text, package.clauses, package.text)
    _, known = store.text_of(session, draft, CLAUSES_FILE)
    store.save(session, draft.id, CLAUSES_FILE, dumped(marked), revision=known, by=by, reason="按标题标出条款")
    return len(marked), [clause.heading for key, clause in package.clauses.items() if key not in marked]


def _row(own: Paper, place: str, carriers: Sequence[str], found: list[Finding]) -> Row:
    clause = own.clauses[place]
    names = tuple(dict.fromkeys([*clause.elements, *carriers]))
    few = (*names[:FEW], f"等{len(names)}处") if len(names) > FEW else names
    reason = clause.accepted.get(UNUSED, "")
    return Row(place, clause.heading, own.words(place), few, reason, tuple(f for f in found if f.place == place))


def _citing(package: Package) -> Iterator[tuple[str, str]]:
    """(in words, what it cites) of parameters, committees and elements."""
    for key, entry in package.parameters.items():
        yield f"参数“{package.vocabulary[key].meaning}”", str(entry.get("clause") or "")
    for row in package.committees:
        yield f"第{row.no}号评委会", row.clause
    for each in clause_check.drawn(package):
        yield f"环节“{each.name}”", each.clauses
