"""One clause of a draft marked by hand: its number, heading and stretch of the text, and what carries it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.domain import citations, clause_marking, clause_papers, clauses
from app.domain.clause_files import CLAUSES_FILE, Clause
from app.domain.drafts import folder, store
from app.domain.drafts.yaml_text import dumped, mapping
from app.domain.packages import Package
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.draft import NoticeDraft
from app.processes import clause_check

NUMBER = "编号应写作“四(二)3(1)”，附件的条款写作“附件2 (五)”。"


@dataclass(frozen=True)
class Said:
    """What a designer says of a clause. `where`: first character and the one after the last; `accepted`: `unused` or a
    parameter → why it is as it is; empty reasons count as none."""

    number: str
    heading: str
    where: tuple[int, int]
    elements: Sequence[str] = ()
    accepted: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Marking:
    """What the page needs: the text, its clauses in order, what a clause may be linked to, and the file's revision."""

    text: str
    clauses: Mapping[str, Clause]  # by place
    links: Mapping[str, str]  # `payment#pay` or a parameter's key → in words
    citing: Mapping[str, Sequence[str]]  # place → keys of the parameters that rest on it
    revision: int


def of_draft(session: Session, draft: NoticeDraft) -> Marking:
    """Raises ConfigurationError for a draft that cannot be read."""
    package = folder.read(draft.key, store.own_files(session, draft.id))
    paper = clause_papers.of_package(package)
    citing: dict[str, list[str]] = {}
    for key, entry in package.parameters.items():
        for citation in citations.read(str(entry.get("clause") or "")):
            if clauses.meant(citation, [paper]) is paper:
                citing.setdefault(paper.find(citation.place) or "", []).append(key)
    _, revision = store.text_of(session, draft, CLAUSES_FILE)
    return Marking(package.text, paper.clauses, _links(package), citing, revision)


def save(session: Session, draft: NoticeDraft, place: str, said: Said, *, revision: int, by: int) -> str:
    """Mark a clause, or say the one at `place` (empty: a new one) anew; gives its place.

    Raises Refused with every fault, Conflict where the one at `place` is gone and as `store.save`.
    """
    marking = of_draft(session, draft)
    old = _at(marking, place)
    new_place = _place(said.number)
    problems = [*_faults(said, new_place, marking, old)]
    if problems:
        raise Refused(*problems)
    entry: dict[str, Any] = {"heading": said.heading.strip(), "where": list(said.where)}
    if said.elements:
        entry["elements"] = list(dict.fromkeys(said.elements))
    accepted = {key: reason.strip() for key, reason in said.accepted.items() if reason.strip()}
    if accepted:
        entry["accepted"] = accepted
    key = old.id if old and new_place == place else f"{_name(marking)}{clause_marking.written(new_place)}"
    text = _in_order({**_others(session, draft, old), key: entry})
    store.save(session, draft.id, CLAUSES_FILE, text, revision=revision, by=by, reason=f"标出条款 {new_place}")
    return new_place


def remove(session: Session, draft: NoticeDraft, place: str, *, revision: int, by: int) -> None:
    """Mark it no longer; the text stays. Raises as `save`."""
    old = _at(of_draft(session, draft), place)
    if old is None:
        raise NotFound("没有找到这一条。")
    text = _in_order(_others(session, draft, old))
    store.save(session, draft.id, CLAUSES_FILE, text, revision=revision, by=by, reason=f"取消条款 {place}")


def _at(marking: Marking, place: str) -> Clause | None:
    if place and place not in marking.clauses:
        raise Conflict("这一条刚刚已被他人改过编号或取消。您填写的内容仍在本页，保存后作为新的一条。")
    return marking.clauses.get(place)


def _others(session: Session, draft: NoticeDraft, old: Clause | None) -> dict[str, Any]:
    """The entries of all clauses but this one."""
    said = mapping(store.text_of(session, draft, CLAUSES_FILE)[0])
    return {key: entry for key, entry in said.items() if old is None or key != old.id}


def _in_order(said: Mapping[str, Any]) -> str:
    """The file, in the order of the text; an outer clause before those within it."""
    return dumped(dict(sorted(said.items(), key=lambda each: (each[1]["where"][0], -each[1]["where"][1]))))


def _faults(said: Said, place: str, marking: Marking, old: Clause | None) -> list[Problem]:
    found = []
    if not place:
        found.append(Problem("number", NUMBER, "number"))
    elif place in marking.clauses and marking.clauses[place] is not old:
        found.append(Problem("twice", f"第“{place}”条已经标出，请核对编号。", "number"))
    if not said.heading.strip():
        found.append(Problem("heading", "请填写标题。", "heading"))
    begin, end = said.where
    if not 0 <= begin < end <= len(marking.text):
        found.append(Problem("where", "请在正文中选取这一条的文字。", "begin"))
    unknown = [each for each in said.elements if each not in marking.links]
    if unknown:
        found.append(Problem("link", f"没有“{unknown[0]}”这个环节或参数，请从列表中选择。", "link"))
    return found


def _place(number: str) -> str:
    """The one place of the notice itself that the number means; empty for none or several."""
    read = citations.read("".join(number.split()))
    return read[0].place if len(read) == 1 and not read[0].paper else ""


def _name(marking: Marking) -> str:
    """What the draft's other clauses call it: `N2 `."""
    read = next((citations.read(each.id) for each in marking.clauses.values()), [])
    return f"{read[0].paper} " if read and read[0].paper else ""


def _links(package: Package) -> dict[str, str]:
    drawn = {each.ref: f"环节“{each.name}”" for each in clause_check.drawn(package)}
    return {key: f"参数“{spec.meaning}”" for key, spec in package.vocabulary.items()} | drawn
