"""What a translation answers: the diagram in our dialect, and what the designer has to see to."""

from collections import Counter
from dataclasses import dataclass, field

from app.engine.xml import Element

MAX_ENTRIES = 300


@dataclass(frozen=True)
class Dropped:
    """One thing that was left out or must be done by hand.

    `element` is its id in the translated diagram, None where the whole file is meant; `instead` says what to do now.
    """

    code: str
    element: str | None
    what: str
    instead: str


@dataclass(frozen=True)
class Translation:
    """`process` is the id of the translated process and the stem of its file; `others` are the file's other ones."""

    process: str
    dialect: str
    content: bytes
    dropped: list[Dropped]
    others: list[str] = field(default_factory=list)


class Notes:
    """The list while it is being written: single entries, and settings that are only counted."""

    def __init__(self) -> None:
        self._single: list[Dropped] = []
        self._counted: Counter[tuple[str, str, str]] = Counter()

    def add(self, code: str, element: Element | None, what: str, instead: str) -> None:
        """`element` is one of the new diagram: its name and id lead the sentence."""
        if element is None:
            self._single.append(Dropped(code, None, what, instead))
        else:
            self._single.append(Dropped(code, element.get("id"), f"{titled(element)}：{what}", instead))

    def count(self, code: str, what: str, instead: str) -> None:
        """Something of no weight by itself: told once, with how often it stood there."""
        self._counted[code, what, instead] += 1

    def all(self) -> list[Dropped]:
        summed = [
            Dropped(code, None, f"{what}（{n} 处）", instead) for (code, what, instead), n in self._counted.items()
        ]
        found = list(dict.fromkeys([*self._single, *sorted(summed, key=lambda entry: (entry.code, entry.what))]))
        rest = len(found) - MAX_ENTRIES
        if rest <= 0:
            return found
        more = Dropped("more", None, f"另有 {rest} 处没有列出。", "先办以上各处；仍有疑问的，对照原图逐个环节核对。")
        return [*found[:MAX_ENTRIES], more]


def titled(element: Element) -> str:
    """How the designer knows it: its name, or its id where it has none."""
    name = " ".join((element.get("name") or "").split())
    return f"“{shortened(name, 40)}”" if name else str(element.get("id"))


def shortened(text: str, length: int = 120) -> str:
    """A stranger's text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length] + "…"
