"""放假安排: a year's rest days and make-up days, read from the text of the State Council's yearly notice.

One holiday a line, as in EXAMPLE. A weekday in brackets is compared with the date, so that a slip of the pen does not
move five thousand deadlines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.wording import day_words
from app.errors import Problem, Refused

WEEKDAYS = "一二三四五六日"
EXAMPLE = "国庆节：10月1日至7日放假调休，共7天。9月26日（周六）、10月10日（周六）上班。"
_NUMBERING = re.compile(r"^\s*(?:[一二三四五六七八九十]+|\d+)[、.．]\s*")
_NAME = re.compile(r"^([^：:，。]{1,20})[：:](.*)$")
_ONE = r"(?:(?:(\d{4})年)?(\d{1,2})月)?(\d{1,2})日(?:[（(]([^）)]*)[）)])?"
_DATES = re.compile(rf"{_ONE}(?:\s*(?:至|—|－|-|~)\s*{_ONE})?")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_LONGEST = 15  # days that one holiday may last


@dataclass(frozen=True)
class ArrangedDay:
    """One day of the arrangement, with the holiday it belongs to."""

    day: date
    working: bool
    note: str


@dataclass(frozen=True)
class _Line:
    """A line of the text, for the sentences about it."""

    number: int
    text: str

    def problem(self, words: str) -> Problem:
        return Problem("text", f"第{self.number}行{words}", "text")


class _Unclear(Exception):
    """A line that cannot be read, with the words why."""


def read(year: int, text: str) -> tuple[ArrangedDay, ...]:
    """The days of the arrangement of `year` in their order; none for an empty text.

    Refused with a sentence for every line that is unclear: no holiday's name, a date that does not exist or lies in
    another year (a make-up day in the December before may), a weekday that is not the date's, a day named twice.
    """
    found: dict[date, ArrangedDay] = {}
    problems = []
    for line in _lines(text):
        try:
            for each in _days(year, line.text):
                if found.setdefault(each.day, each) != each:
                    raise _Unclear(f"：{day_words(each.day)}在上文已写为{_kind(found[each.day])}，请核对。")
        except _Unclear as unclear:
            problems.append(line.problem(str(unclear)))
    if problems:
        raise Refused(*problems)
    return tuple(found[day] for day in sorted(found))


def _lines(text: str) -> Iterator[_Line]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield _Line(number, _NUMBERING.sub("", line).strip())


def _days(year: int, line: str) -> Iterator[ArrangedDay]:
    named = _NAME.match(line)
    if named is None:
        raise _Unclear(f"没有节日名称，请写成“{EXAMPLE}”。")
    name, count = named[1].strip(), 0
    for sentence in re.split(r"[。；;]", named[2]):
        rests, works = "放假" in sentence, "上班" in sentence
        if rests == works:  # neither, as in a remark; or both, where one cannot tell which day is which
            if rests:
                raise _Unclear("把放假和上班写在一句里了，请分成两句。")
            continue
        for day in _dates(year, sentence.split("放假")[0] if rests else sentence):
            count += 1
            yield ArrangedDay(day, works, f"{name}调休上班" if works else name)
    if not count:
        raise _Unclear(f"没有放假或上班的日期，请写成“{EXAMPLE}”。")


def _dates(year: int, words: str) -> Iterator[date]:
    month = 0
    for match in _DATES.finditer(words):
        first = _date(year, month, match.groups()[:4])
        last = _date(first.year, first.month, match.groups()[4:]) if match[7] else first
        if not first <= last < first + timedelta(days=_LONGEST):
            raise _Unclear(f"“{match[0]}”的起止日期有误，请核对。")
        if first.year != year and (first.year, first.month) != (year - 1, 12):
            raise _Unclear(f"的{day_words(first)}不在{year}年内，请核对。")
        month = last.month
        yield from (first + timedelta(days=number) for number in range((last - first).days + 1))


def _date(year: int, month: int, said: tuple[str | None, ...]) -> date:
    """What one date says; a month or year that it leaves out is that of the date before it."""
    own_year, own_month, day, remark = said
    if not (own_month or month):
        raise _Unclear(f"的“{day}日”没有写月份。")
    try:
        found = date(int(own_year or year), int(own_month or month), int(day or 0))
    except ValueError:
        raise _Unclear(f"的{own_month or month}月{day}日不存在。") from None
    weekday = _WEEKDAY.search(remark or "")
    if weekday and WEEKDAYS.index(weekday[1].replace("天", "日")) != found.weekday():
        raise _Unclear(f"的{day_words(found)}是周{WEEKDAYS[found.weekday()]}，原文写周{weekday[1]}，请核对。")
    return found


def _kind(day: ArrangedDay) -> str:
    return "上班" if day.working else f"放假（{day.note}）"
