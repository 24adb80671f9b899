"""Can a token travel: starts, ends, reachability, gateways, joins inside loops."""

from collections.abc import Iterable, Iterator

from app.engine.lint.findings import Finding
from app.engine.lint.model import Diagram, Project, Scope, event_kind, interrupts, label
from app.engine.xml import BPMN, Element, local


def check(project: Project) -> Iterator[Finding]:
    for diagram in project.diagrams:
        for scope in diagram.scopes:
            if scope.element.get("triggeredByEvent") == "true" or local(scope.element) == "adHocSubProcess":
                continue  # refused as a whole
            yield from _starts(diagram, scope)
            yield from _reachable(diagram, scope)
            yield from _branches(diagram, scope)
            yield from _joins(diagram, scope)
            yield from _boundary_ends(diagram, scope)


def reach(scope: Scope, starts: Iterable[str], stop: frozenset[str] = frozenset()) -> set[str]:
    """Ids a token starting at `starts` can come to; it does not travel on from the ids in `stop`."""
    seen = set(starts)
    stack = list(seen)
    while stack:
        node_id = stack.pop()
        if node_id in stop:
            continue
        for following in scope.following(node_id):
            if following not in seen:
                seen.add(following)
                stack.append(following)
    return seen


def _starts(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    if not scope.nodes:
        message = f"{label(scope.element)}里没有任何环节。"
        yield diagram.finding("empty_process", scope.element, message, "画出开始事件、环节和结束事件，或删去它。")
        return
    starts = [n for n in scope.nodes.values() if local(n) == "startEvent"]
    if not starts:
        message = f"{label(scope.element)}没有开始事件。"
        yield diagram.finding("no_start", scope.element, message, "画一个开始事件并连到第一个环节。")
    plain = [n for n in starts if not event_kind(n)]
    for extra in plain[1:]:
        message = f"{label(extra)}：一个流程只能有一个普通开始事件，多出的不会执行。"
        yield diagram.finding("several_starts", extra, message, "只留一个开始事件，用网关分出不同的开头。")


def _reachable(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    starts = [i for i, n in scope.nodes.items() if local(n) == "startEvent"]
    links = {i for i, n in scope.nodes.items() if event_kind(n) == "link"}  # refused as such: one finding is enough
    seen = reach(scope, {*starts, *links})
    for node_id, node in scope.nodes.items():
        if local(node) == "subProcess" and node.get("triggeredByEvent") == "true":
            continue
        if node_id not in seen and starts:
            message = f"{label(node)}：从开始事件走不到这里，引擎会忽略它。"
            yield diagram.finding("unreachable", node, message, "画一条连线通到它，或把它删去。")
        elif local(node) != "endEvent" and node_id not in links and not scope.outgoing.get(node_id):
            message = f"{label(node)}：没有流出的连线，办件会停在这里。"
            yield diagram.finding("dead_end", node, message, "画一条连线通到下一环节或结束事件。")


def _branches(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    for node_id, node in scope.nodes.items():
        flows = scope.outgoing.get(node_id, [])
        if len(flows) < 2:
            continue
        if local(node) == "exclusiveGateway":
            yield from _exclusive(diagram, node, flows)
        elif local(node) == "eventBasedGateway":
            yield from _event_gateway(diagram, scope, node)
        elif not local(node).endswith("Gateway"):
            message = f"{label(node)}：从一个环节直接分出了 {len(flows)} 条连线。"
            yield diagram.finding("several_outgoing", node, message, "在它后面加一个网关，由网关分支。")


def _exclusive(diagram: Diagram, node: Element, flows: list[Element]) -> Iterator[Finding]:
    default = node.get("default")
    if not default:
        message = f"{label(node)}：没有默认出口，条件都不满足时流程会中断。"
        yield diagram.finding("gateway_without_default", node, message, "把其中一条连线设为默认流。")
    if not (node.get("name") or "").strip():
        message = f"网关 {node.get('id')} 没有写出要判断的问题。"
        yield diagram.finding("gateway_without_label", node, message, "给网关写上问题，例如“是否齐全？”。")
    for flow in flows:
        condition = flow.find(f"{{{BPMN}}}conditionExpression")
        if flow.get("id") != default and (condition is None or not (condition.text or "").strip()):
            message = f"连线 {label(flow)} 没有条件。"
            yield diagram.finding("flow_without_condition", flow, message, "给连线写上条件，或把它设为默认流。")
        if not (flow.get("name") or "").strip():
            message = f"连线 {flow.get('id')} 没有写出对应的回答。"
            yield diagram.finding("flow_without_label", flow, message, "给连线写上回答，例如“是”“否”。")


def _event_gateway(diagram: Diagram, scope: Scope, node: Element) -> Iterator[Finding]:
    for target in (scope.nodes[t] for t in scope.following(node.get("id")) if t in scope.nodes):
        if not (target.get("name") or "").strip():
            message = f"事件网关后的 {target.get('id')} 没有名称，看图的人不知道在等什么。"
            yield diagram.finding("event_without_label", target, message, "给事件写上名称，例如“公示期满”。")


def _joins(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    joins = [i for i, n in scope.nodes.items() if local(n) == "parallelGateway" and len(scope.incoming.get(i, ())) > 1]
    for join in joins:
        if join in reach(scope, scope.following(join)):
            node = scope.nodes[join]
            message = f"{label(node)}：并行汇合在循环里，第二轮起可能不等齐就往下走。"
            remedy = "把并行分支到汇合的一段包进一个子流程，让循环绕着子流程走。"
            yield diagram.finding("join_in_loop", node, message, remedy)


def _boundary_ends(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    """An end reached only through an interrupting boundary must end the others too: an open side task would
    keep the instance alive."""
    boundaries = {b.get("id") for group in scope.boundaries.values() for b in group if interrupts(b)}
    starts = [i for i, n in scope.nodes.items() if local(n) == "startEvent"]
    ordinary = reach(scope, starts, stop=frozenset(boundaries))
    for end in sorted(reach(scope, boundaries) - ordinary):
        node = scope.nodes[end]
        if local(node) == "endEvent" and event_kind(node) not in ("terminate", "error", "cancel"):
            message = f"{label(node)}：中断型边界事件之后用了普通结束，其他未办的环节会让办件结束不了。"
            remedy = "改为终止结束事件，或带错误代码的错误结束事件。"
            yield diagram.finding("plain_end_after_boundary", node, message, remedy)
