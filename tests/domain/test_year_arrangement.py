"""A year's arrangement read from its printed text, and what is unclear in it."""

from datetime import date

import pytest

from app.domain.year_arrangement import read
from app.errors import Refused

# the form of the yearly notice, with days made up for the test
PRINTED = """一、元旦：1月1日（周五）至3日（周日）放假调休，共3天。
二、春节：2月5日（农历除夕、周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月20日（周六）上班。

三、清明节：4月5日放假1天。
四、国庆节：9月30日至10月6日放假。10月9日（星期六）上班。"""


def test_ranges_single_days_and_make_up_days() -> None:
    found = {each.day: (each.working, each.note) for each in read(2027, PRINTED)}
    assert len(found) == 3 + 7 + 2 + 1 + 7 + 1
    assert found[date(2027, 1, 3)] == (False, "元旦")
    assert found[date(2027, 2, 11)] == (False, "春节")
    assert found[date(2027, 1, 31)] == found[date(2027, 2, 20)] == (True, "春节调休上班")
    assert found[date(2027, 9, 30)] == found[date(2027, 10, 6)] == (False, "国庆节")
    assert found[date(2027, 10, 9)][0] is True
    assert date(2027, 4, 6) not in found


def test_make_up_day_of_the_december_before() -> None:
    found = read(2027, "元旦：2027年1月1日至3日放假。2026年12月27日上班。")
    assert [each.day for each in found if each.working] == [date(2026, 12, 27)]
    assert read(2027, " \n") == ()


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1月1日放假。", "第1行没有节日名称"),
        ("元旦：放假三天。", "第1行没有放假或上班的日期"),
        ("元旦：1日放假。", "第1行的“1日”没有写月份。"),
        ("元旦：2月30日放假。", "第1行的2月30日不存在。"),
        ("元旦：1月1日（周六）放假。", "第1行的2027年1月1日是周五，原文写周六，请核对。"),
        ("元旦：1月3日至1日放假。", "第1行“1月3日至1日”的起止日期有误"),
        ("元旦：2028年1月1日放假。", "第1行的2028年1月1日不在2027年内"),
        ("元旦：1月1日放假，1月2日上班。", "第1行把放假和上班写在一句里了"),
        ("元旦：1月1日放假。\n春节：1月1日上班。", "第2行：2027年1月1日在上文已写为放假（元旦），请核对。"),
    ],
)
def test_unclear_line_is_named(line: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        read(2027, line)
    assert words in refused.value.problems[0].message
