"""What a set of diagrams and tables offers to whoever draws one more: processes, decisions, variables, used forms."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.engine.lint.model import expressions
from app.engine.lint.references import CALLER
from app.engine.script_rules import ScriptRefused, parse_source
from app.engine.xml import BPMN, Element, XmlRefused, parse, properties


@dataclass(frozen=True)
class Table:
    """A decision table by its id."""

    id: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass
class Catalogue:
    """`processes` id → name, `decisions` by id, `forms` key → name of the first task, or call, that shows it."""

    processes: dict[str, str] = field(default_factory=dict)
    decisions: list[Table] = field(default_factory=list)
    forms: dict[str, str] = field(default_factory=dict)
    variables: set[str] = field(default_factory=set)


def catalogue(files: Mapping[str, bytes]) -> Catalogue:
    """Of all files that can be read; the others offer nothing."""
    found = Catalogue()
    for content in files.values():
        try:
            root = parse(content)
        except XmlRefused:
            continue
        _diagram(found, root)
        _tables(found, root)
    return found


def _diagram(found: Catalogue, root: Element) -> None:
    for process in root.iter(f"{{{BPMN}}}process"):
        found.processes[process.get("id", "")] = process.get("name") or process.get("id", "")
    for task in root.iter(f"{{{BPMN}}}userTask", f"{{{BPMN}}}callActivity"):
        form = properties(task).get("form", CALLER)
        if form != CALLER:
            found.forms.setdefault(form, " ".join((task.get("name") or "").split()))
    for expression in expressions(root):
        if expression.mode == "exec":
            found.variables |= _assigned(expression.source)
    found.variables |= {node.text.strip() for node in root.iter("{*}messageVariable") if node.text}


def _tables(found: Catalogue, root: Element) -> None:
    for decision in root.iter("{*}decision"):
        inputs = [(node.findtext("{*}inputExpression/{*}text") or "").strip() for node in decision.iter("{*}input")]
        outputs = [node.get("name", "") for node in decision.iter("{*}output")]
        name = decision.get("name") or decision.get("id", "")
        found.decisions.append(Table(decision.get("id", ""), name, tuple(inputs), tuple(outputs)))
        found.variables |= {name for name in outputs if name}


def _assigned(source: str) -> set[str]:
    try:
        tree = parse_source(source, "exec")
    except ScriptRefused:
        return set()
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
