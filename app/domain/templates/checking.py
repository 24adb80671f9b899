"""Whether a wording can be filled: every gap is a fact that its notification carries, and nothing else."""

from collections.abc import Iterator, Mapping
from string import Formatter

from app.domain.templates import declared
from app.domain.templates.texts import TEXTS
from app.errors import Problem

PARTS = {"title": "标题", "body": "内容"}
TITLE, LONGEST = 100, 2000  # characters; a title is a mail's subject too


def problems(template: str, text: str, label: str, field: str) -> list[Problem]:
    """What keeps the text from being used, each naming the gap and what may stand there; `label` says which text."""
    try:
        gaps = list(Formatter().parse(text))
    except ValueError:
        return [Problem("brace", f"{label}的大括号不成对，请核对；要写出大括号本身，请连写两个。", field)]
    known = declared.fields(template)
    found = [words for _, name, spec, conversion in gaps if name is not None
             for words in _gap(name, spec, conversion, known)]  # fmt: skip
    return [Problem("gap", f"{label}中的{words}", field) for words in dict.fromkeys(found)]


def notice_texts(texts: Mapping[str, str]) -> Iterator[Problem]:
    """Of a notice's own texts those that word a notification and cannot be filled; `field` is the text's key."""
    for key, text in texts.items():
        template, _, part = key.rpartition(".")
        if template in TEXTS and part in PARTS:
            yield from problems(template, text, f"“{TEXTS[template][0]}”的{PARTS[part]}", key)


def _gap(name: str, spec: str | None, conversion: str | None, known: Mapping[str, str]) -> Iterator[str]:
    may = (
        f"可用的有{'、'.join(f'{{{fact}}}（{label}）' for fact, label in known.items())}。"
        if known
        else "没有可用的项目。"
    )
    if not name:
        yield f"“{{}}”没有写明项目，{may}"
    elif "." in name or "[" in name:
        yield f"“{{{name}}}”只能写项目的名称，不能用点号或方括号取其中的内容，{may}"
    elif name not in known:
        yield f"“{{{name}}}”不是这种消息可用的项目，{may}"
    elif spec or conversion:
        yield f"“{{{name}}}”后面不能写格式，请只写{{{name}}}。"
