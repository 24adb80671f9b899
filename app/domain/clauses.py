"""Clauses as readers have them: designers write `N2 §四(二)2; R-129`, readers see the number of the document and open
the clause's own words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain import citations
from app.domain.citations import Citation
from app.domain.clause_files import Clause

PAPERS = {
    "N0": "渝职改办〔2021〕160号",
    "N1": "渝职改办〔2022〕226号",
    "N2": "渝大数据发〔2023〕54号",
    "N3": "自治区2019年备案登记函",
    "N4": "渡职改办〔2022〕46号",
}
_PAPER = re.compile(r"\b(N\d)\b")
_CHAPTER = re.compile(r"^(附件\d+)[一二三四五六七八九十]+(?=\()")
_OURS = re.compile(r"^(R-\d|§8|design|D\d)")  # rule numbers of our own specification: no reader has it


@dataclass(frozen=True)
class Paper:
    """A notice whose text is at hand. `clauses`: place (`四(二)3(1)`) → clause, in the order of the text."""

    key: str
    title: str
    number: str
    text: str
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    own_names: frozenset[str] = frozenset()  # what its own clause ids call it: `N2`, its number

    def words(self, place: str) -> str:
        """What the clause says."""
        begin, end = self.clauses[place].where
        return self.text[begin:end].strip()

    def called(self, name: str) -> bool:
        """Whether a citation means this notice by `name`."""
        return PAPERS.get(name, name) == self.number or name in self.own_names

    def find(self, place: str) -> str | None:
        """The marked place that the citation means: itself, or the nearest one around it."""
        around = list(Citation("", place).around())
        around = [name for each in around for name in (each, _CHAPTER.sub(r"\1", each))]  # 附件2六(三) or 附件2(三)
        return next((each for each in around if each in self.clauses), None)


def paper(key: str, title: str, number: str, text: str, marked: Mapping[str, Clause]) -> Paper:
    """The notice with its clauses by place, whatever their ids call the notice itself."""
    places: dict[str, Clause] = {}
    names = set()
    for name, clause in marked.items():
        for citation in citations.read(name)[:1]:
            places[citation.place] = clause
            names.add(citation.paper)
    return Paper(key, title, number, text, places, frozenset(names - {""}))


def meant(citation: Citation, papers: Iterable[Paper]) -> Paper | None:
    """The notice that a citation means; the first of `papers` is the one that cites."""
    known = list(papers)
    if not citation.paper:
        return known[0] if known else None
    return next((each for each in known if each.called(citation.paper)), None)


def applying(text: str | None, papers: Sequence[Paper] = ()) -> list[str]:
    """The parts of a citation that a reader can open, as they are written.

    `papers`: the notice that his case runs under, then those above it. Drawings and rules that several notices share
    cite each of them: what a notice beside his own says is left out where something of his own remains.
    """
    parts = [part.strip() for part in re.split(r"[;；]", text or "")]
    kept = [part for part in parts if part and not _OURS.match(part)]
    own = [part for part in kept if any(meant(each, papers) for each in citations.read(part))] if papers else []
    return own or kept


def in_words(text: str | None, papers: Sequence[Paper] = ()) -> str:
    """The sources by the numbers of their documents, `；` between them; empty where only our own rule numbers stand.

    A clause that the notice took over from an earlier one is cited by its own number: `papers` as in `applying`.
    """

    def number(match: re.Match[str]) -> str:
        said = next((each for each in papers if each.called(match.group(1))), None)
        return PAPERS[match.group(1)] if said is None else said.number or "本通知"

    words = [_PAPER.sub(number, part) for part in applying(text, papers)]
    return "；".join(re.sub(r"(?<=[号知]) §", "", part).replace("§", "") for part in words)
