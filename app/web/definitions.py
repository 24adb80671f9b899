"""流程统计: the processes of every notice version, and one of them as a diagram with counts, heat and the slowest."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain import permissions
from app.domain.permissions import Grants
from app.errors import NotFound
from app.processes import monitor
from app.processes.figures import definition_list, definitions
from app.processes.figures.definitions import Board, Node
from app.web.session import grants, reading, visitor

blueprint = Blueprint("definitions", __name__)


@blueprint.get("/definitions")
def index() -> ResponseReturnValue:
    """`old`: only what runs on a version that is not the newest."""
    who, old = _overseer(), bool(request.args.get("old"))
    with reading() as session:
        lines = definition_list.listing(session, who)
        as_of = definitions.as_of(session)
    shown = [line for line in lines if not old or (line.running and not line.newest)]
    waiting = sum(line.running for line in lines if not line.newest)
    return render_template("definitions/index.html", lines=shown, old=old, on_old=waiting, as_of=as_of)


@blueprint.get("/definitions/<int:version_id>/<process>")
def show(version_id: int, process: str) -> ResponseReturnValue:
    """`heat`: frequency or days; `element` lists the slowest cases of a step."""
    who, element = _overseer(), request.args.get("element", "")
    heat = request.args.get("heat", "frequency")
    heat = heat if heat in definitions.HEATS else "frequency"
    with reading() as session:
        board = definitions.board(session, who, version_id, process, heat)
        chosen = next((node for node in board.nodes if node.id == element), None)
        if element and chosen is None:
            raise NotFound("没有找到该步骤。")
        slowest = definitions.slowest(session, who, version_id, process, element) if chosen else []
        openable = monitor.openable(session, who, {each.instance_id for each in slowest})
    shown: dict[str, Any] = {"heat": heat, "heats": definitions.HEATS, "chosen": chosen, "slowest": slowest}
    shown["instances_at"] = instances_at
    return render_template("definitions/show.html", board=board, state=_state(board, heat), openable=openable, **shown)


def _state(board: Board, heat: str) -> dict[str, Any]:
    """What the diagram island paints."""
    return {
        "heat": board.levels,
        "counts": {
            node.id: {"open": node.open, "overdue": node.overdue, "incidents": node.incidents}
            for node in board.nodes
            if node.open or node.incidents
        },
        "labels": {node.id: _label(node, heat) for node in board.nodes if _measured(node, heat)},
        "details": {node.id: _details(board, node) for node in board.nodes if node.told},
        "hint": "点选图中的一步，可查看数量和用时，并进入办理事项清单。",
    }


def _measured(node: Node, heat: str) -> int:
    if node.kind not in definitions.STEPS:
        return 0
    return node.passed if heat == "frequency" else node.spread.count


def _label(node: Node, heat: str) -> str:
    return f"{node.passed}次" if heat == "frequency" else f"{node.spread.median}日"


def _details(board: Board, node: Node) -> dict[str, Any]:
    here: dict[str, Any] = {"version_id": board.version.id, "process": board.process}
    links = [["最慢的办理事项", url_for("definitions.show", **here, element=node.id, _anchor="slowest")]]
    if node.open or node.incidents:
        links.insert(0, [f"在办事项清单（{node.open}件）", instances_at(board, node)])
    return {"name": node.name, "lines": _lines(node), "links": links}


def instances_at(board: Board, node: Node) -> str:
    """The list of the instances that stand at an element."""
    return url_for("instances.index", version=board.version.id, element=node.id)


def _lines(node: Node) -> list[list[str]]:
    counts = {"在办": node.open, "逾期": node.overdue, "异常": node.incidents}
    found = [*([words, f"{count}件"] for words, count in counts.items()), ["经过", f"{node.passed}次"]]
    took = node.spread
    if took.count:
        words = f"中位{took.median}、九成不超过{took.p90}、最长{took.worst}个工作日（办结{took.count}项）"
        found.append(["用时", words])
    return found


def _overseer() -> Grants:
    visitor()
    who = grants()
    permissions.require_role(who, *monitor.OVERSEERS)
    return who
