"""Clause coverage both ways: clauses that nothing carries out, what carries none, citations and numbers that differ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from app.domain import citations, clause_numbers, clauses
from app.domain.clause_files import UNUSED, Clause
from app.domain.clause_numbers import Number
from app.domain.clauses import Paper
from app.domain.committee_files import CommitteeRow
from app.domain.notice_findings import Finding
from app.domain.parameter_values import ParameterSpec

_FEW = 3


@dataclass(frozen=True)
class Carrier:
    """An element of a diagram that may carry a clause out; `own`: drawn by this notice and not by all of them."""

    ref: str
    name: str
    cites: str
    own: bool
    by_person: bool


def numbers(
    papers: Sequence[Paper], specs: Mapping[str, ParameterSpec], entries: Mapping[str, Mapping[str, Any]]
) -> Iterator[Finding]:
    """Printed parameters whose number is not what their clause says. `papers`: the notice itself, then those above."""
    for key, entry in entries.items():
        if "value" not in entry or entry.get("kind", "printed") != "printed" or key not in specs:
            continue
        marked = _marked(papers, entry.get("clause"))
        text = "\n".join(paper.words(place) for paper, place in marked)
        if not marked or any(key in paper.clauses[place].accepted for paper, place in marked):
            continue
        where = clauses.in_words(entry.get("clause"))
        if specs[key].type == "date":
            yield from _day(key, specs[key], date.fromisoformat(str(entry["value"])), text, where)
        for number in clause_numbers.in_entry(specs[key], entry["value"]):
            yield from _number(key, specs[key], number, text, where)


def _number(key: str, spec: ParameterSpec, said: Number, text: str, where: str) -> Iterator[Finding]:
    found = [same for each in clause_numbers.in_text(text) if (same := clause_numbers.comparable(each, said))]
    whole = sum((each.value for each in found), Fraction())  # 1份 here and 1份 there are 2份
    if whole == said.value or any(said.value in (each.value, each.to) for each in found):
        return
    if not found:
        words = f"参数“{spec.meaning}”为{said}，所引条款（{where}）里没有写这样的数。"
        yield Finding("warning", "number_unfounded", words, key)
        return
    printed = "、".join(dict.fromkeys(str(each) for each in found[:_FEW]))
    if all(each.admits(said.value) for each in found):
        words = f"参数“{spec.meaning}”为{said}，条款（{where}）写的是{printed}：在规定之内，但不相同。"
        yield Finding("warning", "number_within", words, key)
    else:
        level = "error" if len(found) == 1 else "warning"  # the only number of its kind there: surely this one
        words = f"参数“{spec.meaning}”为{said}，与条款（{where}）写的{printed}不一致。"
        yield Finding(level, "number_differs", words, key)


def _day(key: str, spec: ParameterSpec, said: date, text: str, where: str) -> Iterator[Finding]:
    day, printed = clause_numbers.day_of(said), clause_numbers.days_in(text)
    if any(clause_numbers.same_day(each, day) for each in printed):
        return
    words = f"参数“{spec.meaning}”为{day}，条款（{where}）" + (
        f"写的是{'、'.join(str(each) for each in printed[:_FEW])}。" if printed else "里没有写日期。"
    )
    yield Finding("warning", "date_differs", words, key)


def windows(papers: Sequence[Paper], rows: Iterable[CommitteeRow]) -> Iterator[Finding]:
    """Committees whose windows begin or end on a day that their clause does not print."""
    for row in rows:
        marked = _marked(papers, row.clause)
        place = f"第{row.no}号"
        if not marked or any(place in paper.clauses[each].accepted for paper, each in marked):
            continue
        printed = clause_numbers.days_in("\n".join(paper.words(each) for paper, each in marked))
        ends = [str(end)[:10] for window in row.windows.values() for end in window.values()]
        days = [clause_numbers.day_of(date.fromisoformat(end)) for end in ends]
        strange = [day for day in days if not any(clause_numbers.same_day(each, day) for each in printed)]
        if printed and strange:
            days_said = "、".join(dict.fromkeys(str(day) for day in strange))
            words = f"{row.name}的时间{days_said}，条款（{clauses.in_words(row.clause)}）里没有。"
            yield Finding("warning", "window_differs", words, place)


def coverage(
    papers: Sequence[Paper],
    specs: Mapping[str, ParameterSpec],
    entries: Mapping[str, Mapping[str, Any]],
    rows: Iterable[CommitteeRow],
    carriers: Sequence[Carrier],
) -> Iterator[Finding]:
    """What the notice's text and what is carried out do not have in common. `papers`: the notice, then those above."""
    own = papers[0]
    said = {key: entry for key, entry in entries.items() if key in specs}
    cited = [(key, f"参数“{specs[key].meaning}”", entry.get("clause")) for key, entry in said.items()]
    cited += [(f"第{row.no}号", row.name, row.clause) for row in rows]
    cited += [(each.ref, f"环节“{each.name}”", each.cites) for each in carriers]
    ours = said.keys() | {each.ref for each in carriers if each.own}
    used: set[str] = set()
    for ref, name, text in cited:
        for citation in citations.read(text):
            meant = clauses.meant(citation, papers)
            if meant is own:
                used.add(citation.place)
            if meant is not None and meant.clauses and meant.find(citation.place) is None and ref in ours:
                words = f"{name}引用的条款“{clauses.in_words(text)}”在《{meant.title}》里没有标出。"
                yield Finding("warning", "clause_unknown", words, ref)
    for key, entry in said.items():
        if not entry.get("clause") and not entry.get("note"):
            yield Finding("warning", "parameter_without_clause", f"参数“{specs[key].meaning}”没有写依据的条款。", key)
    for each in carriers:
        if each.own and each.by_person and not citations.read(each.cites):
            yield Finding("warning", "element_without_clause", f"环节“{each.name}”没有写依据的条款。", each.ref)
    yield from _links(own, {each.ref for each in carriers} | specs.keys())
    yield from _unused(own, used)


def _links(own: Paper, known: set[str]) -> Iterator[Finding]:
    for place, clause in own.clauses.items():
        for link in clause.elements:
            if link not in known:
                yield Finding("warning", "link_unknown", f"条款“{clause.heading}”所连的 {link} 不存在。", place)


def _unused(own: Paper, used: set[str]) -> Iterator[Finding]:
    """Leaves that nothing cites. Who cites a part of a clause cites the clause; who cites `四(二)3` cites what it
    holds, who cites a whole chapter does not."""
    carried = used | {place for place, clause in own.clauses.items() if _carried(clause)}
    parts = {around for place in used for around in citations.Citation("", place).around()}
    holders = {around for place in own.clauses for around in list(citations.Citation("", place).around())[1:]}
    for place, clause in own.clauses.items():
        around = list(citations.Citation("", place).around())
        reached = place in parts or any(each in carried for each in (around[:-1] or around))
        if place not in holders and not reached:
            words = f"条款{place}“{clause.heading}”没有环节或参数落实。"
            yield Finding("warning", "clause_unused", words, place)


def _carried(clause: Clause) -> bool:
    return bool(clause.elements) or UNUSED in clause.accepted


def _marked(papers: Sequence[Paper], cited: str | None) -> list[tuple[Paper, str]]:
    """The marked clauses that a text cites, as far as their notices are at hand."""
    found = []
    for citation in citations.read(cited):
        meant = clauses.meant(citation, papers)
        place = meant.find(citation.place) if meant is not None else None
        if meant is not None and place is not None:
            found.append((meant, place))
    return found
