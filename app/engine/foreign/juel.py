"""The Unified Expression Language read into the tree of a Python expression; `===` of JavaScript is taken too.

What has no counterpart (beans, methods of Java classes, the engine's own objects) is refused, never guessed.
"""

import ast
import keyword
import re
from collections.abc import Callable

from app.engine.script_rules import BUILTINS

MAX_DEPTH = 40
MAX_TOKENS = 200
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>===|!==|==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()\[\]]))"
)
_WORDS = {"and": "&&", "or": "||", "not": "!", "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=",
          "div": "/", "mod": "%"}  # fmt: skip
_CONSTANTS = {"true": True, "false": False, "null": None}
_COMPARED: dict[str, type[ast.cmpop]] = {
    "==": ast.Eq, "===": ast.Eq, "!=": ast.NotEq, "!==": ast.NotEq, "<": ast.Lt, ">": ast.Gt, "<=": ast.LtE,
    ">=": ast.GtE,
}  # fmt: skip
_ADDED: dict[str, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub}
_MULTIPLIED: dict[str, type[ast.operator]] = {"*": ast.Mult, "/": ast.Div, "%": ast.Mod}
_ENGINE = frozenset({"execution", "task", "variableContainer", "delegateExecution", "delegateTask", "caseExecution"})


class Untranslatable(ValueError):
    """The expression has no counterpart in our scripts; the text says what stands against it."""


def variable(name: str) -> str:
    """The name itself, if a script of ours may call a variable so."""
    unusable = keyword.iskeyword(name) or name in BUILTINS or name in _ENGINE or name.startswith("_")
    if unusable or not name.isidentifier():
        raise Untranslatable(f"“{name}”不能用作变量名")
    return name


def tree(source: str) -> ast.expr:
    """The tree of what stands between `${` and `}`. Raises Untranslatable."""
    reader = _Reader(_tokens(source))
    found = reader.choice()
    if reader.sign():
        raise Untranslatable(f"“{reader.sign()}”处读不懂")
    return ast.fix_missing_locations(found)


def _tokens(source: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at, text = 0, source.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Untranslatable(f"“{text[at : at + 10].strip()}”处读不懂")
        kind = match.lastgroup or ""
        said = match.group(kind)
        found.append(("sign", _WORDS[said]) if kind == "name" and said in _WORDS else (kind, said))
        at = match.end()
    if len(found) > MAX_TOKENS:
        raise Untranslatable("太长")
    return found


class _Reader:
    """Recursive descent, loosest binding first."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens, self._at, self._depth = [*tokens, ("end", "")], 0, 0

    def sign(self) -> str:
        return self._tokens[self._at][1]

    def _take(self) -> tuple[str, str]:
        token = self._tokens[self._at]
        self._at += token[0] != "end"
        return token

    def _took(self, *signs: str) -> str:
        kind, said = self._tokens[self._at]
        return self._take()[1] if kind == "sign" and said in signs else ""

    def _must(self, sign: str) -> None:
        if not self._took(sign):
            raise Untranslatable(f"缺少“{sign}”")

    def choice(self) -> ast.expr:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Untranslatable("括号套得太深")
        found = self._either()
        if self._took("?"):
            then = self.choice()
            self._must(":")
            found = ast.IfExp(found, then, self.choice())
        self._depth -= 1
        return found

    def _either(self) -> ast.expr:
        found = [self._both()]
        while self._took("||"):
            found.append(self._both())
        return ast.BoolOp(ast.Or(), found) if len(found) > 1 else found[0]

    def _both(self) -> ast.expr:
        found = [self._equal()]
        while self._took("&&"):
            found.append(self._equal())
        return ast.BoolOp(ast.And(), found) if len(found) > 1 else found[0]

    def _equal(self) -> ast.expr:
        return self._compare(lambda: self._compare(self._sum, "<", ">", "<=", ">="), "==", "!=", "===", "!==")

    def _compare(self, inner: Callable[[], ast.expr], *signs: str) -> ast.expr:
        found = inner()
        while sign := self._took(*signs):
            right = inner()
            operator = _COMPARED[sign]()
            if isinstance(right, ast.Constant) and right.value is None:
                operator = ast.Is() if sign.startswith("=") else ast.IsNot()
            found = ast.Compare(found, [operator], [right])
        return found

    def _sum(self) -> ast.expr:
        return self._operation(lambda: self._operation(self._unary, _MULTIPLIED), _ADDED)

    def _operation(self, inner: Callable[[], ast.expr], signs: dict[str, type[ast.operator]]) -> ast.expr:
        found = inner()
        while sign := self._took(*signs):
            found = ast.BinOp(found, signs[sign](), inner())
        return found

    def _unary(self) -> ast.expr:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Untranslatable("括号套得太深")
        try:
            if self._took("!"):
                found = self._unary()
                if isinstance(found, ast.UnaryOp) and isinstance(found.op, ast.Not):
                    return ast.Call(ast.Name("bool"), [found.operand], [])  # `!empty x`
                return ast.UnaryOp(ast.Not(), found)
            if self._took("-"):
                return ast.UnaryOp(ast.USub(), self._unary())
            if self._tokens[self._at] == ("name", "empty"):
                self._take()
                return ast.UnaryOp(ast.Not(), self._unary())
            return self._reached()
        finally:
            self._depth -= 1

    def _reached(self) -> ast.expr:
        found = self._first()
        while sign := self._took(".", "["):
            if sign == "[":
                found = ast.Subscript(found, self.choice())
                self._must("]")
            else:
                kind, name = self._take()
                if kind != "name":
                    raise Untranslatable("点号后面缺少名称")
                found = _method(found, name, self._arguments()) if self.sign() == "(" else _item(found, name)
        if isinstance(found, ast.Name):
            variable(found.id)
        return found

    def _arguments(self) -> list[ast.expr]:
        self._must("(")
        found: list[ast.expr] = []
        while not self._took(")"):
            if found:
                self._must(",")
            found.append(self.choice())
        return found

    def _prefix(self) -> bool:
        """Whether a name before this is the prefix of a function: `fn:upper(…)`."""
        ahead = self._tokens[self._at : self._at + 3]
        return [kind for kind, _ in ahead] == ["sign", "name", "sign"] and (ahead[0][1], ahead[2][1]) == (":", "(")

    def _first(self) -> ast.expr:
        kind, said = self._take()
        if kind == "number":
            return ast.Constant(float(said) if "." in said else int(said))
        if kind == "text":
            return ast.Constant(re.sub(r"\\(.)", r"\1", said[1:-1]))
        if kind == "name" and said in _CONSTANTS:
            return ast.Constant(_CONSTANTS[said])
        if kind == "name" and self.sign() != "(" and not self._prefix():
            return ast.Name(said if said in _ENGINE else variable(said))
        if kind == "sign" and said == "(":
            found = self.choice()
            self._must(")")
            return found
        raise Untranslatable(f"调用了函数“{said}”" if kind == "name" else f"“{said}”处读不懂")


def _item(of: ast.expr, name: str) -> ast.expr:
    if isinstance(of, ast.Name) and of.id in _ENGINE:
        raise Untranslatable(f"用到引擎自己的对象“{of.id}.{name}”")
    return ast.Subscript(of, ast.Constant(name))


def _method(of: ast.expr, name: str, arguments: list[ast.expr]) -> ast.expr:
    first = arguments[0] if len(arguments) == 1 else None
    if isinstance(of, ast.Name) and of.id in _ENGINE:
        if name == "getVariable" and isinstance(first, ast.Constant) and isinstance(first.value, str):
            return ast.Name(variable(first.value))
        raise Untranslatable(f"用到引擎自己的对象“{of.id}.{name}”")
    if name in ("equals", "contains", "get") and first is not None:
        if name == "get":
            return ast.Subscript(of, first)
        return ast.Compare(of, [ast.Eq()], [first]) if name == "equals" else ast.Compare(first, [ast.In()], [of])
    if name in ("size", "length") and not arguments:
        return ast.Call(ast.Name("len"), [of], [])
    if name == "isEmpty" and not arguments:
        return ast.UnaryOp(ast.Not(), of)
    raise Untranslatable(f"调用了 Java 的方法“{name}”")
