"""The small pieces every element of the new diagram is made of."""

from collections.abc import Mapping

from lxml import etree

from app.engine.foreign.engines import Borne
from app.engine.foreign.names import Ids
from app.engine.foreign.result import shortened
from app.engine.lint.model import FLOW_NODES
from app.engine.xml import BPMN, SPIFF, Element, local

MAX_NAME = 200  # characters; nobody reads more from a box
_FLAGS = (
    "cancelActivity", "triggeredByEvent", "isInterrupting", "isForCompensation", "parallelMultiple", "isSequential",
    "testBefore", "instantiate",
)  # fmt: skip
_WORDS = {"eventGatewayType": ("Exclusive", "Parallel"), "associationDirection": ("None", "One", "Both")}


def named(old: Element, new: Element) -> None:
    """The name, cut where nobody would read on."""
    if old.get("name"):
        new.set("name", old.get("name") if len(old.get("name")) <= MAX_NAME else shortened(old.get("name"), MAX_NAME))


def attributes(old: Element, new: Element) -> None:
    """The plain attributes that mean something here, where their value is one of those allowed."""
    for name in _FLAGS:
        if old.get(name) in ("true", "false"):
            new.set(name, old.get(name))
    for name, words in _WORDS.items():
        if old.get(name) in words:
            new.set(name, old.get(name))
    if (old.get("loopMaximum") or "").isdecimal():
        new.set("loopMaximum", old.get("loopMaximum"))


def defaults(old: Element, kept: Mapping[Element, Element], ids: Ids) -> None:
    """The default flow of a node, once its flows are there."""
    flows = {kept[n].get("id") for n in old if n in kept and local(n) == "sequenceFlow"}
    for child in old:
        if child in kept and ids.to(child.get("default")) in flows:
            kept[child].set("default", ids.to(child.get("default")))


def bear(borne: Borne, new: Element) -> None:
    """Write what the element bears into its extension elements."""
    if not (borne.properties or borne.before or borne.after or borne.decision or borne.variable):
        return
    holder = etree.Element(f"{{{BPMN}}}extensionElements")
    new.insert(0, holder)
    if borne.properties:
        listed = etree.SubElement(holder, f"{{{SPIFF}}}properties")
        for name, text in borne.properties.items():
            etree.SubElement(listed, f"{{{SPIFF}}}property", name=name, value=text)
    scripts = {"preScript": "\n".join(borne.before), "postScript": "\n".join(borne.after)}
    told = {**scripts, "calledDecisionId": borne.decision, "messageVariable": borne.variable}
    for name, text in told.items():
        if text:
            etree.SubElement(holder, f"{{{SPIFF}}}{name}").text = text


def join(scope: Element) -> None:
    """`incoming` and `outgoing` of every node, as its flows are: many editors leave them out."""
    ends: dict[str, list[Element]] = {}
    for side, reference in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
        for flow in scope.iterfind(f"{{{BPMN}}}sequenceFlow"):
            written = etree.Element(f"{{{BPMN}}}{side}")
            written.text = flow.get("id")
            ends.setdefault(flow.get(reference), []).append(written)
    for node in scope:
        if local(node) in FLOW_NODES and node.get("id") in ends:
            head = sum(1 for child in node if local(child) in ("documentation", "extensionElements"))
            node[head:head] = ends[node.get("id")]
