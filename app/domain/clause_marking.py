"""Marking the clauses of a text by its headings (一、 （一） 1. （1）), keeping what was said of them before."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.domain import citations
from app.domain.clause_files import Clause

_HEADINGS = (
    (0, re.compile(r"附件\s*(\d+)\s*$"), "附件{}"),
    (1, re.compile(r"([一二三四五六七八九十]+)、"), "{}"),
    (2, re.compile(r"[（(]([一二三四五六七八九十]+)[)）]"), "({})"),
    (3, re.compile(r"(\d{1,2})[.．](?!\d)"), "{}"),
    (4, re.compile(r"[（(](\d{1,2})[)）]"), "({})"),
)
_CLOSING = re.compile(r"附件\s*[:：]|[（(]此件公开")
_SENTENCE = re.compile(r"[。：；，,:（(]")
MAX_HEADING = 24


def mark(text: str, before: Mapping[str, Clause], old_text: str) -> dict[str, dict[str, Any]]:
    """The clauses as `clauses.yaml` writes them, in the order of the text.

    A clause that was marked before keeps its id, heading, links and reasons; one without a heading of its own (the
    title) is found again by its words.
    """
    known = {citation.place: clause for clause in before.values() for citation in citations.read(clause.id)[:1]}
    names = [citation.paper for clause in before.values() for citation in citations.read(clause.id)[:1]]
    name = f"{names[0]} " if names and names[0] else ""
    found: dict[str, tuple[str, str, int, int]] = {}
    for place, heading, begin, end in _pieces(text):
        found.setdefault(place, (f"{name}{written(place)}", heading, begin, end))
    for place, clause in known.items():
        begin = text.find(old_text[clause.where[0] : clause.where[1]])
        if place not in found and begin >= 0:
            found[place] = (clause.id, clause.heading, begin, begin + clause.where[1] - clause.where[0])
    ordered = sorted(found.items(), key=lambda each: (each[1][2], -each[1][3]))
    return dict(_entry(*said, known.get(place)) for place, said in ordered)


def _entry(key: str, heading: str, begin: int, end: int, old: Clause | None) -> tuple[str, dict[str, Any]]:
    entry: dict[str, Any] = {"heading": old.heading if old else heading, "where": [begin, end]}
    if old and old.elements:
        entry["elements"] = list(old.elements)
    if old and old.accepted:
        entry["accepted"] = dict(old.accepted)
    return old.id if old else key, entry


def _pieces(text: str) -> Iterator[tuple[str, str, int, int]]:
    """(place, heading, begin, end) of each clause: it ends where one of its own level or a higher one begins."""
    begins: list[tuple[int, str, int, str]] = []  # level (-1: the text proper is over), token, begin, rest of the line
    at, over = 0, False
    for line in text.splitlines(keepends=True):
        level, token, rest = _heading(line.strip())
        over = level == -1 or (over and level != 0)
        if level is not None and (level <= 0 or not over):
            begins.append((level, token, at, rest))
        at += len(line)
    path: list[tuple[int, str]] = []
    for number, (level, token, begin, rest) in enumerate(begins):
        path = [each for each in path if each[0] < level]
        if level < 0 or (level > 1 and (not path or path[0][0] == 0)):  # of an attachment only its chapters
            continue
        path.append((level, token))
        end = next((later[2] for later in begins[number + 1 :] if later[0] <= level), len(text))
        heading = _SENTENCE.split(rest)[0].strip()[:MAX_HEADING] or token
        yield "".join(each for _, each in path), heading, begin, begin + len(text[begin:end].rstrip())


def _heading(line: str) -> tuple[int | None, str, str]:
    if _CLOSING.match(line):
        return -1, "", ""
    for level, pattern, token in _HEADINGS:
        match = pattern.match(line)
        if match:
            return level, token.format(match.group(1)), line[match.end() :]
    return None, "", ""


def written(place: str) -> str:
    """A place as `clauses.yaml` writes it: `§四(二)`, `附件9 二`."""
    return re.sub(r"^(附件\d+)(?=.)", r"\1 ", place) if place.startswith("附件") else f"§{place}"
