"""What is drawn: shapes, edges and labels of one plane, read from the diagram interchange part of the file."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from app.engine.lint.geometry import Box, Point, Segment
from app.engine.lint.model import FLOW_NODES, Diagram
from app.engine.xml import BPMN, BPMNDI, DC, DI, Element, is_element, local

LABEL_WIDTH = 90.0  # bpmn-js wraps the label of an event, gateway or flow at this width
LINE_HEIGHT = 14.0
CHARACTER = 12.0  # a Chinese character; other characters take about half of it
TEXT_MARGIN = 10.0  # inside an activity, both sides together
MAX_POINTS = 100  # of one flow; nobody draws more
_OUTSIDE = ("Event", "Gateway")  # kinds whose name stands outside the symbol


@dataclass(frozen=True)
class Label:
    owner: str
    box: Box


@dataclass
class Board:
    """One plane. Boxes of flow nodes and lines of flows, by element id; `elements` knows the BPMN element."""

    elements: dict[str, Element]
    nodes: dict[str, Box] = field(default_factory=dict)
    lanes: dict[str, Box] = field(default_factory=dict)
    flows: dict[str, list[Point]] = field(default_factory=dict)
    texts: dict[str, Label] = field(default_factory=dict)

    @property
    def labels(self) -> list[Label]:
        return list(self.texts.values())

    def segments(self, flow: str) -> list[Segment]:
        points = self.flows[flow]
        return list(pairwise(points))


def boards(diagram: Diagram) -> list[Board]:
    elements = {n.get("id"): n for n in diagram.root.iter() if is_element(n) and n.get("id")}
    return [_board(plane, elements) for plane in diagram.root.iter(f"{{{BPMNDI}}}BPMNPlane")]


def _board(plane: Element, elements: dict[str, Element]) -> Board:
    board = Board(elements)
    for drawn in plane:
        if not is_element(drawn):
            continue
        element_id = (drawn.get("bpmnElement") or "").rpartition(":")[2]
        element = elements.get(element_id)
        if element is None:
            continue
        if local(drawn) == "BPMNEdge" and local(element) == "sequenceFlow":
            board.flows[element_id] = _points(drawn)
        elif local(drawn) == "BPMNShape":
            box = _box(drawn.find(f"{{{DC}}}Bounds"))
            if box is not None and local(element) in FLOW_NODES:
                board.nodes[element_id] = box
            elif box is not None and local(element) == "lane":
                board.lanes[element_id] = box
        for text in _label(board, drawn, element_id, element):
            board.texts[element_id] = text
    return board


def _points(edge: Element) -> list[Point]:
    return [(_number(p.get("x")), _number(p.get("y"))) for p in edge.findall(f"{{{DI}}}waypoint")[:MAX_POINTS]]


def _number(text: str | None) -> float:
    """A coordinate; what is no finite number was told by the schema check and counts as 0 here."""
    try:
        value = float(text or "")
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0


def _box(bounds: Element | None) -> Box | None:
    if bounds is None:
        return None
    x, y, width, height = (_number(bounds.get(k)) for k in ("x", "y", "width", "height"))
    return Box(x, y, width, height)


def _label(board: Board, drawn: Element, element_id: str, element: Element) -> Iterator[Label]:
    name = " ".join((element.get("name") or "").split())
    kind = local(element)
    if not name or not (kind == "sequenceFlow" or kind.endswith(_OUTSIDE)):
        return
    width, height = text_size(name, LABEL_WIDTH)
    placed = drawn.find(f"{{{BPMNDI}}}BPMNLabel")
    given = _box(placed.find(f"{{{DC}}}Bounds")) if placed is not None else None
    if given is not None:
        centre = given.centre[0]
        width = text_size(name, max(given.width, LABEL_WIDTH))[0]
        yield Label(element_id, Box(centre - width / 2, given.y, width, height))
    elif element_id in board.nodes:
        shape = board.nodes[element_id]
        yield Label(element_id, Box(shape.centre[0] - width / 2, shape.bottom + 5, width, height))
    elif len(board.flows.get(element_id, ())) > 1:
        x, y = _middle(board.flows[element_id])
        yield Label(element_id, Box(x - width / 2, y - height / 2, width, height))


def _middle(points: list[Point]) -> Point:
    """Where bpmn-js puts a flow's label: the middle of its middle segment."""
    index = len(points) // 2 - 1
    (x0, y0), (x1, y1) = points[index], points[index + 1]
    return (x0 + x1) / 2, (y0 + y1) / 2


def text_size(text: str, width: float) -> tuple[float, float]:
    """Width and height of a text wrapped at `width`."""
    length = sum(CHARACTER if ord(c) > 0x2E7F else CHARACTER * 0.55 for c in text)
    usable = max(width - width % CHARACTER, CHARACTER)  # a character does not break
    lines = max(1, math.ceil(length / usable))
    return min(length, usable), lines * LINE_HEIGHT


def ancestors(element: Element) -> set[str]:
    """Ids of the elements around it."""
    return {a.get("id") for a in element.iterancestors() if a.get("id") and a.tag.startswith(f"{{{BPMN}}}")}
