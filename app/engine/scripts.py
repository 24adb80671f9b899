"""Running designers' scripts, conditions and table cells: checked, compiled once, and fenced in.

Two fences. `check_source` refuses by the shape of the text (script_rules). `compile_fenced` compiles through
RestrictedPython with guards of our own, which hold even for text that never passed the first fence: attributes
only of plain data and only by listed methods, sums and products bounded, loops over a copy of their list.
Memory and time of one script are not bounded here: unpublished diagrams run in `app.engine.trial`.
"""

import ast
import functools
import operator
import types
from collections.abc import Callable, Iterator, Mapping
from traceback import walk_tb
from typing import Any, NoReturn

from RestrictedPython import compile_restricted
from RestrictedPython.Guards import guarded_iter_unpack_sequence, guarded_unpack_sequence
from RestrictedPython.transformer import RestrictingNodeTransformer, copy_locations
from SpiffWorkflow.bpmn.script_engine import TaskDataEnvironment
from SpiffWorkflow.exceptions import SpiffWorkflowException

from app.engine.script_rules import (
    BUILTINS,
    DATA_METHODS,
    Mode,
    ScriptProblem,
    ScriptRefused,
    check_source,
    normalised,
)

__all__ = [
    "RestrictedEnvironment", "ScriptProblem", "ScriptRefused", "check_source", "compile_fenced", "compile_source",
    "line_of", "original_error",
]  # fmt: skip

SOURCE = "<script>"  # how a traceback calls what designers wrote

MAX_LENGTH = 100_000  # characters of a text or items of a list that a script may build
MAX_NUMBER = 10**18

_PLAIN = {
    "len": len, "min": min, "max": max, "sum": sum, "any": any, "all": all, "sorted": sorted, "list": list,
    "dict": dict, "str": str, "int": int, "bool": bool, "round": round, "abs": abs,
}  # fmt: skip
assert _PLAIN.keys() == BUILTINS
_FUNCTION_TYPES = (types.FunctionType, types.MethodType, types.BuiltinFunctionType, functools.partial)
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "//": operator.floordiv, "%": operator.mod,
}  # fmt: skip


class _Fence(RestrictingNodeTransformer):
    """RestrictedPython's rules, and: sums, products and composed text go through a guard, no endless loops."""

    _GUARDED = {ast.Add: "+", ast.Mult: "*", ast.Mod: "%"}  # noqa: RUF012  # the base class is not generic

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:  # noqa: N802  # the name is the library's
        visited = self.node_contents_visit(node)
        symbol = self._GUARDED.get(type(node.op))
        if symbol is None:
            return visited
        return self._call("_binary_", [ast.Constant(symbol), visited.left, visited.right], node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:  # noqa: N802
        return self._call("_bounded_", [self.node_contents_visit(node)], node)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:  # noqa: N802
        if node.format_spec is not None:
            self.error(node, "format specifications are not allowed")
        return self.node_contents_visit(node)

    @staticmethod
    def _call(name: str, arguments: list[ast.expr], node: ast.expr) -> ast.AST:
        call = ast.Call(ast.Name(name, ast.Load()), arguments, [])
        copy_locations(call, node)
        return ast.fix_missing_locations(call)


for _name in (
    "Import", "ImportFrom", "Global", "While", "Try", "TryStar", "With", "Lambda", "FunctionDef", "ClassDef", "Pow",
    "LShift", "Starred",
):  # fmt: skip
    setattr(_Fence, f"visit_{_name}", RestrictingNodeTransformer.not_allowed)


@functools.lru_cache(maxsize=4096)
def compile_fenced(source: str, mode: Mode) -> types.CodeType:
    """Compile without the whitelist; only `compile_source` and the tests of the second fence call this."""
    try:
        return compile_restricted(normalised(source, mode), SOURCE, mode, policy=_Fence)
    except SyntaxError as error:
        message = f"脚本用了不允许的写法（{error.args[0] if error.args else error}）。"
        problem = ScriptProblem("script_forbidden", 1, message, "只用赋值、if、for 和函数调用。")
        raise ScriptRefused([problem]) from error


@functools.lru_cache(maxsize=4096)
def compile_source(source: str, mode: Mode) -> types.CodeType:
    """Code of a script ("exec") or expression ("eval"), cached; ScriptRefused says what is not allowed in it."""
    problems = check_source(source, mode, None)
    if problems:
        raise ScriptRefused(problems)
    return compile_fenced(source, mode)


def _get_attribute(value: Any, name: str) -> Any:
    methods = DATA_METHODS.get(type(value), frozenset())
    if name not in methods:
        raise AttributeError(f"{type(value).__name__}.{name} is not open to scripts")
    if name == "join":
        return functools.partial(_join, value)
    return getattr(value, name)


def _join(separator: str, parts: Any) -> str:
    texts = list(parts)
    if sum(len(text) for text in texts) + len(separator) * len(texts) > MAX_LENGTH:
        raise ValueError("text too long")
    return separator.join(texts)


def _get_item(value: Any, key: Any) -> Any:
    if type(value) not in DATA_METHODS:
        raise TypeError(f"{type(value).__name__} is not data")
    return value[key]


def _iterate(value: Any) -> Iterator[Any]:
    """Over a copy: a list that grows inside its own loop would never end."""
    return iter(list(value))


def _binary(symbol: str, left: Any, right: Any) -> Any:
    if symbol == "*" and not (_is_number(left) and _is_number(right)):
        raise TypeError("only numbers can be multiplied")
    if symbol == "%" and not _is_number(left):
        raise TypeError("only numbers have a remainder")
    if symbol == "+" and isinstance(left, (str, list, tuple)) and len(left) + len(right) > MAX_LENGTH:
        raise ValueError("text or list too long")
    result = _OPERATORS[symbol](left, right)
    if isinstance(result, int) and abs(result) > MAX_NUMBER:
        raise ValueError("number too large")
    return result


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float))


def _bounded(text: str) -> str:
    if len(text) > MAX_LENGTH:
        raise ValueError("text too long")
    return text


def _in_place(symbol: str, left: Any, right: Any) -> Any:
    return _binary(symbol[:-1], left, right)


def _writable(value: Any) -> Any:
    if type(value) not in (dict, list):
        raise TypeError(f"{type(value).__name__} cannot be changed by a script")
    return value


_GUARDS: dict[str, Any] = {
    "__builtins__": _PLAIN,
    "_getattr_": _get_attribute,
    "_getitem_": _get_item,
    "_getiter_": _iterate,
    "_iter_unpack_sequence_": guarded_iter_unpack_sequence,
    "_unpack_sequence_": guarded_unpack_sequence,
    "_write_": _writable,
    "_inplacevar_": _in_place,
    "_binary_": _binary,
    "_bounded_": _bounded,
}
_ALWAYS = {**_PLAIN, **_GUARDS}


class RestrictedEnvironment(TaskDataEnvironment):
    """What a script sees: the task's data, plain functions, and nothing else.

    Data can shadow neither a function nor a guard. A script that raises changes no top-level variable.
    Of the functions it gets those that it names. Errors leave here unchanged; see `original_error` for what the library
    makes of them.
    """

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        super().__init__({})
        self._functions = functions

    def evaluate(
        self, expression: str, context: dict[str, Any], external_context: Mapping[str, Any] | None = None
    ) -> Any:
        code = compile_source(expression, "eval")
        if external_context:
            return eval(code, {**context, **external_context, **self._handed(code)})  # noqa: S307  # fenced code
        return eval(code, {**context, **self._handed(code)})  # noqa: S307  # fenced code

    def execute(self, script: str, context: dict[str, Any], external_context: Mapping[str, Any] | None = None) -> bool:
        code = compile_source(script, "exec")
        self.check_for_overwrite(context, external_context or {})
        hidden = {**(external_context or {}), **self._handed(code)}
        space = {**context, **hidden}
        exec(code, space)  # noqa: S102  # fenced code
        for name in [n for n in context if n not in space]:
            del context[name]
        for name, value in space.items():
            if name not in hidden and not callable(value):
                context[name] = value
        return True

    def call_service(self, context: Mapping[str, Any], **_kwargs: Any) -> NoReturn:
        raise ScriptRefused([ScriptProblem("service_task", 1, "不执行服务任务。", "改用脚本任务调用函数。")])

    def check_for_overwrite(self, context: Mapping[str, Any], external_context: Mapping[str, Any]) -> None:
        known = (_ALWAYS, self._functions, external_context)
        clashes = [name for name in context if any(name in names for names in known)]
        if clashes:
            raise ValueError("变量与函数同名，请在表单或脚本里改名：" + "、".join(sorted(clashes)))

    def _handed(self, code: types.CodeType) -> dict[str, Any]:
        found = {name: self._functions[name] for name in _names(code) if name in self._functions}
        for name, function in found.items():
            if name.startswith("_") or not isinstance(function, _FUNCTION_TYPES):
                raise TypeError(f"{name}: only plain functions are handed to scripts, never modules or objects")
        return {**_PLAIN, **found, **_GUARDS}


@functools.lru_cache(maxsize=4096)
def _names(code: types.CodeType) -> frozenset[str]:
    """Every name that the code reads or writes outside itself, its comprehensions' included."""
    inner = (part for part in code.co_consts if isinstance(part, types.CodeType))
    return frozenset(code.co_names).union(*map(_names, inner))


def line_of(error: BaseException) -> int | None:
    """The line, counted from 1, of the script in which an error arose; None for one that arose elsewhere."""
    lines = [number for frame, number in walk_tb(error.__traceback__) if frame.f_code.co_filename == SOURCE]
    return lines[-1] if lines else None


def original_error(error: BaseException) -> BaseException:
    """What a script or function really raised, under the library's wrappings.

    SpiffWorkflow turns every error of a script, condition or table cell into a WorkflowTaskException, the
    table engine wraps once more without naming the cause. A caller writes

        except SpiffWorkflowException as wrapped:
            error = original_error(wrapped)
            if isinstance(error, AppError): raise error   # e.g. Refused: the user's input
            ...                                           # anything else: DiagramFault
    """
    while isinstance(error, SpiffWorkflowException):
        inner = error.__cause__ or error.__context__
        if inner is None:
            break
        error = inner
    return error
