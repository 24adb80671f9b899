"""Two thousand mutated files: each is translated or refused in words, within two seconds."""

import random
import re
import time

from app.engine.foreign import translate
from app.engine.lint import lint
from app.errors import Refused
from tests.foreign.support import FILES, vocabulary

COUNT, SEED = 2000, 20240901
SLOWEST = 2.0  # seconds of one file
LINTED = 5  # every fifth translation goes through the linter too
_ATTRIBUTE = re.compile(r'\s[\w:]+="[^"<]*"')
_TAG = re.compile(r"<[^<>?!]+>")
_ELEMENT = re.compile(r"<([\w:]+)\b[^<>]*(?:/>|>[^<]*</\1>)")
_SPACES = ("http://www.omg.org/spec/BPMN/20100524/MODEL", "http://camunda.org/schema/1.0/bpmn", "http://flowable.org/bpmn",
           "http://www.signavio.com", "http://www.omg.org/spec/BPMN/20100524/DI", "urn:strange")  # fmt: skip
_VALUES = (
    "",
    "${",
    "${a.b(",
    "true",
    "-1e999",
    "x" * 300,
    "&amp;&lt;",
    "中文",
    "sid-1",
    "P1D",
    "../../etc/passwd",
    "NaN",
)
_ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "gbk", "latin-1", "utf-8-sig")


def _spot(text: str, pattern: re.Pattern[str], dice: random.Random) -> re.Match[str] | None:
    spots = list(pattern.finditer(text))
    return dice.choice(spots) if spots else None


def _delete(text: str, dice: random.Random) -> str:
    spot = _spot(text, dice.choice((_ATTRIBUTE, _ELEMENT, _TAG)), dice)
    return text[: spot.start()] + text[spot.end() :] if spot else text


def _duplicate(text: str, dice: random.Random) -> str:
    spot = _spot(text, dice.choice((_ATTRIBUTE, _ELEMENT, _ELEMENT)), dice)
    return text[: spot.end()] + spot.group() + text[spot.end() :] if spot else text


def _swap(text: str, dice: random.Random) -> str:
    pattern = dice.choice((_ATTRIBUTE, _ELEMENT, _TAG))
    one, other = sorted((_spot(text, pattern, dice), _spot(text, pattern, dice)), key=lambda m: m.start() if m else 0)
    if one is None or other is None or one.end() > other.start():
        return text
    between = text[one.end() : other.start()]
    return text[: one.start()] + other.group() + between + one.group() + text[other.end() :]


def _value(text: str, dice: random.Random) -> str:
    spot = _spot(text, re.compile(r'(?<==")[^"<]*(?=")'), dice)
    return text[: spot.start()] + dice.choice(_VALUES) + text[spot.end() :] if spot else text


def _namespace(text: str, dice: random.Random) -> str:
    return text.replace(dice.choice(_SPACES), dice.choice(_SPACES))


def _nest(text: str, dice: random.Random) -> str:
    """An element moved into another."""
    moved, into = _spot(text, _ELEMENT, dice), _spot(text, re.compile(r"<[^<>?!/]+(?<!/)>"), dice)
    if moved is None or into is None:
        return text
    return text[: into.end()] + moved.group() + text[into.end() :]


_CHANGES = (_delete, _duplicate, _swap, _value, _namespace, _nest)


def mutated(content: bytes, dice: random.Random) -> bytes:
    encoding = next((e for e in ("utf-8-sig", "gbk", "utf-16") if _decodes(content, e)), "latin-1")
    text = content.decode(encoding)
    for _ in range(dice.randint(1, 4)):
        text = dice.choice(_CHANGES)(text, dice)
    kind = dice.random()
    if kind < 0.15:  # what the declaration says and what the bytes are need not agree
        text = re.sub(r'encoding="[^"]*"', f'encoding="{dice.choice(_ENCODINGS)}"', text, count=1)
        encoding = dice.choice(_ENCODINGS)
    result = text.encode(encoding, "replace")
    if kind > 0.9:
        at = dice.randrange(len(result))
        cut = dice.choice((1, 2, 30, len(result)))
        result = result[:at] + bytes(dice.randrange(256) for _ in range(dice.randrange(3))) + result[at + cut :]
    return result


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeError:
        return False
    return not (encoding == "gbk" and content[:2] in (b"\xff\xfe", b"\xfe\xff"))


def test_mutated_files_are_translated_or_refused_in_words() -> None:
    dice = random.Random(SEED)  # noqa: S311 (the same files in every run)
    sources = [path.read_bytes() for path in FILES]
    outcomes = [_outcome(number, mutated(sources[number % len(sources)], dice)) for number in range(COUNT)]

    refusals = [said for said in outcomes if said]
    assert [said for said in refusals if not said.endswith("。")] == []
    assert len(refusals) > 200
    assert COUNT - len(refusals) > 800


def _outcome(number: int, content: bytes) -> str:
    """Empty where the file is translated (and the linter could read it), else the sentence of the refusal."""
    begin = time.thread_time()
    try:
        translation = translate(content, lanes=vocabulary().lanes)
        if number % LINTED == 0:
            lint({f"{translation.process}.bpmn": translation.content}, vocabulary())
    except Refused as error:
        return error.message
    finally:
        assert time.thread_time() - begin < SLOWEST, number
    return ""
