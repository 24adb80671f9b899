"""Citations of clauses, as parameters and elements carry them: `N2 §四(二)3(1)`, `N2 §三, §六(三)`, `N4 附件2 (五)`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OURS = re.compile(r"(R-\d|§8|design|D\d)")  # rule numbers of our own specification: no reader has it
_PAPER = re.compile(r"(N\d|[^\s§；;]*〔\d{4}〕\d+号|[^\s§；;]+(?=\s+(?:§|题|附件)))\s*")
_TOKENS = re.compile(r"附件\s*\d+|题|第[\d–-]+行|\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+|\(\d+\)|\d+")
_RANGE = re.compile(r"(.*?)[-–—至…](.*)")
_HEADING = ("题",)
_CHINESE = "一二三四五六七八九十"
MAX_LENGTH = 400


@dataclass(frozen=True)
class Citation:
    """`paper`: N2, the number of a document, or empty for the notice itself; `place`: `四(二)3(1)`, `附件9二`, `题`."""

    paper: str
    place: str

    def around(self) -> Iterator[str]:
        """The places that hold this one, itself first: `四(二)3(1)`, `四(二)3`, `四(二)`, `四`."""
        tokens = _tokens(self.place)
        for end in range(len(tokens), 0, -1):
            yield "".join(tokens[:end])


def read(text: str | None) -> list[Citation]:
    """The clauses that a text cites, in order; our own rule numbers and what is no citation are passed over."""
    found: list[Citation] = []
    for part in re.split(r"[;；]", (text or "")[:MAX_LENGTH]):
        paper = ""
        before: list[str] = []  # a piece may leave out what it shares with the one before: `四(一)1、2`
        for piece in re.split(r"[、,，]", part.strip()):
            rest = piece.strip()
            if not rest or _OURS.match(rest):
                continue
            named = _PAPER.match(rest)
            if named:
                paper, rest, before = named.group(1), rest[named.end() :], []
            for tokens in _places(rest, before):
                before = tokens
                found.append(Citation(paper, "".join(tokens)))
    return list(dict.fromkeys(found))


def _places(piece: str, before: list[str]) -> Iterator[list[str]]:
    plain = piece.replace("（", "(").replace("）", ")").replace("§", "").strip()
    if not _TOKENS.match(plain):
        return
    ranged = _RANGE.fullmatch(plain)
    if ranged and not plain.startswith("附件"):
        yield from _between(_tokens(ranged.group(1)), _tokens(ranged.group(2)), before)
        return
    current: list[str] = []
    tokens = _tokens(plain)
    for token in tokens:
        if current and _level(token) <= _level(current[-1]):
            yield current  # `二(六)(七)`: two of one level stand side by side
            current = [each for each in current if _level(each) < _level(token)]
        elif not current and _level(token) > 0:
            current = [each for each in before if _level(each) < _level(token)]
        current.append(token)
    if current:
        yield current


def _between(first: list[str], last: list[str], before: list[str]) -> Iterator[list[str]]:
    if not first or not last:
        return
    head = [each for each in before if _level(each) < _level(first[0])] if _level(first[0]) > 0 else []
    start, end = _ordinal(first[-1]), _ordinal(last[-1])
    if not 0 < start <= end <= start + 20:
        return
    for number in range(start, end + 1):
        yield [*head, *first[:-1], _numbered(first[-1], number)]


def _tokens(text: str) -> list[str]:
    return [re.sub(r"\s", "", token) for token in _TOKENS.findall(text)]


def _level(step: str) -> int:
    """How deep a token stands: 附件9 and 四 at the top, then (二), then 3, then (1); a row of a table lies deepest."""
    if step.startswith("第"):
        return 5
    if step.startswith("("):
        return 4 if step[1].isdigit() else 2
    if step.isdigit():
        return 3
    return 0 if step.startswith("附件") or step in _HEADING else 1


def _ordinal(token: str) -> int:
    inner = token.strip("()")
    if inner.isdigit():
        return int(inner)
    ten, _, one = inner.partition("十")
    if "十" in inner:
        return (_CHINESE.index(ten) + 1 if ten else 1) * 10 + (_CHINESE.index(one) + 1 if one else 0)
    return _CHINESE.index(inner) + 1 if inner in _CHINESE else 0


def _numbered(like: str, number: int) -> str:
    inner = str(number) if like.strip("()").isdigit() else _in_chinese(number)
    return f"({inner})" if like.startswith("(") else inner


def _in_chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _CHINESE[tens - 1]) + "十" if tens else ""
    return head + (_CHINESE[ones - 1] if ones else "")
