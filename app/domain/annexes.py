"""附件 of a notice: those that its text lists at the end, against those that it cites by number and title (B9)."""

import re
from collections.abc import Iterator, Mapping

from app.domain.clauses import Paper
from app.domain.notice_findings import Finding

_LIST = re.compile(r"^附件\s*[:：](.*)")
_LISTED = re.compile(r"\s*(\d{1,2})\s*[.．、]\s*(\S.*)")
_CITED = re.compile(r"《([^《》]{2,60})》\s*[（(](?:详?见)?附件\s*(\d{1,2})[)）]")
_SIGNS = re.compile(r"[\s《》（）()“”\"]")


def findings(paper: Paper) -> Iterator[Finding]:
    """Titles that are cited under the number of another annex, or of none; nothing for a text without a list."""
    listed = titles(paper.text)
    plain = {number: _plain(title) for number, title in listed.items()}
    for cited in _CITED.finditer(paper.text) if listed else ():
        title, number = cited.group(1), int(cited.group(2))
        if _same(plain.get(number, ""), _plain(title)):
            continue
        right = next((each for each, said in plain.items() if _same(said, _plain(title))), None)
        if right is not None:
            words = f"正文称《{title}》为附件{number}，附件清单列为附件{right}。"
        elif number not in listed:
            words = f"正文引用附件{number}《{title}》，附件清单没有列出。"
        else:
            words = f"正文称附件{number}为《{title}》，附件清单列为“{listed[number]}”。"
        yield Finding("warning", "annex", words, _around(paper, cited.start()))


def titles(text: str) -> dict[int, str]:
    """Number → title as the list after 附件： has them; a single annex without a number is not listed."""
    found: dict[int, str] = {}
    lines = iter(text.splitlines())
    head = next((match for line in lines if (match := _LIST.match(line.strip()))), None)
    for line in (head.group(1), *lines) if head else ():
        match = _LISTED.match(line)
        if match:
            found[int(match.group(1))] = match.group(2).strip()
        elif line.strip():
            break  # the list is over
    return found


def _around(paper: Paper, at: int) -> str:
    """The innermost clause at this place of the text; 附件 where none is marked."""
    inside: Mapping[str, int] = {
        place: clause.where[1] - clause.where[0]
        for place, clause in paper.clauses.items()
        if clause.where[0] <= at < clause.where[1]
    }
    return min(inside, key=lambda place: inside[place], default="附件")


def _plain(title: str) -> str:
    return _SIGNS.sub("", title)


def _same(listed: str, cited: str) -> bool:
    return bool(listed) and (cited in listed or listed in cited)
