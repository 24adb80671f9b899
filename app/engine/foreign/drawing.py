"""The drawing of the new diagram: what the old file drew of it, and a plain place for what it did not draw."""

import math
from collections.abc import Mapping

from lxml import etree

from app.engine.foreign import layout
from app.engine.foreign.names import Ids
from app.engine.foreign.result import Notes
from app.engine.lint.geometry import Box, Point
from app.engine.lint.model import FLOW_NODES
from app.engine.xml import BPMN, BPMNDI, DC, DI, Element, is_element, local

MAX_POINTS = 60
FARTHEST = 100_000.0  # pixels; a coordinate beyond is a slip
_FLAGS = ("isHorizontal", "isExpanded", "isMarkerVisible")
_SHAPES = FLOW_NODES | {"participant", "lane", "textAnnotation"}
_EDGES = ("sequenceFlow", "association")


class Drawing:
    """Planes of one process: `main` for the process or its pool, one more for each sub-process drawn by itself."""

    def __init__(self, definitions: Element, main: Element, notes: Notes) -> None:
        self._definitions, self._main, self._notes = definitions, main, notes
        self._planes: dict[str, Element] = {}
        self._drawn: dict[str, Element] = {}  # id of the element → its shape or edge
        self._boxes: dict[str, Box] = {}

    def copy(self, root: Element, kept: Mapping[Element, Element], ids: Ids) -> None:
        """Take over what the planes of the old file show of the elements that were kept."""
        by_id = {new.get("id"): new for new in kept.values()}
        views = 0
        for plane in root.iter(f"{{{BPMNDI}}}BPMNPlane"):
            about = by_id.get(ids.to(plane.get("bpmnElement")))
            inside = about is not None and local(about) in FLOW_NODES
            fresh = [
                (node, element) for node in plane
                if is_element(node) and (element := by_id.get(ids.to(node.get("bpmnElement")))) is not None
            ]  # fmt: skip
            again = [each for each in fresh if each[1].get("id") in self._drawn]
            views += bool(again) and len(again) == len(fresh)
            for node, element in fresh:
                if element.get("id") not in self._drawn:
                    self._copy(node, element, about if inside else self._main)
        if views:
            self._notes.count("view", "同一流程的另一张视图", "只保留第一张图，其余不影响办理。")

    def _plane(self, about: Element) -> Element:
        key = about.get("id")
        if key not in self._planes:
            diagram = etree.SubElement(self._definitions, f"{{{BPMNDI}}}BPMNDiagram", id=f"diagram_{key}")
            self._planes[key] = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", id=f"plane_{key}", bpmnElement=key)
        return self._planes[key]

    def _copy(self, old: Element, element: Element, about: Element) -> None:
        if local(old) == "BPMNShape" and local(element) in _SHAPES:
            box = _box(old.find(f"{{{DC}}}Bounds"))
            if box is not None:
                flags = {name: old.get(name) for name in _FLAGS if old.get(name) in ("true", "false")}
                self._label(old, self._shape(about, element, box, **flags))
        elif local(old) == "BPMNEdge" and local(element) in _EDGES:
            points = [p for w in old.findall(f"{{{DI}}}waypoint")[:MAX_POINTS] if (p := _point(w)) is not None]
            if len(points) > 1:
                self._label(old, self._edge(about, element, points))

    def _shape(self, about: Element, element: Element, box: Box, **flags: str) -> Element:
        key = element.get("id")
        shape = etree.SubElement(self._plane(about), f"{{{BPMNDI}}}BPMNShape", id=f"{key}_di", bpmnElement=key)
        for name, text in flags.items():
            shape.set(name, text)
        _bounds(shape, box)
        self._drawn[key], self._boxes[key] = shape, box
        return shape

    def _edge(self, about: Element, element: Element, points: list[Point]) -> Element:
        key = element.get("id")
        edge = etree.SubElement(self._plane(about), f"{{{BPMNDI}}}BPMNEdge", id=f"{key}_di", bpmnElement=key)
        for x, y in points:
            etree.SubElement(edge, f"{{{DI}}}waypoint", x=_written(x), y=_written(y))
        self._drawn[key] = edge
        return edge

    def _label(self, old: Element, new: Element) -> None:
        label = old.find(f"{{{BPMNDI}}}BPMNLabel")
        box = _box(label.find(f"{{{DC}}}Bounds")) if label is not None else None
        if box is not None:
            _bounds(etree.SubElement(new, f"{{{BPMNDI}}}BPMNLabel"), box)

    def complete(self, process: Element, pool: Element | None) -> None:
        """Place what nothing draws: a whole scope in columns, single elements in a row under the rest."""
        self._plane(self._main)
        for scope in [n for n in process.iter(f"{{{BPMN}}}*") if any(local(c) in FLOW_NODES for c in n)]:
            about = self._main if scope is process else scope
            nodes = [n for n in scope if local(n) in FLOW_NODES or local(n) == "textAnnotation"]
            missing = [n for n in nodes if n.get("id") not in self._drawn]
            if missing and len(missing) == len(nodes):
                self._place_all(scope, about, nodes, pool if scope is process else None)
            elif missing:
                here = {n.get("id") for n in nodes}
                plan = layout.row(missing, {key: box for key, box in self._boxes.items() if key in here})
                self._place(about, missing, plan.boxes)
                self._told(about, f"{len(missing)} 个环节")
            self._connect(scope, about)

    def _place_all(self, scope: Element, about: Element, nodes: list[Element], pool: Element | None) -> None:
        if about is scope and about.get("id") in self._drawn:
            self._drawn[about.get("id")].set("isExpanded", "false")  # it is drawn on a board of its own
        lanes = list(scope.iter(f"{{{BPMN}}}lane")) if local(scope) == "process" else []
        plan = layout.columns(scope, nodes, lanes)
        frames = plan.frames | ({pool.get("id"): plan.around} if pool is not None else {})
        around = ([pool] if pool is not None else []) + lanes
        for element in around:
            if element.get("id") not in self._drawn:
                self._shape(about, element, frames[element.get("id")], isHorizontal="true")
        self._place(about, nodes, plan.boxes)
        self._told(about, "所有环节")

    def _place(self, about: Element, nodes: list[Element], boxes: Mapping[str, Box]) -> None:
        for node in nodes:
            self._shape(about, node, boxes[node.get("id")])

    def _told(self, about: Element, which: str) -> None:
        element = about if local(about) in FLOW_NODES else None
        what = f"{which}在原文件里没有画出位置，已自动排列。"
        self._notes.add("layout", element, what, "在设计器里整理位置和连线。")

    def _connect(self, scope: Element, about: Element) -> None:
        for flow in (n for n in scope if local(n) in _EDGES and n.get("id") not in self._drawn):
            ends = [self._boxes.get(flow.get(side)) for side in ("sourceRef", "targetRef")]
            if ends[0] is not None and ends[1] is not None:
                self._edge(about, flow, layout.line(ends[0], ends[1]))


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= FARTHEST else None


def _box(bounds: Element | None) -> Box | None:
    if bounds is None:
        return None
    x, y, width, height = (_number(bounds.get(name)) for name in ("x", "y", "width", "height"))
    if x is None or y is None or width is None or height is None or width < 0 or height < 0:
        return None
    return Box(x, y, width, height)


def _point(waypoint: Element) -> Point | None:
    x, y = _number(waypoint.get("x")), _number(waypoint.get("y"))
    return None if x is None or y is None else (x, y)


def _bounds(parent: Element, box: Box) -> None:
    bounds = etree.SubElement(parent, f"{{{DC}}}Bounds")
    for name in ("x", "y", "width", "height"):
        bounds.set(name, _written(getattr(box, name)))


def _written(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
