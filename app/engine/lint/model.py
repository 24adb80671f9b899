"""A parsed set of diagrams as the checks look at it: files, scopes, flows, expressions."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.engine.lint.findings import Finding, Severity, Vocabulary
from app.engine.script_rules import Mode
from app.engine.xml import BPMN, SPIFF, Element, is_bpmn, is_element, local

FLOW_NODES = frozenset({
    "startEvent", "endEvent", "userTask", "manualTask", "task", "scriptTask", "serviceTask", "businessRuleTask",
    "sendTask", "receiveTask", "callActivity", "subProcess", "transaction", "adHocSubProcess", "exclusiveGateway",
    "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway", "intermediateCatchEvent",
    "intermediateThrowEvent", "boundaryEvent",
})  # fmt: skip
SCOPES = ("process", "subProcess", "transaction", "adHocSubProcess")


@dataclass(frozen=True)
class Expression:
    """A piece of Python in a diagram: its element, text, mode, and the line of the file it begins on."""

    element: Element
    source: str
    mode: Mode
    line: int
    what: str


@dataclass
class Scope:
    """One process or sub-process: its own nodes by id, and the flows between them."""

    element: Element
    nodes: dict[str, Element] = field(default_factory=dict)
    flows: list[Element] = field(default_factory=list)
    outgoing: dict[str, list[Element]] = field(default_factory=dict)
    incoming: dict[str, list[Element]] = field(default_factory=dict)
    boundaries: dict[str, list[Element]] = field(default_factory=dict)  # host id → its boundary events

    def following(self, node_id: str) -> list[str]:
        """Ids a token may come to next, boundary events of the node among them."""
        targets = [f.get("targetRef") for f in self.outgoing.get(node_id, ())]
        targets += [b.get("id") for b in self.boundaries.get(node_id, ())]
        return [t for t in targets if t in self.nodes]


@dataclass
class Diagram:
    """One file."""

    file: str
    root: Element
    scopes: list[Scope]

    @property
    def processes(self) -> list[Element]:
        return list(self.root.findall(f"{{{BPMN}}}process"))

    def finding(
        self, code: str, element: Element, message: str, remedy: str,
        *, severity: Severity = "error", line: int | None = None,
    ) -> Finding:  # fmt: skip
        where = line or element.sourceline
        return Finding(self.file, code, owner_id(element), where, message, remedy, severity)


@dataclass
class Project:
    """All diagrams and tables of one notice, and the words they may use."""

    diagrams: list[Diagram]
    tables: dict[str, Element]  # file name → root
    vocabulary: Vocabulary

    def process(self, process_id: str) -> tuple[Diagram, Element] | None:
        for diagram in self.diagrams:
            for process in diagram.processes:
                if process.get("id") == process_id:
                    return diagram, process
        return None

    @property
    def decisions(self) -> set[str]:
        roots = self.tables.values()
        return {n.get("id") for root in roots for n in root.iter("{*}decision") if n.get("id")}


def read_diagram(file: str, root: Element) -> Diagram:
    scopes = [_scope(node) for node in root.iter(*(f"{{{BPMN}}}{name}" for name in SCOPES))]
    return Diagram(file, root, scopes)


def _scope(element: Element) -> Scope:
    scope = Scope(element)
    for child in element:
        if not is_bpmn(child):
            continue
        name = local(child)
        if name in FLOW_NODES and child.get("id"):
            scope.nodes[child.get("id")] = child
            if name == "boundaryEvent":
                scope.boundaries.setdefault(child.get("attachedToRef"), []).append(child)
        elif name == "sequenceFlow":
            scope.flows.append(child)
            scope.outgoing.setdefault(child.get("sourceRef"), []).append(child)
            scope.incoming.setdefault(child.get("targetRef"), []).append(child)
    return scope


def owner_id(element: Element) -> str | None:
    """The id of the element, or of the nearest one around it that has an id and a place in the drawing."""
    node = element
    while node is not None:
        if node.get("id") and (local(node) in FLOW_NODES | {"sequenceFlow", "process", "lane"} or node is element):
            return str(node.get("id"))
        node = node.getparent()
    return None


def label(node: Element) -> str:
    """How the designer knows it: name and id."""
    name, node_id = node.get("name"), node.get("id") or ""
    return f"“{' '.join(name.split())}”（{node_id}）" if name else node_id


def event_kind(node: Element) -> str:
    """`timer`, `message`, `error`, `terminate` … of the node's first event definition; empty for a plain event."""
    for child in node:
        if is_element(child) and local(child).endswith("EventDefinition"):
            return local(child).removesuffix("EventDefinition")
    return ""


def interrupts(boundary: Element) -> bool:
    return boundary.get("cancelActivity", "true") != "false"


_OWN = {"conditionExpression": "条件", "condition": "条件"}
_OWN |= dict.fromkeys(("timeDate", "timeDuration", "timeCycle"), "时间")
_LOOPS = {"loopCardinality": "重复次数", "completionCondition": "结束条件", "loopCondition": "循环条件"}
_SCRIPTS = {"script": "脚本", "preScript": "前置脚本", "postScript": "后置脚本"}


def expressions(root: Element) -> Iterator[Expression]:
    """Every piece of Python below `root`, properties apart."""
    for node in root.iter(f"{{{BPMN}}}*", f"{{{SPIFF}}}*"):
        name = local(node)
        what = _OWN.get(name) or _LOOPS.get(name) or _SCRIPTS.get(name)
        if what is None:
            continue
        mode: Mode = "exec" if name in _SCRIPTS else "eval"
        owner = _owner(node)
        yield Expression(owner, node.text or "", mode, node.sourceline, f"{label(owner)}的{what}")


def _owner(node: Element) -> Element:
    owner = node.getparent()
    while owner.getparent() is not None and local(owner) not in FLOW_NODES and local(owner) != "sequenceFlow":
        owner = owner.getparent()
    return owner
