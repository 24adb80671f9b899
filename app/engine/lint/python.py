"""The Python in the diagrams: scripts, conditions, times, property expressions and table cells."""

import ast
import re
from collections.abc import Iterator

from app.engine.lint.findings import Finding
from app.engine.lint.model import Diagram, Expression, Project, expressions, label
from app.engine.script_rules import ScriptProblem, ScriptRefused, check_source, parse_source
from app.engine.xml import BPMN, Element, local, properties

# functions whose first argument, when it is written out, names something of the notice
_NAMING = {"parameter": "parameter", "deadline": "parameter", "decide": "decision"}
MAX_CELL = 400  # characters; the library searches a cell in quadratic time
_WORD = re.compile(r"[a-z][a-z0-9_]*\Z")
_ISO = re.compile(r"\s*(R\d*/|P[T\d]|\d{4}-)")


def is_word(text: str) -> bool:
    """A plain code such as `unit_clerk`, as against an expression."""
    return bool(_WORD.match(text))


def check(project: Project) -> Iterator[Finding]:
    for diagram in project.diagrams:
        for expression in [*expressions(diagram.root), *_property_expressions(diagram)]:
            bare = _bare_time(diagram, expression)
            if bare:
                yield bare
                continue
            yield from _source(project, diagram, expression)
            yield from _named(project, diagram, expression)


def _source(project: Project, diagram: Diagram, expression: Expression) -> Iterator[Finding]:
    for problem in check_source(expression.source, expression.mode, project.vocabulary.functions):
        line = expression.line + problem.line - 1
        message = f"{expression.what}：{problem.message}"
        yield diagram.finding(problem.code, expression.element, message, problem.remedy, line=line)


_EVALUATED = {"organisation": "办理单位", "role": "办理角色", "person": "办理人", "deadline": "办理期限"}


def _property_expressions(diagram: Diagram) -> Iterator[Expression]:
    for node in diagram.root.iter(f"{{{BPMN}}}userTask", f"{{{BPMN}}}callActivity", f"{{{BPMN}}}manualTask"):
        values = properties(node)
        for key, what in _EVALUATED.items():
            value = values.get(key, "")
            if value and not is_word(value):
                yield Expression(node, value, "eval", node.sourceline, f"{label(node)}的{what}")


def _bare_time(diagram: Diagram, expression: Expression) -> Finding | None:
    if not expression.what.endswith("时间"):
        return None
    try:
        tree = parse_source(expression.source, "eval")
        constant = isinstance(tree, ast.Expression) and isinstance(tree.body, ast.Constant)
    except ScriptRefused:
        constant = bool(_ISO.match(expression.source))
    if not (constant or _ISO.match(expression.source)):
        return None
    message = f"{expression.what}写死为 {expression.source.strip()}。"
    remedy = '改为 deadline("参数名")，由通知的参数和工作日历算出期限。'
    return diagram.finding("bare_timer", expression.element, message, remedy, line=expression.line)


def _named(project: Project, diagram: Diagram, expression: Expression) -> Iterator[Finding]:
    try:
        tree = parse_source(expression.source, expression.mode)
    except ScriptRefused:
        return  # told already
    for kind, name in named(tree):
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            line = expression.line + name.lineno - 1
            yield from unknown(project, diagram, expression.element, kind, name.value, line)


def named(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """(`parameter` or `decision`, the expression of its name) of each call that asks the notice for one."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _NAMING and call.args:
            yield _NAMING[call.func.id], call.args[0]


def unknown(
    project: Project, diagram: Diagram, element: Element, kind: str, name: str, line: int | None = None
) -> Iterator[Finding]:
    """A finding if no parameter or decision of this name is known."""
    if kind == "parameter" and name not in project.vocabulary.parameters:
        message = f"{label(element)}：通知里没有参数 {name}。"
        remedy = "在通知的参数表里加上它，或改为已有的参数。"
        yield diagram.finding("unknown_parameter", element, message, remedy, line=line)
    if kind == "decision" and name not in project.decisions:
        message = f"{label(element)}：没有决策表 {name}。"
        remedy = "上传这张决策表，或改为已有决策表的编号。"
        yield diagram.finding("unknown_decision", element, message, remedy, line=line)


def check_tables(project: Project) -> Iterator[Finding]:
    """Cells of decision tables are Python in this engine and pass the same gate."""
    for file, root in project.tables.items():
        decisions = list(root.iter("{*}decision"))
        stem = file.rpartition("/")[2].removesuffix(".dmn")
        for decision in decisions[:1]:
            if decision.get("id") != stem:
                message = f"决策表编号 {decision.get('id')} 与文件名 {stem} 不一致。"
                remedy = f"把编号改为 {stem}，或改文件名。"
                yield Finding(file, "decision_file_name", decision.get("id"), decision.sourceline, message, remedy)
        if len(decisions) != 1:
            message = f"一个文件里应有一张决策表，现在有 {len(decisions)} 张。"
            yield Finding(file, "several_decisions", None, root.sourceline, message, "每张决策表各存成一个文件。")
        yield from _cells(project, file, root)


def _cells(project: Project, file: str, root: Element) -> Iterator[Finding]:
    for cell in root.iter("{*}inputExpression", "{*}inputEntry", "{*}outputEntry"):
        text_node = cell.find("{*}text")
        text = (text_node.text or "").strip() if text_node is not None else ""
        if not text or (text == "-" and local(cell) == "inputEntry"):
            continue
        for problem in _cell_problems(project, local(cell), text):
            element = cell.get("id") or cell.getparent().get("id")
            message = f"决策表单元格 {text}：{problem.message}"
            yield Finding(file, problem.code, element, text_node.sourceline, message, problem.remedy)


def _cell_problems(project: Project, kind: str, text: str) -> list[ScriptProblem]:
    functions = project.vocabulary.functions
    if len(text) > MAX_CELL:
        message = f"内容有 {len(text)} 个字符，超过上限 {MAX_CELL}。"
        return [ScriptProblem("script_too_long", 1, message, "拆成几行规则。")]
    if kind != "inputEntry":
        return check_source(text, "eval", functions)
    if "?" in text:
        return check_source(text.replace("?", "dmninputexpr"), "eval", functions)
    problems = check_source(text, "eval", functions)
    if any(p.code == "script_syntax" for p in problems):  # `>= 5`: the input stands to its left
        return check_source(f"dmninputexpr {text}", "eval", functions)
    return problems
