"""The way scenarios take through a draft's diagrams: which elements they pass, where one stands, what none comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.engine import xml
from app.processes.diagrams import EVENTS, STEPS, Picture

GATEWAYS = ("exclusiveGateway", "parallelGateway", "eventBasedGateway", "inclusiveGateway")
KINDS = (*STEPS, *EVENTS, *GATEWAYS)
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


@dataclass(frozen=True)
class Covered:
    """One diagram: how many of its elements were passed, and the names of those that never were."""

    path: str
    name: str
    passed: int
    total: int
    missing: tuple[str, ...]


def of(files: Mapping[str, bytes], reached: frozenset[str]) -> list[Covered]:
    """Every diagram of the draft, those begun first, the least covered of them at the top."""
    found = []
    for path, content in files.items():
        if path.startswith("diagrams/"):
            nodes = _nodes(content)
            missing = tuple(name for key, name in nodes.items() if key not in reached)
            found.append(Covered(path, _name(content), len(nodes) - len(missing), len(nodes), missing))
    return sorted(found, key=lambda each: (not each.passed, each.passed / max(each.total, 1), each.path))


def processes(files: Mapping[str, bytes], standing: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(process, name) of the diagrams that the scenario has come to."""
    seen = {*standing.get("passed", ()), *standing.get("active", ())}
    return [
        (path.partition("/")[2].removesuffix(".bpmn"), _name(content))
        for path, content in files.items()
        if path.startswith("diagrams/") and seen & _nodes(content).keys()
    ]


def picture(files: Mapping[str, bytes], process: str, standing: Mapping[str, Any]) -> Picture | None:
    """One diagram with what was passed and where it stands; None for one that the draft does not have."""
    content = files.get(f"diagrams/{process}.bpmn")
    if content is None:
        return None
    nodes = _nodes(content)
    done = [key for key in standing.get("passed", ()) if key in nodes]
    active = [key for key in standing.get("active", ()) if key in nodes]
    state = {"done": [key for key in done if key not in active], "active": active}
    return Picture(process, _name(content), content.decode(), state, [])


def _nodes(content: bytes) -> dict[str, str]:
    try:
        root = xml.parse(content)
    except xml.XmlRefused:
        return {}
    found = (node for node in root.iter() if isinstance(node.tag, str) and node.tag.removeprefix(BPMN) in KINDS)
    return {node.get("id"): node.get("name") or node.get("id") for node in found}


def _name(content: bytes) -> str:
    try:
        process = next(xml.parse(content).iter(f"{BPMN}process"), None)
    except xml.XmlRefused:
        return ""
    return "" if process is None else process.get("name") or process.get("id")
