"""Expressions as Java engines write them (`${amount > 100 && !empty name}`) put into the Python of our diagrams.

All raise Untranslatable for what cannot be put so.
"""

import ast
import re

from app.engine.foreign.juel import Untranslatable, tree, variable
from app.engine.script_rules import Mode, check_source

MAX_CHARACTERS = 2000
_PIECE = re.compile(r"[$#]\{([^{}]*)\}")


def expression(source: str) -> str:
    """`${…}`, `#{…}`, the bare inside of one, or a text with such pieces in it, as one Python expression."""
    text = source.strip()
    if len(text) > MAX_CHARACTERS:
        raise Untranslatable("太长")
    whole = _PIECE.fullmatch(text)
    if whole is None and ("${" in text or "#{" in text):
        return _composed(text)
    return _bare(text) if whole is None else _checked(_written(tree(whole.group(1))), "eval")


def value(source: str) -> str:
    """As `expression`, but a text without any piece is a plain text and not the inside of one."""
    if "${" in source or "#{" in source:
        return expression(source)
    return _checked(repr(source.strip()), "eval")


def assignment(name: str, right: str) -> str:
    """`name = right`, both known to be usable."""
    return _checked(f"{variable(name)} = {right}", "exec")


_SETS = re.compile(r"(?:\$\{|#\{)?\s*execution\.setVariable\(\s*(['\"])(\w+)\1\s*,(.*)\)\s*\}?", re.DOTALL)
_ASSIGNS = re.compile(r"(?:(?:var|let|const|def|int|String|boolean)\s+)?([^\W\d]\w*)\s*=(?!=)(.*)", re.DOTALL)


def statement(source: str) -> str:
    """One statement of Groovy, JavaScript or a listener's expression: an assignment, or Untranslatable."""
    if len(source) > MAX_CHARACTERS:
        raise Untranslatable("太长")
    sets = _SETS.fullmatch(source.strip())
    assigns = _ASSIGNS.fullmatch(source.strip())
    if sets:
        return assignment(sets.group(2), expression(sets.group(3)))
    if assigns:
        return assignment(assigns.group(1), expression(assigns.group(2)))
    raise Untranslatable("不是赋值")


def script(source: str) -> str:
    """A script of nothing but assignments."""
    lines = [line.strip() for line in re.split(r"[;\n]", source)]
    found = [statement(line) for line in lines if line and not line.startswith("//")]
    if not found:
        raise Untranslatable("没有语句")
    return _checked("\n".join(found), "exec")


def _bare(text: str) -> str:
    """What stands there without `${`: the inside of one, or the Python of a diagram of ours."""
    try:
        found = _checked(_written(tree(text)), "eval")
    except Untranslatable:
        if check_source(text, "eval", None):
            raise
        return text
    same = not check_source(text, "eval", None) and ast.unparse(ast.parse(text, mode="eval")) == found
    return text if same else found


def _composed(text: str) -> str:
    parts: list[ast.expr] = []
    at = 0
    for piece in _PIECE.finditer(text):
        parts += [ast.Constant(text[at : piece.start()])] if piece.start() > at else []
        parts.append(ast.FormattedValue(tree(piece.group(1)), -1))
        at = piece.end()
    if "${" in text[at:] or "#{" in text[at:]:
        raise Untranslatable("括号不成对")
    parts += [ast.Constant(text[at:])] if at < len(text) else []
    return _checked(_written(ast.JoinedStr(parts)), "eval")


def _written(found: ast.expr) -> str:
    try:
        return ast.unparse(found)
    except (ValueError, RecursionError) as error:  # quotes within quotes of a text with pieces; a very long chain
        raise Untranslatable("写法太复杂") from error


def _checked(source: str, mode: Mode) -> str:
    problems = check_source(source, mode, None)
    if problems:
        raise Untranslatable(problems[0].message.rstrip("。"))
    return source
