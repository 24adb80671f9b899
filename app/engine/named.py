"""Which parameters of the notice the drawn elements name: in scripts, conditions and times, and as their deadline."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.engine.lint.model import Expression, expressions, owner_id, read_diagram
from app.engine.lint.python import is_word, named
from app.engine.lint.references import CALLER
from app.engine.script_rules import ScriptRefused, parse_source
from app.engine.xml import BPMN, Element, XmlRefused, parse, properties


@dataclass(frozen=True)
class Named:
    """The element `element` of `file`, called `name` on the drawing, asks for `parameter`.

    `completion_*` where only the beginning is written out: `deadline("completion_" + level)`.
    """

    file: str
    element: str
    name: str
    parameter: str

    def asks_for(self, key: str) -> bool:
        return key == self.parameter or (self.parameter[-1:] == "*" and key.startswith(self.parameter[:-1]))


def parameters(files: Mapping[str, bytes]) -> Iterator[Named]:
    """As the designer wrote them out, by file; files that cannot be read say nothing."""
    for file, content in files.items():
        try:
            root = parse(content)
        except XmlRefused:
            continue
        if root.tag != f"{{{BPMN}}}definitions":
            continue
        names = {node.get("id"): " ".join((node.get("name") or "").split()) for node in root.iter(f"{{{BPMN}}}*")}
        for element, parameter in _asked(read_diagram(file, root).root):
            yield Named(file, element, names.get(element) or element, parameter)


def _asked(root: Element) -> Iterator[tuple[str, str]]:
    for expression in expressions(root):
        yield from ((owner_id(expression.element) or "", each) for each in _in(expression))
    for node in root.iter(f"{{{BPMN}}}*"):
        deadline = properties(node).get("deadline", "")
        if is_word(deadline) and deadline != CALLER:
            yield node.get("id") or "", deadline


def _in(expression: Expression) -> Iterator[str]:
    try:
        tree = parse_source(expression.source, expression.mode)
    except ScriptRefused:
        return
    for kind, name in named(tree):
        found = name.left if isinstance(name, ast.BinOp) and isinstance(name.op, ast.Add) else name
        if kind == "parameter" and isinstance(found, ast.Constant) and isinstance(found.value, str):
            yield found.value if found is name else f"{found.value}*"
