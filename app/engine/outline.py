"""The steps of a diagram in the order they are drawn to happen, read from the file alone: no instance, no engine."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.engine import xml
from app.engine.xml import Element
from app.errors import NotFound


@dataclass(frozen=True)
class DrawnStep:
    """A user task or call activity; `within` are the call activities around it, `called` the process it calls."""

    id: str
    name: str
    properties: Mapping[str, str]
    called: str | None
    within: tuple[str, ...] = ()


def steps(diagrams: Mapping[str, bytes], process: str) -> list[DrawnStep]:
    """User tasks and calls of `process` and of what it calls, each call before its own steps.

    `diagrams` by file name, which is the process with `.bpmn`. Steps of alternative ways all appear, in the order of
    their flows; a way back does not repeat what it leads to; what only a boundary event reaches is left out. Raises
    NotFound for a process that is not among the diagrams.
    """
    return list(_steps(diagrams, process, ()))


def _steps(diagrams: Mapping[str, bytes], process: str, within: tuple[str, ...]) -> Iterator[DrawnStep]:
    content = diagrams.get(f"{process}.bpmn")
    if content is None:
        raise NotFound(f"通知中没有名为“{process}”的流程图。")
    for node in _in_order(xml.parse(content)):
        key, kind = str(node.get("id")), xml.local(node)
        if kind not in ("userTask", "callActivity"):
            continue
        called = node.get("calledElement")
        yield DrawnStep(key, node.get("name") or "", xml.properties(node), called, within)
        if called and key not in within:
            yield from _steps(diagrams, called, (*within, key))


def _in_order(root: Element) -> list[Element]:
    """The nodes reached from the start, each after everything that leads to it (ways back left out)."""
    nodes = {node.get("id"): node for node in root.iter() if xml.is_bpmn(node) and node.get("id")}
    onward: dict[str, list[str]] = {}
    for node in nodes.values():
        if xml.local(node) == "sequenceFlow":
            onward.setdefault(node.get("sourceRef"), []).append(node.get("targetRef"))
    found: list[str] = []
    seen: set[str] = set()
    for start in [key for key, node in nodes.items() if xml.local(node) == "startEvent"]:
        _visit(start, onward, seen, found)
    return [nodes[key] for key in reversed(found)]


def _visit(key: str, onward: Mapping[str, list[str]], seen: set[str], found: list[str]) -> None:
    """Depth first, later flows before earlier ones, so that the reverse keeps the order of the drawing."""
    seen.add(key)
    for target in reversed(onward.get(key, [])):
        if target not in seen:
            _visit(target, onward, seen, found)
    found.append(key)
