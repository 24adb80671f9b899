"""Can a person read the picture: everything drawn, nothing hidden, nothing running through what it does not concern."""

from collections.abc import Iterator
from itertools import combinations

from app.engine.lint.board import TEXT_MARGIN, Board, ancestors, boards, text_size
from app.engine.lint.findings import Finding
from app.engine.lint.geometry import Box, cross
from app.engine.lint.model import FLOW_NODES, Diagram, Project, label
from app.engine.xml import BPMN, Element, local

_TOUCH = 1.0  # pixels two shapes may share before they count as overlapping
_PLAIN_ACTIVITIES = frozenset({
    "userTask", "manualTask", "task", "scriptTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask",
    "callActivity",
})  # fmt: skip


def check(project: Project) -> Iterator[Finding]:
    for diagram in project.diagrams:
        planes = boards(diagram)
        yield from _missing(diagram, planes)
        yield from _lanes(diagram, planes)
        for board in planes:
            yield from _overlaps(diagram, board)
            yield from _through(diagram, board)
            yield from _labels(diagram, board)
            yield from _crossings(diagram, board)


def _missing(diagram: Diagram, planes: list[Board]) -> Iterator[Finding]:
    shapes = {i for b in planes for i in b.nodes}
    edges = {i for b in planes for i, points in b.flows.items() if len(points) > 1}
    for scope in diagram.scopes:
        for node_id, node in scope.nodes.items():
            if node_id not in shapes:
                message = f"{label(node)}：没有画在图上，看图的人看不到它。"
                yield diagram.finding("missing_shape", node, message, "在设计器里重新放一个同样的环节，再删去这个。")
        for flow in scope.flows:
            if flow.get("id") not in edges:
                message = f"连线 {label(flow)} 没有画在图上。"
                yield diagram.finding("missing_edge", flow, message, "在设计器里重新画这条连线。")


def _lanes(diagram: Diagram, planes: list[Board]) -> Iterator[Finding]:
    nodes = {i: box for b in planes for i, box in b.nodes.items()}
    lanes = {i: box for b in planes for i, box in b.lanes.items()}
    for process in diagram.processes:
        placed: set[str] = set()
        for lane in process.iter(f"{{{BPMN}}}lane"):
            members = {(r.text or "").strip() for r in lane.findall(f"{{{BPMN}}}flowNodeRef")}
            placed |= members
            if lane.get("id") not in lanes:
                message = f"泳道 {label(lane)} 没有画在图上。"
                yield diagram.finding("missing_shape", lane, message, "在设计器里重新画这个泳道。")
                continue
            here = [(n, nodes[n.get("id")]) for n in process.iter() if n.get("id") in members & nodes.keys()]
            yield from _outside(diagram, lane, lanes[lane.get("id")], here)
        for node in process if placed else ():
            if local(node) in FLOW_NODES and node.get("id") not in placed:
                message = f"{label(node)}：不属于任何泳道。"
                yield diagram.finding("no_lane", node, message, "在设计器里把它拖进负责的泳道。")


def _outside(diagram: Diagram, lane: Element, area: Box, members: list[tuple[Element, Box]]) -> Iterator[Finding]:
    for node, box in members:
        attached = local(node) == "boundaryEvent"  # stands on the rim of its host and may look over the lane's
        inside = area.contains(Box(*box.centre, 0, 0)) if attached else area.contains(box)
        if not inside:
            message = f"{label(node)}：属于泳道 {label(lane)}，却画到了泳道外面。"
            yield diagram.finding("outside_lane", node, message, "把它拖回泳道里面，或扩大泳道。")


def _overlaps(diagram: Diagram, board: Board) -> Iterator[Finding]:
    for (one, box), (other, second) in combinations(board.nodes.items(), 2):
        if not box.shrunk(_TOUCH).overlaps(second.shrunk(_TOUCH)) or _belong(board, one, other):
            continue
        node = board.elements[other]
        message = f"{label(node)}与 {label(board.elements[one])} 画得重叠了。"
        yield diagram.finding("overlap", node, message, "把其中一个移开。")


def _belong(board: Board, one: str, other: str) -> bool:
    """A boundary event lies on its host, an inner node inside its sub-process."""
    first, second = board.elements[one], board.elements[other]
    if first.get("attachedToRef") == other or second.get("attachedToRef") == one:
        return True
    return other in _around(board, one) or one in _around(board, other)


def _around(board: Board, node_id: str) -> set[str]:
    element = board.elements[node_id]
    host = board.elements.get(element.get("attachedToRef", ""))
    return ancestors(element) | (ancestors(host) if host is not None else set())


def _through(diagram: Diagram, board: Board) -> Iterator[Finding]:
    for flow_id in board.flows:
        flow = board.elements[flow_id]
        ends = {flow.get("sourceRef"), flow.get("targetRef")} | ancestors(flow)
        segments = board.segments(flow_id)
        for node_id, box in board.nodes.items():
            if node_id in ends or not any(box.shrunk(_TOUCH).crossed_by(s) for s in segments):
                continue
            message = f"连线 {label(flow)} 从 {label(board.elements[node_id])} 身上穿过。"
            yield diagram.finding("flow_through_node", flow, message, "拖动连线的折点，让它绕开。")


def _labels(diagram: Diagram, board: Board) -> Iterator[Finding]:
    for node_id, box in board.nodes.items():
        node = board.elements[node_id]
        name = " ".join((node.get("name") or "").split())
        if local(node) in _PLAIN_ACTIVITIES and text_size(name, max(box.width - TEXT_MARGIN, 1))[1] > box.height:
            message = f"{label(node)}：名称太长，框里放不下。"
            yield diagram.finding("label_hidden", node, message, "缩短名称，或把框拉大。")
    for text in board.labels:
        for node_id, box in board.nodes.items():
            node, owner = board.elements[node_id], board.elements[text.owner]
            if node_id not in _around(board, text.owner) and text.box.shrunk(_TOUCH).overlaps(_solid(node, box)):
                which = "它自己的图形" if node is owner else label(node)
                message = f"{label(owner)}的文字与{which}叠在一起，看不清。"
                yield diagram.finding("label_hidden", owner, message, "把文字拖到空白处。")
    for one, other in combinations(board.labels, 2):
        if one.box.shrunk(_TOUCH).overlaps(other.box.shrunk(_TOUCH)):
            owner = board.elements[other.owner]
            message = f"{label(owner)}的文字与 {label(board.elements[one.owner])} 的文字叠在一起。"
            yield diagram.finding("label_overlap", owner, message, "把其中一段文字拖开。")


def _solid(node: Element, box: Box) -> Box:
    """The part of the shape that surely covers a text: a diamond or circle leaves its corners free."""
    if local(node).endswith("Gateway"):
        return box.shrunk(box.width / 4)
    if local(node).endswith("Event"):
        return box.shrunk(box.width * 0.15)
    return box.shrunk(_TOUCH)


def _crossings(diagram: Diagram, board: Board) -> Iterator[Finding]:
    for one, other in combinations(board.flows, 2):
        first, second = board.elements[one], board.elements[other]
        if first.get("sourceRef") == second.get("sourceRef") or first.get("targetRef") == second.get("targetRef"):
            continue
        if any(cross(a, b) for a in board.segments(one) for b in board.segments(other)):
            message = f"连线 {label(second)} 与 {label(first)} 交叉或重合。"
            remedy = "移动环节或折点，尽量不让连线交叉。"
            yield diagram.finding("crossing", second, message, remedy, severity="warning")
