"""Sentences about a diagram without the numbers that its modeller gave: `甲→乙` for a flow that nobody named."""

import re
from collections.abc import Callable

from app.engine import xml
from app.engine.xml import Element

_NUMBERED = re.compile(r"\b(?:Flow|Gateway|Activity|Event|Lane|Participant|TextAnnotation)_[0-9a-z]{7}\b")


def naming(content: bytes) -> Callable[[str], str]:
    """What puts names for the numbers of this diagram; a number without a name stays as it is."""
    try:
        root = xml.parse(content)
    except xml.XmlRefused:
        return str
    nodes = {node.get("id"): node for node in root.iter() if xml.is_bpmn(node) and node.get("id")}

    def called(key: str) -> str:
        node = nodes.get(key)
        if node is None:
            return key
        if xml.local(node) == "sequenceFlow":
            ends = (nodes.get(node.get(end)) for end in ("sourceRef", "targetRef"))
            return f"“{'→'.join(_name(end) or '？' for end in ends)}”"
        return f"“{_name(node)}”" if _name(node) else key

    return lambda text: _NUMBERED.sub(lambda match: called(match.group()), text)


def _name(node: Element | None) -> str:
    return "" if node is None else "".join((node.get("name") or "").split())
