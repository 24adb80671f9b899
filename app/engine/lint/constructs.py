"""Which symbols the engine does not carry out, or not rightly; what to draw instead."""

from collections.abc import Iterator

from app.engine.lint.findings import Finding
from app.engine.lint.model import Diagram, Project, Scope, event_kind, interrupts, label
from app.engine.xml import BPMN

_BY_TAG = {
    "linkEventDefinition": (
        "link_event", "链接事件会让流程停在原地，引擎不执行。", "直接画一条连线；太远时把一段拆成被调用的子流程。"),
    "compensateEventDefinition": (
        "compensation", "补偿事件会被引擎忽略。", "画出撤销用的环节，用排他网关决定是否走到它。"),
    "complexGateway": (
        "complex_gateway", "引擎不支持复杂网关。", "改用并行网关和排他网关的组合。"),
    "adHocSubProcess": (
        "ad_hoc", "引擎不能可靠执行特设子流程。", "改用普通子流程，用网关画出各环节的先后。"),
    "inclusiveGateway": (
        "inclusive_gateway", "包容网关汇合时可能漏等一个分支。", "改用并行网关，每个分支里用排他网关决定做或跳过。"),
    "conditionalEventDefinition": (
        "conditional_event", "条件事件看不到其他分支改变的数据，可能永不触发。",
        "改用消息事件，由改变数据的一方发消息。"),
    "serviceTask": (
        "service_task", "没有可以连接的服务，引擎执行到这里会出错。", "改用脚本任务，在脚本里调用函数手册里的函数。"),
    "dataStoreReference": (
        "data_store", "引擎不读写数据存储。", "删去它；业务数据由表单和函数保存。"),
}  # fmt: skip


def check(project: Project) -> Iterator[Finding]:
    for diagram in project.diagrams:
        yield from _symbols(diagram)
        for scope in diagram.scopes:
            yield from _event_sub_process(diagram, scope)
            yield from _two_timers(diagram, scope)
            yield from _message_boundaries(diagram, scope)


def _symbols(diagram: Diagram) -> Iterator[Finding]:
    for tag, (code, message, remedy) in _BY_TAG.items():
        for node in diagram.root.iter(f"{{{BPMN}}}{tag}"):
            owner = node.getparent() if tag.endswith("EventDefinition") else node
            yield diagram.finding(code, owner, f"{label(owner)}：{message}", remedy)
    for node in diagram.root.xpath(".//*[@isForCompensation='true']"):
        _code, message, remedy = _BY_TAG["compensateEventDefinition"]
        yield diagram.finding("compensation", node, f"{label(node)}：{message}", remedy)


def _event_sub_process(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    if scope.element.get("triggeredByEvent") == "true":
        message = f"{label(scope.element)}：事件子流程不会中断主流程，还会改坏之后的办件。"
        remedy = "改为：把要中断的一段做成子流程或调用活动，在它边上挂中断型边界事件。"
        yield diagram.finding("event_subprocess", scope.element, message, remedy)


def _two_timers(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    for node_id, node in scope.nodes.items():
        if not node.tag.endswith("}eventBasedGateway"):
            continue
        targets = [scope.nodes[t] for t in scope.following(node_id) if t in scope.nodes]
        timers = [t for t in targets if event_kind(t) == "timer"]
        if len(timers) > 1:
            message = f"{label(node)}：事件网关后面有 {len(timers)} 个定时事件，都会按第一个的时间触发。"
            remedy = "只留最早的一个定时事件，或先用函数算出较早的时间。"
            yield diagram.finding("two_timers", node, message, remedy)


def _message_boundaries(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    for boundary in (b for group in scope.boundaries.values() for b in group):
        if event_kind(boundary) == "message" and not interrupts(boundary):
            message = f"{label(boundary)}：非中断的消息边界事件只能触发一次，第二条消息会被拒收。"
            remedy = "改为中断型；若要多次接收，由另一个流程受理，只在需要中断时发消息过来。"
            yield diagram.finding("non_interrupting_message", boundary, message, remedy)
