"""A plain place for elements that no drawing shows: columns from left to right, a band for each lane."""

from dataclasses import dataclass, field

from app.engine.lint.geometry import Box, Point
from app.engine.lint.model import FLOW_NODES
from app.engine.xml import BPMN, Element, local

LEFT, TOP = 160.0, 80.0
COLUMN, ROW = 160.0, 120.0
HEAD = 30.0  # the strip with the name of a pool or lane
_ACTIVITY, _EVENT, _GATEWAY = (100.0, 80.0), (36.0, 36.0), (50.0, 50.0)


@dataclass
class Plan:
    """Boxes by element id; `frames`: those of lanes; `around`: the box that holds them all."""

    boxes: dict[str, Box] = field(default_factory=dict)
    frames: dict[str, Box] = field(default_factory=dict)
    around: Box = field(default_factory=lambda: Box(0, 0, 0, 0))


def columns(scope: Element, nodes: list[Element], lanes: list[Element]) -> Plan:
    """Every node in the column of its distance from a start, boundary events on the rim of their activity."""
    column = _distances(scope, nodes)
    leaves = [lane for lane in lanes if len(list(lane.iter(lane.tag))) == 1]
    band_of = {(r.text or ""): i for i, lane in enumerate(leaves) for r in lane.findall(f"{{{BPMN}}}flowNodeRef")}
    free = [n for n in nodes if not n.get("attachedToRef")]
    stacked: dict[tuple[int, int], list[Element]] = {}
    for node in free:
        key = node.get("id")
        stacked.setdefault((band_of.get(key, 0), column.get(key, 0)), []).append(node)
    rows = [
        max((len(s) for (b, _), s in stacked.items() if b == band), default=1) for band in range(max(1, len(leaves)))
    ]
    plan, width = Plan(), (max(column.values(), default=0) + 1) * COLUMN + 80
    for (band, at), found in stacked.items():
        top = TOP + sum(rows[:band]) * ROW
        for row, node in enumerate(found):
            plan.boxes[node.get("id")] = _centred(node, LEFT + at * COLUMN + 80, top + (row + 0.5) * ROW)
    for lane in lanes:
        bands = [band for band, leaf in enumerate(leaves) if leaf is lane or lane in leaf.iterancestors()]
        top, height = TOP + sum(rows[: bands[0]]) * ROW, sum(rows[band] for band in bands) * ROW
        plan.frames[lane.get("id")] = Box(LEFT - HEAD, top, width + HEAD, height)
    plan.around = Box(LEFT - 2 * HEAD, TOP, width + 2 * HEAD, sum(rows) * ROW)
    _attach(nodes, plan)
    return plan


def row(missing: list[Element], drawn: dict[str, Box]) -> Plan:
    """The nodes that are missing, side by side under everything that is drawn."""
    plan = Plan(boxes={})
    bottom = max((box.bottom for box in drawn.values()), default=TOP) + 60
    left = min((box.x for box in drawn.values()), default=LEFT)
    for at, node in enumerate(n for n in missing if not n.get("attachedToRef")):
        plan.boxes[node.get("id")] = _centred(node, left + at * COLUMN + 50, bottom + 40)
    known = Plan(boxes={**drawn, **plan.boxes})
    _attach(missing, known)
    plan.boxes |= {node.get("id"): known.boxes[node.get("id")] for node in missing}
    return plan


def line(source: Box, target: Box) -> list[Point]:
    """From the right side of one to the left side of the other, or around by the bottom where that runs back."""
    (sx, sy), (tx, ty) = source.centre, target.centre
    if target.x > source.right:
        middle = (source.right + target.x) / 2
        bend = [(middle, sy), (middle, ty)] if sy != ty else []
        return [(source.right, sy), *bend, (target.x, ty)]
    low = max(source.bottom, target.bottom) + 20
    return [(sx, source.bottom), (sx, low), (tx, low), (tx, target.bottom)]


def _distances(scope: Element, nodes: list[Element]) -> dict[str, int]:
    following: dict[str, list[str]] = {}
    for flow in (n for n in scope if local(n) == "sequenceFlow"):
        following.setdefault(flow.get("sourceRef"), []).append(flow.get("targetRef"))
    for node in nodes:
        if node.get("attachedToRef"):
            following.setdefault(node.get("attachedToRef"), []).append(node.get("id"))
    entered = {target for targets in following.values() for target in targets}
    begun = [n.get("id") for n in nodes if n.get("id") not in entered]
    found: dict[str, int] = {}
    for origin in [*begun, *(n.get("id") for n in nodes)]:  # the second part: rings that nothing leads into
        wave, distance = ([origin] if origin not in found else []), 0
        while wave:
            found.update(dict.fromkeys(wave, distance))
            wave = [target for source in wave for target in following.get(source, ()) if target not in found]
            distance += 1
    return found


def _centred(node: Element, x: float, y: float) -> Box:
    name = local(node)
    width, height = _EVENT if name.endswith("Event") else _GATEWAY if name.endswith("Gateway") else _ACTIVITY
    return Box(x - width / 2, y - height / 2, width, height)


def _attach(nodes: list[Element], plan: Plan) -> None:
    """Boundary events side by side on the lower rim; one whose activity is nowhere stands at the top."""
    count: dict[str, int] = {}
    for node in (n for n in nodes if n.get("attachedToRef") and local(n) in FLOW_NODES):
        host = plan.boxes.get(node.get("attachedToRef"))
        at = count[node.get("attachedToRef")] = count.get(node.get("attachedToRef"), -1) + 1
        x, y = (host.right - 20 - at * 40, host.bottom) if host else (LEFT + at * 60, TOP)
        plan.boxes[node.get("id")] = _centred(node, x, y)
