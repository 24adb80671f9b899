"""What may stand in a cell of a decision table: read once into a closed grammar, answered without `eval`.

A cell is Python in SpiffWorkflow. Only the part that means the same here and there is accepted:

    any value         (empty)   -
    one value         "engineer"   60   True   None
    comparison        ? >= 60   >= 60   ? != "none"   12 <= ? < 36
    a set             ? in ["engineer", "none"]   ? not in [1, 2]
    another input     ? >= required_months
    joined            ? < 12 or ? == 600   ? > 3 and ? != 5
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

MAX_CELL = 500  # characters; the library's own reading of `?` is quadratic
PLACE = "_cell_value"  # stands for `?`, a name no input may have
Test = Callable[[Any, Mapping[str, Any]], bool]
Value = Callable[[Any, Mapping[str, Any]], Any]

_QUOTED_OR_PLACE = re.compile(r"'[^']*'|\"[^\"]*\"|\?")
_LEADING_OPERATOR = re.compile(r"(<=|>=|==|!=|<|>)")
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda value, among: value in among,
    ast.NotIn: lambda value, among: value not in among,
}


class CellFault(ValueError):
    """A cell outside the grammar; the text says what is wrong, in Chinese."""


@dataclass(frozen=True)
class Cell:
    """One condition. `test` is None for any value; `literals` are the constants it compares with.

    `others` says that values nobody names in the cell matter too (`!=`, `not in`); `names` are the other inputs it
    reads; `ordered` says that it asks for more or less.
    """

    text: str
    test: Test | None = None
    literals: tuple[Any, ...] = ()
    names: frozenset[str] = frozenset()
    others: bool = False
    ordered: bool = False

    def matches(self, value: Any, inputs: Mapping[str, Any]) -> bool:
        return self.test is None or self.test(value, inputs)


@dataclass(frozen=True)
class Result:
    """What an output cell gives; `literals` are its constants, none where it hands on an input's value."""

    text: str
    value: Value
    literals: tuple[Any, ...] = ()


def read_condition(text: str | None, names: frozenset[str]) -> Cell:
    """The condition written in an input cell; `names` are the table's inputs. Raises CellFault."""
    written = (text or "").strip()
    if written in ("", "-"):
        return Cell(written)
    source = f"? {written}" if _LEADING_OPERATOR.match(written) else written
    tree = _parse(source)
    if not any(isinstance(node, ast.Name) and node.id == PLACE for node in ast.walk(tree)):
        wanted = _value(tree, names)
        return Cell(written, lambda value, inputs: bool(value == wanted(value, inputs)), *_traits(tree))
    return Cell(written, _condition(tree, names), *_traits(tree))


def read_output(text: str | None, names: frozenset[str]) -> Result:
    """The result written in an output cell: a constant, a list of constants or an input's value; empty gives "" as
    the library. Raises CellFault."""
    written = (text or "").strip()
    if not written:
        return Result("", lambda value, inputs: "")
    tree = _parse(written)
    if isinstance(tree, ast.List):
        found = _constants(tree)
        return Result(written, lambda value, inputs: list(found), tuple(found))
    literals = () if isinstance(tree, ast.Name) else (_constant(tree),)
    return Result(written, _value(tree, names), literals)


def read_constants(text: str) -> tuple[Any, ...]:
    """A closed list of values as dmn-js writes it, `"a","b"`. Raises CellFault."""
    tree = _parse(text.strip())
    return tuple(_constants(tree)) if isinstance(tree, ast.Tuple | ast.List) else (_constant(tree),)


def _parse(text: str) -> ast.expr:
    if len(text) > MAX_CELL:
        raise CellFault(f"单元格超过{MAX_CELL}个字符")
    source = _QUOTED_OR_PLACE.sub(lambda found: PLACE if found[0] == "?" else found[0], text)
    try:
        return ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise CellFault(f"单元格“{text}”不是可读的条件") from None


def _condition(node: ast.expr, names: frozenset[str]) -> Test:
    if isinstance(node, ast.BoolOp):
        parts = [_condition(part, names) for part in node.values]
        joined = all if isinstance(node.op, ast.And) else any
        return lambda value, inputs: joined(part(value, inputs) for part in parts)
    if isinstance(node, ast.Compare):
        return _comparison(node, names)
    raise CellFault(f"“{_shown(node)}”不是比较；条件须写成“? 比较符 值”，用 and 或 or 相连")


def _comparison(node: ast.Compare, names: frozenset[str]) -> Test:
    operands = [node.left, *node.comparators]
    steps: list[tuple[Value, Callable[[Any, Any], bool], Value]] = []
    for left, sign, right in zip(operands, node.ops, operands[1:], strict=False):
        compare = _COMPARE.get(type(sign))
        if compare is None:
            raise CellFault(f"“{_shown(node)}”中的比较符不可用")
        among = isinstance(sign, ast.In | ast.NotIn)
        steps.append((_value(left, names), compare, _set(right) if among else _value(right, names)))
    return lambda value, inputs: all(test(a(value, inputs), b(value, inputs)) for a, test, b in steps)


def _set(node: ast.expr) -> Value:
    if not isinstance(node, ast.List | ast.Tuple):
        raise CellFault(f"in 之后须是方括号列出的值，现为“{_shown(node)}”")
    found = _constants(node)
    return lambda value, inputs: found


def _value(node: ast.expr, names: frozenset[str]) -> Value:
    if isinstance(node, ast.List | ast.Tuple):
        raise CellFault(f"“{_shown(node)}”会与整个列表相比而永不相符；多个值请写成“? in [值, 值]”")
    if isinstance(node, ast.Name):
        name = node.id
        if name == PLACE:
            return lambda value, inputs: value
        if name not in names:
            raise CellFault(f"“{name}”不是本表的输入；文字须加双引号")
        return lambda value, inputs: inputs[name]
    constant = _constant(node)
    return lambda value, inputs: constant


def _constants(node: ast.Tuple | ast.List) -> list[Any]:
    return [_constant(part) for part in node.elts]


def _constant(node: ast.expr) -> Any:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = _constant(node.operand)
        if isinstance(number, int | float) and not isinstance(number, bool):
            return -number
    if isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, str | int | float)):
        if isinstance(node.value, str) and set(node.value) & set("'\"\\"):
            raise CellFault("文字中不能有引号和反斜线")
        return node.value
    raise CellFault(f"“{_shown(node)}”不可用；只能写文字、数字、True、False、None、输入名及其比较")


def _traits(tree: ast.expr) -> tuple[tuple[Any, ...], frozenset[str], bool, bool]:
    nodes = list(ast.walk(tree))
    negative = {id(node.operand): node for node in nodes if isinstance(node, ast.UnaryOp)}
    literals = tuple(_constant(negative.get(id(node), node)) for node in nodes if isinstance(node, ast.Constant))
    names = frozenset(node.id for node in nodes if isinstance(node, ast.Name) and node.id != PLACE)
    signs = {type(node) for node in nodes if isinstance(node, ast.cmpop)}
    return literals, names, bool(signs & {ast.NotEq, ast.NotIn}), bool(signs & {ast.Lt, ast.LtE, ast.Gt, ast.GtE})


def _shown(node: ast.AST) -> str:
    return ast.unparse(node).replace(PLACE, "?")
