"""Which clauses the drawn elements and the rows of decision tables say they carry out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.engine.lint.model import FLOW_NODES
from app.engine.xml import BPMN, XmlRefused, is_element, local, parse, properties

_BY_PERSON = ("userTask", "manualTask")


@dataclass(frozen=True)
class Cited:
    """An element (`payment#pay`) or a row of a table (`fee#3`) of `file`; `clauses` as the designer wrote them."""

    file: str
    ref: str
    name: str
    clauses: str
    by_person: bool = False


def cited(files: Mapping[str, bytes]) -> Iterator[Cited]:
    """Every flow node, and every row of a table that has a description; files that cannot be read say nothing."""
    for file, content in files.items():
        try:
            root = parse(content)
        except XmlRefused:
            continue
        for process in root.iter(f"{{{BPMN}}}process"):
            for node in (n for n in process.iter(f"{{{BPMN}}}*") if local(n) in FLOW_NODES):
                name = " ".join((node.get("name") or node.get("id") or "").split())
                ref = f"{process.get('id')}#{node.get('id')}"
                yield Cited(file, ref, name, properties(node).get("clauses", ""), local(node) in _BY_PERSON)
        for decision in root.iter("{*}decision"):
            for number, row in enumerate(decision.iter("{*}rule"), start=1):
                said = next((c.text or "" for c in row if is_element(c) and local(c) == "description"), "")
                if said:
                    yield Cited(file, f"{decision.get('id')}#{number}", f"{decision.get('name')}第{number}行", said)
