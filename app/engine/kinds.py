"""Do the cells of a decision table hold values of their column's kind, and only values that the column knows?"""

from collections.abc import Iterator, Sequence
from typing import Any

from app.engine.pieces import DECIMAL, WHOLE, is_date, is_number, literal, scale_of
from app.engine.tables import Decision, Input, Output, Rule, TableFinding

WORDS = (
    {"string": "文字", "boolean": "是否", "date": "日期"}
    | dict.fromkeys(WHOLE, "整数")
    | dict.fromkeys(DECIMAL, "数字")
)
_MIX = '文字须加双引号，数字、True、False 不加；日期写成 "2023-10-31"，并与本列的类型一致'
_UNKNOWN = "请改为本列可选值之一，或在列的设置中补上该值"


def findings(decision: Decision) -> Iterator[TableFinding]:
    """Codes type_mix, unknown_value, empty_output."""
    for index, column in enumerate(decision.inputs):
        yield from _domain(column, "输入")
        expected = _expected(column, [literal for rule in decision.rules for literal in rule.cells[index].literals])
        for rule in decision.rules:
            cell = rule.cells[index]
            yield from _values(rule, column, cell.literals, expected, is_asked=True)
            texts = [value for value in cell.literals if isinstance(value, str)]
            if cell.ordered and expected == "string" and texts and scale_of(texts) is None:
                message = f"第{rule.number}行“{column.label}”：文字“{texts[0]}”不能比较大小"
                yield _found("type_mix", rule, column, message, _MIX)
    for index, answer in enumerate(decision.answers):
        yield from _domain(answer, "结果")
        expected = _expected(answer, [literal for rule in decision.rules for literal in rule.results[index].literals])
        for rule in decision.rules:
            given = rule.results[index]
            if not given.text:
                message = f"第{rule.number}行没有填写结果“{answer.label}”"
                yield _found("empty_output", rule, answer, message, '请填写结果；确实没有内容的写 ""（文字）或 None')
            yield from _values(rule, answer, given.literals, expected, is_asked=False)


def _values(
    rule: Rule, column: Input | Output, values: Sequence[Any], expected: str, *, is_asked: bool
) -> Iterator[TableFinding]:
    for value in dict.fromkeys((type(value), value) for value in values):
        found = value[1]
        if not _fits(found, expected):
            word = WORDS.get(expected, expected)
            message = f"第{rule.number}行“{column.label}”：{literal(found)} 不是{word}"
            yield _found("type_mix", rule, column, message, _MIX)
            return
        if column.allowed is not None and found is not None and not _among(found, column.allowed):
            if not is_asked and found == "":  # a result may always be left out in words
                continue
            message = f"第{rule.number}行“{column.label}”：{literal(found)} 不在本列的可选值中"
            yield _found("unknown_value", rule, column, message, _UNKNOWN)
            return


def _domain(column: Input | Output, word: str) -> Iterator[TableFinding]:
    for value in column.allowed or ():
        if not _fits(value, column.kind):
            message = f"{word}“{column.label}”的可选值 {literal(value)} 不是{WORDS.get(column.kind, column.kind)}"
            yield TableFinding("type_mix", None, column.line, message, _MIX, column.name)
            return


def _expected(column: Input | Output, values: Sequence[Any]) -> str:
    """The column's kind; one that names none expects what its first constant is."""
    if column.kind in WORDS:
        return column.kind
    first = next((value for value in [*(column.allowed or ()), *values] if value is not None), None)
    if isinstance(first, bool):
        return "boolean"
    return "double" if is_number(first) else "string" if isinstance(first, str) else ""


def _fits(value: Any, kind: str) -> bool:
    if value is None or kind not in WORDS:
        return True
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "date":
        return is_date(value)
    if kind == "string":
        return isinstance(value, str)
    return is_number(value) and (kind in DECIMAL or float(value).is_integer())


def _among(value: Any, allowed: Sequence[Any]) -> bool:
    return any(value == each and isinstance(value, bool) is isinstance(each, bool) for each in allowed)


def _found(code: str, rule: Rule, column: Input | Output, message: str, remedy: str) -> TableFinding:
    return TableFinding(code, rule.id, rule.line, message, remedy, column.name)
