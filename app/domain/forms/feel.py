"""The declared subset of FEEL in which forms say when a field hides and what an expression field shows.

Comparison, `and`/`or`, `not()`, `in` a list, `contains`, `list contains`, `count`, `if/then/else`, `+ - * /`, dotted
paths, and literals of text, number, true, false, null and lists. Everything else is refused when the form is
published, with its position. Answers agree with feelin, which evaluates the same text in the browser; the shared
cases in `tests/forms/cases` hold both to it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.domain.forms import feel_values as values

Scope = Mapping[str, Any]
Node = Callable[[Scope], Any]

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d+)?(?![\w.])) |
    (?P<text>"(?:[^"\\\n]|\\["\\nrt])*") |
    (?P<name>[A-Za-z_][A-Za-z0-9_]*) |
    (?P<mark>!=|<=|>=|[=<>+*/()\[\],.-])
    )""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
_COMPARISONS = {"=", "!=", "<", "<=", ">", ">="}
_LITERALS: dict[str, Any] = {"true": True, "false": False, "null": None}
_DEPTH = 40
KEYWORDS = frozenset(_LITERALS) | {
    *("and", "or", "not", "in", "if", "then", "else", "contains", "count", "list"),
    *("for", "some", "every", "return", "satisfies", "between", "function", "external", "instance", "of"),
}


class FeelError(ValueError):
    """Text outside the subset; `position` counts characters from 0 in the expression without its leading `=`."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(f"第{position + 1}个字符处：{reason}")
        self.reason, self.position = reason, position


@dataclass(frozen=True)
class Expression:
    """One compiled expression; `names` are the variables it reads (the first part of each path)."""

    text: str
    names: frozenset[str]
    node: Node
    negated: Node | None

    def evaluate(self, scope: Scope) -> Any:
        """The value; a variable that is missing counts as null."""
        return self.node(scope)

    def hides(self, scope: Scope) -> bool:
        """Whether a `conditional.hide` holds, as form-js reads it: a unary test.

        There an unknown answer (null) hides too, because it equals the unset input; a whole condition that is
        `not(…)` hides unless what it negates is true or unknown.
        """
        found = (self.negated or self.node)(scope)
        return (found is True or found is None) is (self.negated is None)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    position: int


def _tokens(text: str) -> list[_Token]:
    found, position = [], 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            raise FeelError(f"不能识别“{text[start : start + 8]}”", start)
        kind = str(match.lastgroup)
        found.append(_Token(kind, match.group(kind), match.start(kind)))
        position = match.end()
    found.append(_Token("end", "", len(text)))
    return found


class _Parser:
    """Recursive descent: if → or → and → comparison → sum → product → unary → path → primary."""

    def __init__(self, text: str) -> None:
        self.tokens, self.at, self.depth = _tokens(text), 0, 0
        self.names: set[str] = set()

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def take(self, *texts: str) -> _Token | None:
        token = self.token
        if token.kind in ("name", "mark") and token.text in texts:
            self.at += 1
            return token
        return None

    def need(self, text: str) -> _Token:
        token = self.take(text)
        if token is None:
            raise self.error(f"此处应为“{text}”")
        return token

    def error(self, reason: str) -> FeelError:
        return FeelError(reason, self.token.position)

    def whole(self) -> Node:
        node = self.expression()
        if self.token.kind != "end":
            raise self.error(f"不支持“{self.token.text}”")
        return node

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > _DEPTH:
            raise self.error("嵌套过深")
        node = self.choice() if self.take("if") else self.disjunction()
        self.depth -= 1
        return node

    def choice(self) -> Node:
        test = self.expression()
        self.need("then")
        yes = self.expression()
        self.need("else")
        no = self.expression()
        return lambda scope: yes(scope) if values.truthy(test(scope)) else no(scope)

    def disjunction(self) -> Node:
        return self.chain(self.conjunction, {"or": values.either})

    def conjunction(self) -> Node:
        return self.chain(self.comparison, {"and": values.both})

    def sum(self) -> Node:
        return self.chain(self.product, {"+": values.add, "-": values.subtract})

    def product(self) -> Node:
        return self.chain(self.unary, {"*": values.multiply, "/": values.divide})

    def chain(self, part: Callable[[], Node], operators: Mapping[str, Callable[[Any, Any], Any]]) -> Node:
        node = part()
        while operator := self.take(*operators):
            node = _binary(operators[operator.text], node, part())
        return node

    def comparison(self) -> Node:
        left = self.sum()
        if self.take("in"):
            if self.token.text == "(":
                raise self.error('“in”后面请写列表，如 ["a", "b"]')
            node = _binary(values.inside, left, self.sum())
            if self.token.text in ("and", "or"):  # the browser takes them into the list
                raise self.error(f"“in”的比较后面接 {self.token.text} 时，请给比较加上括号")
        elif operator := self.take(*_COMPARISONS):
            node = _binary(values.COMPARE[operator.text], left, self.sum())
        else:
            return left
        if self.token.text in _COMPARISONS | {"in"}:
            raise self.error("比较不能连写，请用 and 连接")
        return node

    def unary(self) -> Node:
        minus = self.take("-")
        if minus is None:
            return self.path()
        if self.token.position != minus.position + 1:
            raise FeelError("负号与数字之间不能有空格", minus.position)
        return _binary(values.subtract, lambda _scope: 0, self.path())

    def path(self) -> Node:
        node = self.primary()
        while self.take("."):
            if self.token.kind != "name":
                raise self.error("“.”后面应为字段名")
            node = _step(node, self.token.text)
            self.at += 1
        return node

    def primary(self) -> Node:
        token = self.token
        self.at += 1
        if token.kind == "number":
            return _constant(float(token.text) if "." in token.text else int(token.text))
        if token.kind == "text":
            return _constant(_ESCAPE.sub(lambda m: _ESCAPED.get(m[1], m[1]), token.text[1:-1]))
        if token.kind == "name":
            return self.name(token)
        if token.text == "(":
            node = self.expression()
            self.need(")")
            return node
        if token.text == "[":
            return _list(self.arguments("]"))
        self.at -= 1
        raise self.error(f"不支持“{token.text}”" if token.text else "表达式不完整")

    def name(self, token: _Token) -> Node:
        if token.text in _LITERALS:
            return _constant(_LITERALS[token.text])
        if token.text == "list" and self.take("contains"):
            return self.call(2, values.list_contains)
        if token.text in _FUNCTIONS:
            return self.call(*_FUNCTIONS[token.text])
        if token.text in KEYWORDS or self.token.text == "(":
            self.at -= 1
            raise self.error(f"不支持“{token.text}”")
        self.names.add(token.text)
        return lambda scope: scope.get(token.text)

    def call(self, count: int, function: Callable[..., Any]) -> Node:
        self.need("(")
        start = self.token.position
        arguments = self.arguments(")")
        if len(arguments) != count:
            raise FeelError(f"此函数应有{count}个参数", start)
        return lambda scope: function(*[argument(scope) for argument in arguments])

    def arguments(self, close: str) -> list[Node]:
        found: list[Node] = []
        if self.take(close):
            return found
        while True:
            found.append(self.expression())
            if self.take(close):
                return found
            self.need(",")


_FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "not": (1, values.negate),
    "contains": (2, values.contains),
    "count": (1, values.count),
}


def _constant(value: Any) -> Node:
    return lambda _scope: value


def _binary(operation: Callable[[Any, Any], Any], left: Node, right: Node) -> Node:
    return lambda scope: operation(left(scope), right(scope))


def _list(nodes: list[Node]) -> Node:
    return lambda scope: [node(scope) for node in nodes]


def _step(node: Node, key: str) -> Node:
    return lambda scope: values.member(node(scope), key)


@lru_cache(maxsize=2048)
def parse(text: str) -> Expression:
    """Compile `text`, with or without the leading `=` that form-js asks for; raises FeelError."""
    body = text[1:] if text.startswith("=") else text
    parser = _Parser(body)
    node = parser.whole()
    return Expression(text, frozenset(parser.names), node, _negated(body, parser.tokens))


def _negated(body: str, tokens: list[_Token]) -> Node | None:
    """What stands inside, where the whole text is one `not( … )`."""
    if tokens[0].text != "not":
        return None
    depth = 0
    for index, token in enumerate(tokens[1:], start=1):
        depth += {"(": 1, ")": -1}.get(token.text if token.kind == "mark" else "", 0)
        if depth == 0:
            inner = body[tokens[1].position + 1 : token.position]
            return _Parser(inner).whole() if tokens[index + 1].kind == "end" else None
    return None
