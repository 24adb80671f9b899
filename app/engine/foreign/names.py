"""Ids in our diagrams are plain words (forms, scenarios and history cite them): what is none gets a short one."""

import re

from app.engine.xml import BPMN, Element, local

WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}\Z")
KEY = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
MAX_LENGTH = 64
_KINDS = {"sequenceFlow": "flow", "participant": "pool", "lane": "lane", "laneSet": "lanes", "collaboration": "pools"}
_GENERATED = re.compile(
    r"(sid|process|id|definitions?)?[-_]*([0-9a-f]{6,}[-_0-9a-f]*|[0-9][a-z0-9]{5,})?[-_0-9]*\Z", re.IGNORECASE
)


def process_key(node: Element) -> str:
    """The id of the process as a file name: `invoiceProcess` becomes invoice_process; a generated id `imported`."""
    given = node.get("id") or ""
    words = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", given).lower()).strip("_")
    usable = len(given) <= MAX_LENGTH and KEY.match(words) and not _GENERATED.match(given)
    return words if usable else "imported"


class Ids:
    """Old id → new id. The first bearer of an id keeps its references; a second one gets an id of its own."""

    def __init__(self, key: str, taken: set[str]) -> None:
        """`taken`: every id of the old file, lest a short one meets one of them."""
        self._key, self._taken = key, set(taken)
        self._new: dict[str, str] = {}
        self._given: dict[Element, str] = {}
        self._numbers: dict[str, int] = {}
        self.renamed = 0
        self.doubled: list[str] = []

    def of(self, node: Element) -> str:
        """The new id of an element, the same at every asking."""
        if node not in self._given:
            self._given[node] = self._decide(node, node.get("id") or "")
        return self._given[node]

    def to(self, reference: str | None) -> str | None:
        """What a reference to an old id (with or without a prefix) is called now; None if nothing has it."""
        return self._new.get((reference or "").strip().rpartition(":")[2])

    def call(self, old: str | None, new: str) -> None:
        """Give an old id a new one that was decided elsewhere."""
        if old:
            self._new[old] = new

    def _decide(self, node: Element, old: str) -> str:
        if old in self._new:
            self.doubled.append(old)
            return self._fresh(node)
        new = old if WORD.match(old) else self._fresh(node)
        self.renamed += bool(old) and new != old
        if old:
            self._new[old] = new
        return new

    def _fresh(self, node: Element) -> str:
        kind = _KINDS.get(local(node)) or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", local(node)).lower()
        while True:
            self._numbers[kind] = number = self._numbers.get(kind, 0) + 1
            name = f"{self._key}_{kind}_{number}"
            if name not in self._taken:
                self._taken.add(name)
                return name


def ids_in(root: Element) -> set[str]:
    """Every id of the BPMN elements in a file."""
    return {n.get("id") for n in root.iter(f"{{{BPMN}}}*") if n.get("id")}
