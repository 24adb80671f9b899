"""A text that fits a pattern which a form asks for."""

import re
from collections.abc import Sequence
from random import Random
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz演练"
_CLASSES = {codes.CATEGORY_DIGIT: "0123456789", codes.CATEGORY_WORD: "0123456789abcdef", codes.CATEGORY_SPACE: " "}
_TRIES = 20


class TooClever(Exception):
    """A pattern with something in it that is not written here."""


def fitting(pattern: str, stream: Random) -> str | None:
    """A text in which the pattern is found; None for a pattern too clever to be followed."""
    try:
        tree = parser.parse(pattern)
        for _ in range(_TRIES):
            made = _written(tree, stream)
            if re.search(pattern, made, re.ASCII):
                return made
    except (TooClever, re.error):
        return None
    return None


def _written(tree: Sequence[tuple[Any, Any]], stream: Random) -> str:
    return "".join(_one(code, said, stream) for code, said in tree)


def _one(code: Any, said: Any, stream: Random) -> str:
    if code is codes.LITERAL:
        return chr(said)
    if code is codes.ANY:
        return stream.choice(ALPHABET)
    if code is codes.IN:
        return stream.choice(_choices(said))
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        fewest, most, inner = said
        count = stream.randint(fewest, min(int(most), fewest + 3))
        return "".join(_written(inner, stream) for _ in range(count))
    if code is codes.SUBPATTERN:
        return _written(said[-1], stream)
    if code is codes.BRANCH:
        return _written(stream.choice(said[1]), stream)
    if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
        return ""
    raise TooClever(code)


def _choices(said: Sequence[tuple[Any, Any]]) -> str:
    named = "".join(_named(code, what) for code, what in said if code is not codes.NEGATE)
    if said and said[0][0] is codes.NEGATE:
        return "".join(each for each in ALPHABET if each not in named)
    return named


def _named(code: Any, what: Any) -> str:
    if code is codes.LITERAL:
        return chr(what)
    if code is codes.RANGE:
        return "".join(map(chr, range(what[0], min(what[1], what[0] + 60) + 1)))
    if code is codes.CATEGORY and what in _CLASSES:
        return _CLASSES[what]
    raise TooClever(what)
