"""What designers may write in scripts, conditions and table cells: a small part of Python, checked by its tree.

Multiplication: an operand may be a number, a name, an item of data, a call or arithmetic of these, but never
text, a list or anything that visibly makes one; what a name really holds is checked again when the script runs.
"""

import ast
import textwrap
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Literal

Mode = Literal["eval", "exec"]

MAX_CHARACTERS = 4000
MAX_NODES = 600
MAX_LOOP_DEPTH = 3
MAX_COMPREHENSION_LOOPS = 2
MAX_DIGITS = 15

BUILTINS = frozenset(
    ["len", "min", "max", "sum", "any", "all", "sorted", "list", "dict", "str", "int", "bool", "round", "abs"]
)  # fmt: skip
DATA_METHODS: dict[type, frozenset[str]] = {
    str: frozenset(["startswith", "endswith", "strip", "lower", "upper", "split", "join"]),
    list: frozenset(["append", "remove", "index", "count", "pop", "insert"]),
    dict: frozenset(["get", "items", "keys", "values", "update", "pop", "setdefault"]),
    tuple: frozenset(["index", "count"]),
}
METHOD_NAMES = frozenset().union(*DATA_METHODS.values())

_REFUSED_STATEMENTS: dict[type[ast.AST], tuple[str, str, str]] = {
    ast.Import: ("script_import", "脚本不能使用 import。", "改用函数手册里的函数。"),
    ast.ImportFrom: ("script_import", "脚本不能使用 import。", "改用函数手册里的函数。"),
    ast.While: ("script_while", "脚本不能使用 while 循环。", "改用 for 逐项处理数据，或在流程图上画出循环。"),
    ast.Try: ("script_try", "脚本不能使用 try。", "删去 try；脚本出错时系统会登记异常并通知流程设计员。"),
    ast.TryStar: ("script_try", "脚本不能使用 try。", "删去 try；脚本出错时系统会登记异常并通知流程设计员。"),
    ast.FunctionDef: ("script_def", "脚本不能定义函数。", "把步骤直接写出来，或请开发人员增加一个函数。"),
    ast.AsyncFunctionDef: ("script_def", "脚本不能定义函数。", "把步骤直接写出来，或请开发人员增加一个函数。"),
    ast.Lambda: ("script_lambda", "脚本不能使用 lambda。", "改用列表推导式逐项写出。"),
    ast.ClassDef: ("script_class", "脚本不能定义类。", "改用字典保存数据。"),
    ast.Global: ("script_global", "脚本不能使用 global。", "变量本来就在整个流程里可见，删去这一行。"),
    ast.Nonlocal: ("script_global", "脚本不能使用 nonlocal。", "变量本来就在整个流程里可见，删去这一行。"),
    ast.With: ("script_with", "脚本不能使用 with。", "脚本不能打开文件或连接，改用函数手册里的函数。"),
    ast.AsyncWith: ("script_with", "脚本不能使用 with。", "脚本不能打开文件或连接，改用函数手册里的函数。"),
    ast.AsyncFor: ("script_await", "脚本不能使用 async。", "改用普通的 for。"),
    ast.Await: ("script_await", "脚本不能使用 await。", "直接调用函数。"),
    ast.Yield: ("script_yield", "脚本不能使用 yield。", "把结果放进列表。"),
    ast.YieldFrom: ("script_yield", "脚本不能使用 yield。", "把结果放进列表。"),
    ast.Starred: ("script_star", "脚本不能使用星号展开。", "把各项逐一写出。"),
}  # fmt: skip

_ALLOWED_NODES: tuple[type[ast.AST], ...] = (
    ast.Module, ast.Expression, ast.Expr, ast.Assign, ast.AugAssign, ast.Delete, ast.If, ast.For, ast.Pass,
    ast.Break, ast.Continue, ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.Call, ast.keyword,
    ast.Constant, ast.JoinedStr, ast.FormattedValue, ast.Name, ast.Attribute, ast.Subscript, ast.Slice,
    ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp,
    ast.comprehension, ast.expr_context, ast.boolop, ast.unaryop, ast.cmpop, ast.operator,
)  # fmt: skip
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod)
_SEQUENCES = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.JoinedStr, ast.ListComp, ast.SetComp, ast.DictComp,
              ast.GeneratorExp)  # fmt: skip
_SEQUENCE_MAKERS = frozenset({"str", "list", "dict", "sorted"})
_LOOP_SOURCES = (ast.Name, ast.Subscript, ast.Call, ast.List, ast.Tuple)


@dataclass(frozen=True)
class ScriptProblem:
    """`line` counts from 1 within the script; message and remedy are for the designer."""

    code: str
    line: int
    message: str
    remedy: str


class ScriptRefused(ValueError):
    """A script that may not run; `problems` says all that is wrong with it."""

    def __init__(self, problems: list[ScriptProblem]) -> None:
        super().__init__("；".join(f"第 {p.line} 行：{p.message}" for p in problems))
        self.problems = problems


def normalised(source: str, mode: Mode) -> str:
    """The text as Python wants it: XML indentation taken off; lines of a script keep their numbers."""
    return source.strip() if mode == "eval" else textwrap.dedent(source).rstrip()


def parse_source(source: str, mode: Mode) -> ast.AST:
    """The tree of a script, or ScriptRefused where it is too long or no Python."""
    if len(source) > MAX_CHARACTERS:
        raise ScriptRefused([ScriptProblem(
            "script_too_long", 1, f"脚本有 {len(source)} 个字符，超过上限 {MAX_CHARACTERS}。",
            "拆成几个脚本任务，或把规则放进决策表。",
        )])  # fmt: skip
    text = normalised(source, mode)
    if mode == "eval" and not text:
        raise ScriptRefused([ScriptProblem("script_empty", 1, "表达式是空的。", "填写一个条件或取值。")])
    try:
        return ast.parse(text, "<string>", mode)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        detail = getattr(error, "msg", None) or type(error).__name__
        message = f"不是正确的{'表达式' if mode == 'eval' else '脚本'}（{detail}）。"
        remedy = "检查括号、引号、冒号是否成对，比较相等要写两个等号（==）。"
        raise ScriptRefused([ScriptProblem("script_syntax", line, message, remedy)]) from error


def check_source(source: str, mode: Mode, functions: Collection[str] | None) -> list[ScriptProblem]:
    """Everything a script (`exec`) or expression (`eval`) does that is not allowed.

    `functions` are the names it may call besides `BUILTINS`; None leaves unknown names to run time.
    """
    try:
        tree = parse_source(source, mode)
    except ScriptRefused as refused:
        return refused.problems
    nodes = list(ast.walk(tree))
    if len(nodes) > MAX_NODES:
        message = f"脚本有 {len(nodes)} 个语法单元，超过上限 {MAX_NODES}。"
        return [ScriptProblem("script_too_long", 1, message, "拆成几个脚本任务，或把规则放进决策表。")]
    context = _Context(functions, _called_names(nodes), _handled_methods(nodes))
    found = {p for node in nodes for p in _problems(node, context)}
    found.update(_deep_loops(tree, 0))
    return sorted(found, key=lambda p: (p.line, p.code, p.message))


@dataclass(frozen=True)
class _Context:
    functions: Collection[str] | None
    called: frozenset[int]  # identities of Name nodes that stand where a function is called or is a sort key
    methods: frozenset[int]  # identities of Attribute nodes that are called


def _called_names(nodes: list[ast.AST]) -> frozenset[int]:
    calls = [n for n in nodes if isinstance(n, ast.Call)]
    keys = [k.value for call in calls for k in call.keywords if k.arg == "key"]
    return frozenset(id(n) for n in [*(call.func for call in calls), *keys])


def _handled_methods(nodes: list[ast.AST]) -> frozenset[int]:
    return frozenset(id(n.func) for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute))


def _problems(node: ast.AST, context: _Context) -> Iterator[ScriptProblem]:
    refused = _REFUSED_STATEMENTS.get(type(node))
    if refused:
        code, message, remedy = refused
        yield ScriptProblem(code, _line(node), message, remedy)
    elif not isinstance(node, _ALLOWED_NODES):
        message = f"脚本不能使用 {type(node).__name__}。"
        yield ScriptProblem("script_forbidden", _line(node), message, "只用赋值、if、for 和函数调用。")
    check = _CHECKS.get(type(node))
    if check:
        yield from check(node, context)


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 1))


def _check_name(node: ast.Name, context: _Context) -> Iterator[ScriptProblem]:
    if node.id.startswith("_"):
        message = f"名称“{node.id}”以下划线开头，留给系统内部使用。"
        yield ScriptProblem("private_name", _line(node), message, "换一个不以下划线开头的名称。")
    known = BUILTINS | set(context.functions or ())
    if node.id not in known:
        return
    if not isinstance(node.ctx, ast.Load):
        message = f"变量“{node.id}”与函数同名，之后就调不到这个函数了。"
        yield ScriptProblem("shadows_function", _line(node), message, "给变量换一个名称。")
    elif id(node) not in context.called:
        message = f"函数“{node.id}”后面缺少括号，取到的是函数本身而不是结果。"
        yield ScriptProblem("function_as_value", _line(node), message, f"写成 {node.id}(…)。")


def _check_attribute(node: ast.Attribute, context: _Context) -> Iterator[ScriptProblem]:
    if node.attr.startswith("_"):
        message = f"属性“{node.attr}”以下划线开头，可能借此越出脚本的范围。"
        yield ScriptProblem("private_attribute", _line(node), message, "只用数据的普通方法。")
    elif id(node) not in context.methods:
        message = f"不能读写属性“.{node.attr}”。"
        remedy = f'字典的内容写成 数据["{node.attr}"] 或 数据.get("{node.attr}")。'
        yield ScriptProblem("script_attribute", _line(node), message, remedy)
    elif node.attr not in METHOD_NAMES:
        message = f"方法“.{node.attr}()”不在允许的范围。"
        remedy = "可用的方法：" + "、".join(sorted(METHOD_NAMES)) + "。"
        yield ScriptProblem("script_method", _line(node), message, remedy)


def _check_call(node: ast.Call, context: _Context) -> Iterator[ScriptProblem]:
    if isinstance(node.func, ast.Name):
        if context.functions is not None and node.func.id not in BUILTINS | set(context.functions):
            message = f"没有名为“{node.func.id}”的函数。"
            yield ScriptProblem("unknown_function", _line(node), message, "对照函数手册检查函数的名称。")
    elif not isinstance(node.func, ast.Attribute):
        message = "只能按名称调用函数。"
        yield ScriptProblem("script_call", _line(node), message, "直接写函数名，后面跟括号。")
    if any(keyword.arg is None for keyword in node.keywords):
        message = "脚本不能使用星号展开。"
        yield ScriptProblem("script_star", _line(node), message, "把各项逐一写出。")


def _check_arithmetic(node: ast.BinOp | ast.AugAssign, _context: _Context) -> Iterator[ScriptProblem]:
    if not isinstance(node.op, _OPERATORS):
        message = "脚本只能用加、减、乘、除、整除和取余，不能用乘方（**）和位运算。"
        yield ScriptProblem("script_power", _line(node), message, "把乘方写成几次相乘。")
    operands = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
    if isinstance(node.op, ast.Mult) and any(_makes_sequence(n) for n in operands):
        message = "乘号只能用在数字之间，不能重复文字或列表。"
        yield ScriptProblem("script_repetition", _line(node), message, "直接写出需要的文字或列表。")
    left = node.left if isinstance(node, ast.BinOp) else node.target
    if isinstance(node.op, ast.Mod) and _makes_sequence(left):
        message = "不能用百分号拼接文字。"
        yield ScriptProblem("script_format", _line(node), message, '改用 f"…{变量}…"。')


def _makes_sequence(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (str, bytes))
    if isinstance(node, ast.BinOp):
        return _makes_sequence(node.left) or _makes_sequence(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in _SEQUENCE_MAKERS
    return isinstance(node, _SEQUENCES)


def _check_constant(node: ast.Constant, _context: _Context) -> Iterator[ScriptProblem]:
    value = node.value
    if isinstance(value, (bytes, complex)) or value is Ellipsis:
        yield ScriptProblem("script_forbidden", _line(node), "不支持这种常量。", "只用文字、数字、True、False、None。")
    if isinstance(value, int) and abs(value) >= 10**MAX_DIGITS:
        message = f"数字超过 {MAX_DIGITS} 位。"
        yield ScriptProblem("script_number", _line(node), message, "检查是否多写了位数；编号请写成文字。")


def _check_formatted(node: ast.FormattedValue, _context: _Context) -> Iterator[ScriptProblem]:
    if node.format_spec is not None or node.conversion != -1:
        message = "大括号里不能再写格式说明。"
        yield ScriptProblem("script_format", _line(node), message, "先用 round(…) 等函数得出要显示的值。")


def _check_loop(node: ast.For | ast.comprehension, _context: _Context) -> Iterator[ScriptProblem]:
    source = node.iter
    if not isinstance(source, _LOOP_SOURCES):
        message = "for 只能逐项处理数据或函数的结果。"
        yield ScriptProblem("script_loop", _line(source), message, "先把要处理的数据存入变量，再用 for 处理。")


def _check_comprehension(
    node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, _context: _Context
) -> Iterator[ScriptProblem]:
    if len(node.generators) > MAX_COMPREHENSION_LOOPS:
        message = f"一个推导式里最多有 {MAX_COMPREHENSION_LOOPS} 个 for。"
        yield ScriptProblem("script_loop", _line(node), message, "拆成几步，每步只处理一层数据。")


def _deep_loops(node: ast.AST, depth: int) -> Iterator[ScriptProblem]:
    if isinstance(node, ast.For):
        depth += 1
    elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        depth += len(node.generators)
    if depth > MAX_LOOP_DEPTH:
        message = f"循环嵌套超过 {MAX_LOOP_DEPTH} 层。"
        yield ScriptProblem("script_loop", _line(node), message, "拆成几个脚本任务，或请开发人员增加一个函数。")
        return
    for child in ast.iter_child_nodes(node):
        yield from _deep_loops(child, depth)


_CHECKS: dict[type[ast.AST], Callable[..., Iterator[ScriptProblem]]] = {
    ast.Name: _check_name,
    ast.Attribute: _check_attribute,
    ast.Call: _check_call,
    ast.BinOp: _check_arithmetic,
    ast.AugAssign: _check_arithmetic,
    ast.Constant: _check_constant,
    ast.FormattedValue: _check_formatted,
    ast.For: _check_loop,
    ast.comprehension: _check_loop,
    ast.ListComp: _check_comprehension,
    ast.SetComp: _check_comprehension,
    ast.DictComp: _check_comprehension,
    ast.GeneratorExp: _check_comprehension,
}
