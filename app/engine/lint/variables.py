"""Variables that are gone: set only inside an activity that a boundary event leaves, and read after it.

Set by an activity: what its scripts assign, the results of its decision tables, `decision` and fields of its
forms, message variables; for a call also everything of the called processes. Whatever a node upstream or on the
way from the boundary sets is taken as present.
"""

import ast
from collections.abc import Iterator
from functools import lru_cache

from app.engine.lint.findings import Finding
from app.engine.lint.flow import reach
from app.engine.lint.model import Diagram, Project, Scope, expressions, interrupts, label
from app.engine.script_rules import Mode, ScriptRefused, parse_source
from app.engine.xml import BPMN, NAMESPACES, Element, local, properties


def check(project: Project) -> Iterator[Finding]:
    writes = _Writes(project)
    for diagram in project.diagrams:
        for scope in diagram.scopes:
            for host, boundaries in scope.boundaries.items():
                if host not in scope.nodes:
                    continue
                lost = writes.of(scope.nodes[host]) - _upstream(scope, host, writes)
                for boundary in boundaries:
                    if lost and interrupts(boundary):
                        yield from _read_after(diagram, scope, host, boundary, lost, writes)


class _Writes:
    """Which variables a node sets, itself and all inside it; asked often, so remembered."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[Element, set[str]] = {}

    def of(self, node: Element) -> set[str]:
        if node not in self._known:
            self._known[node] = set()  # a recursive call ends here
            self._known[node] = self._find(node)
        return self._known[node]

    def _find(self, node: Element) -> set[str]:
        found = {name for e in expressions(node) if e.mode == "exec" for name in _names(e.source, e.mode, ast.Store)}
        found.update(n.text.strip() for n in node.iter("{*}messageVariable") if n.text)
        found.update(n.get("resultVariable") for n in node.iter("{*}serviceTaskOperator") if n.get("resultVariable"))
        for rule in node.iter(f"{{{BPMN}}}businessRuleTask"):
            found |= self._outputs(rule)
        for task in node.iter(f"{{{BPMN}}}userTask"):
            found |= {"agreed", "refused"} if properties(task).get("refusal") else set()
            found |= {"decision"} | self._project.vocabulary.forms.get(properties(task).get("form", ""), frozenset())
        for call in node.iter(f"{{{BPMN}}}callActivity"):
            target = self._project.process(call.get("calledElement"))
            if target is not None:
                found |= self.of(target[1])
        return found

    def _outputs(self, rule: Element) -> set[str]:
        wanted = rule.xpath("./bpmn:extensionElements/spiffworkflow:calledDecisionId/text()", namespaces=NAMESPACES)
        found = set()
        for root in self._project.tables.values():
            for decision in root.iter("{*}decision"):
                if decision.get("id") in wanted:
                    found |= {o.get("name") for o in decision.iter("{*}output") if o.get("name")}
        return found


def _upstream(scope: Scope, host: str, writes: _Writes) -> set[str]:
    before = [i for i in scope.nodes if i != host and host in reach(scope, [i])]
    after_host = reach(scope, scope.following(host), stop=frozenset([host]))
    # a node that is reached only by way of the host has not run when the host is left for the first time
    first = reach(scope, [i for i, n in scope.nodes.items() if local(n) == "startEvent"], stop=frozenset([host]))
    return {name for i in before if i in first or i not in after_host for name in writes.of(scope.nodes[i])}


def _read_after(
    diagram: Diagram, scope: Scope, host: str, boundary: Element, lost: set[str], writes: _Writes
) -> Iterator[Finding]:
    for name in sorted(lost - writes.of(boundary)):
        setters = frozenset(i for i, n in scope.nodes.items() if name in writes.of(n))
        for node_id in sorted(reach(scope, [boundary.get("id")], stop=setters) - {host}):
            for element in [scope.nodes.get(node_id), *scope.outgoing.get(node_id, ())]:
                if element is not None and name in _reads(element):
                    where = label(scope.nodes[host])
                    message = f"{label(element)}用到变量 {name}，它只在 {where} 里设置，经边界事件离开后就没有了。"
                    remedy = "在边界事件之后重新设置它，或在进入该环节之前先给它一个值。"
                    yield diagram.finding("lost_variable", element, message, remedy)


def _reads(element: Element) -> set[str]:
    found: set[str] = set()
    assigned: set[str] = set()
    for expression in expressions(element):
        found |= _names(expression.source, expression.mode, ast.Load) - assigned
        if expression.mode == "exec":
            assigned |= _names(expression.source, expression.mode, ast.Store)
    return found


@lru_cache(maxsize=4096)
def _names(source: str, mode: Mode, context: type[ast.expr_context]) -> frozenset[str]:
    """Names a piece sets, or names it reads before it has set them at its top level.

    Asked for again and again: of one diagram for each way on from a boundary event, and while somebody draws.
    """
    try:
        tree = parse_source(source, mode)
    except ScriptRefused:
        return frozenset()
    if context is ast.Store or not isinstance(tree, ast.Module):
        return frozenset(_names_in(tree, context))
    found: set[str] = set()
    assigned: set[str] = set()
    for statement in tree.body:
        found |= _names_in(statement, ast.Load) - assigned
        if isinstance(statement, (ast.Assign, ast.For)):
            assigned |= _names_in(statement, ast.Store)
    return frozenset(found)


def _names_in(tree: ast.AST, context: type[ast.expr_context]) -> set[str]:
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, context)}
    if context is ast.Load:
        changed = [n.target for n in ast.walk(tree) if isinstance(n, ast.AugAssign)]
        names |= {target.id for target in changed if isinstance(target, ast.Name)}
        names -= {
            m.id for n in ast.walk(tree) if isinstance(n, ast.comprehension) for m in ast.walk(n.target)
            if isinstance(m, ast.Name)
        }  # fmt: skip
    return names
