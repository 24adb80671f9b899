"""Boundary events that are sound each by itself and go wrong with what runs inside or behind their activity."""

from collections.abc import Iterator

from app.engine.lint.findings import Finding
from app.engine.lint.flow import reach
from app.engine.lint.model import Diagram, Project, Scope, event_kind, label
from app.engine.xml import BPMN, Element, local

_CODED = ("error", "escalation")


def check(project: Project) -> Iterator[Finding]:
    for diagram in project.diagrams:
        for scope in diagram.scopes:
            for host, boundaries in scope.boundaries.items():
                for boundary in boundaries:
                    yield from _caught_twice(project, diagram, scope.nodes.get(host), boundary)
                    yield from _piling_up(project, diagram, scope, boundary)


def _caught_twice(project: Project, diagram: Diagram, host: Element | None, boundary: Element) -> Iterator[Finding]:
    """The engine hands an error to everybody who waits for its code, whatever lies in between."""
    code = _code(boundary)
    if code is None or host is None:
        return
    for inner in _inside(project, host, set()):
        if local(inner) == "boundaryEvent" and _code(inner) == code:
            message = f"{label(boundary)}：里面的{label(inner)}也在等错误代码 {code[1]}，抛出时两处都会触发。"
            remedy = "里外两处用不同的错误代码：里面处理完后，需要外面知道的，以另一个代码结束。"
            yield diagram.finding("error_caught_twice", boundary, message, remedy)
            return


def _piling_up(project: Project, diagram: Diagram, scope: Scope, boundary: Element) -> Iterator[Finding]:
    """What a repeating timer began goes with the timer's activity, done or not; and each time adds to it."""
    if event_kind(boundary) != "timer" or next(boundary.iter(f"{{{BPMN}}}timeCycle"), None) is None:
        return
    behind = (scope.nodes[each] for each in sorted(reach(scope, [boundary.get("id")])))
    people = (task for node in behind for task in _inside(project, node, set()) if local(task) == "userTask")
    task = next(people, None)
    if task is not None:
        message = f"{label(boundary)}：每次到时都会多出一件{label(task)}，主环节一办结就全部作废。"
        remedy = "重复的定时事件后面只放脚本（如提醒）；要有人办理的，改为只到时一次的定时事件。"
        yield diagram.finding("repeating_task", boundary, message, remedy)


def _code(boundary: Element) -> tuple[str, str] | None:
    """(error or escalation, its code) that the boundary event waits for."""
    kind = event_kind(boundary)
    if kind not in _CODED:
        return None
    reference = next(boundary.iter(f"{{{BPMN}}}{kind}EventDefinition")).get(f"{kind}Ref") or ""
    declared = boundary.getroottree().getroot().iter(f"{{{BPMN}}}{kind}")
    return kind, next((each.get(f"{kind}Code") or reference for each in declared if each.get("id") == reference), "")


def _inside(project: Project, node: Element, seen: set[str]) -> Iterator[Element]:
    """The node and all that runs while it does: what a sub-process holds, and the processes that are called."""
    for each in node.iter(f"{{{BPMN}}}*"):
        yield each
        called = each.get("calledElement") or ""
        if local(each) == "callActivity" and called not in seen:
            seen.add(called)
            found = project.process(called)
            if found is not None:
                yield from _inside(project, found[1], seen)
