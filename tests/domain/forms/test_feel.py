"""The subset's borders: what is refused and where; the answers themselves are in the shared cases."""

import pytest

from app.domain.forms import feel
from app.domain.forms.feel import FeelError

REFUSED = {
    "a function that is not in the subset": ("string length(a) > 2", 7, "不支持“length”"),
    "a function call": ("today() > a", 0, "不支持“today”"),
    "a range": ("a in [1..9]", 6, "不能识别“1..9]”"),
    "between": ("a between 1 and 9", 2, "不支持“between”"),
    "some satisfies": ("some x in a satisfies x > 1", 0, "不支持“some”"),
    "for return": ("for x in a return x", 0, "不支持“for”"),
    "tests in parentheses": ('a in ("x", "y")', 5, '“in”后面请写列表，如 ["a", "b"]'),
    "and after in": ('a in ["x"] and b = 1', 11, "“in”的比较后面接 and 时，请给比较加上括号"),
    "comparison of a comparison": ("1 < a < 3", 6, "比较不能连写，请用 and 连接"),
    "power": ("a ** 2", 3, "不支持“*”"),
    "filter": ("rows[1]", 4, "不支持“[”"),
    "a question mark": ("? > 3", 0, "不能识别“? > 3”"),
    "a date": ('@"2023-10-09"', 0, '不能识别“@"2023-1”'),
    "a Chinese name": ("姓名 = null", 0, "不能识别“姓名 = nul”"),
    "an unclosed text": ('a = "x', 4, '不能识别“"x”'),
    "an unclosed parenthesis": ("(a = 1", 6, "此处应为“)”"),
    "an if without else": ("if a then 1", 11, "此处应为“else”"),
    "nothing": ("", 0, "表达式不完整"),
    "half an expression": ("a and", 5, "表达式不完整"),
    "a blank after the minus": ("- 3", 0, "负号与数字之间不能有空格"),
    "too few arguments": ("contains(a)", 9, "此函数应有2个参数"),
    "two values side by side": ("a b", 2, "不支持“b”"),
    "nesting without end": ("(" * 60 + "a" + ")" * 60, 40, "嵌套过深"),
}


@pytest.mark.parametrize(("text", "position", "reason"), REFUSED.values(), ids=REFUSED)
def test_expression_outside_the_subset_is_refused_with_its_place(text: str, position: int, reason: str) -> None:
    with pytest.raises(FeelError) as caught:
        feel.parse(text)
    assert (caught.value.reason, caught.value.position) == (reason, position)


def test_message_counts_places_from_one() -> None:
    with pytest.raises(FeelError) as caught:
        feel.parse("=a = today()")
    assert str(caught.value) == "第5个字符处：不支持“today”"


def test_names_are_the_variables_read() -> None:
    assert feel.parse('=a.b = "c" and count(rows) > d').names == {"a", "rows", "d"}


HIDES = {
    "true": ("a = 1", {"a": 1}, True),
    "false": ("a = 1", {"a": 2}, False),
    "unknown hides": ("a > 1", {}, True),
    "a plain value shows": ("a", {"a": 5}, False),
    "a missing variable hides": ("a", {}, True),
    "not of false hides": ("not(a = 1)", {"a": 2}, True),
    "not of unknown shows": ("not(a > 1)", {}, False),
    "not of a plain value hides": ("not(a)", {"a": 5}, True),
    "a not inside is an ordinary value": ("not(a > 1) and b", {"b": True}, True),
}


@pytest.mark.parametrize(("text", "scope", "hidden"), HIDES.values(), ids=HIDES)
def test_condition_hides_as_the_browser_reads_it(text: str, scope: dict[str, object], hidden: bool) -> None:
    assert feel.parse(text).hides(scope) is hidden
