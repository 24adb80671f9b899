"""Numbers in the text of a clause and in the parameter that cites it: working days, months, money, persons, dates."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from app.domain.parameter_values import ParameterSpec

_CHINESE: dict[str, int] = {word: value for value, word in enumerate("零一二三四五六七八九十")} | {"两": 2}
_UNITS = {
    "个工作日": "工作日", "工作日": "工作日", "个月": "个月", "日": "日", "天": "日", "年": "年", "元": "元",
    "人": "人", "名": "人", "份": "份", "倍": "倍", "次": "次", "%": "%",
}  # fmt: skip
_OF_PARAMETER = {"工作日": "工作日", "个月": "个月", "年": "年", "元/人": "元", "元": "元", "人": "人", "份": "份",
                 "倍": "倍", "%": "%", "日": "日"}  # fmt: skip
_OF_RULE = {"working_day": "工作日", "calendar_day": "日", "month": "个月"}
_YEARS = 1900  # more years than this are a date
_AT_LEAST = re.compile(r"(?:不少于|不低于|不得少于|至少|达到)\W*$")
_AT_MOST = re.compile(r"(?:不超过|不得超过|不多于|不高于|至多)\W*$")
_NUMBER = re.compile(
    r"(?<![\dA-Za-z/])(?P<numerator>\d{1,2})\s*/\s*(?P<denominator>\d{1,2})(?![\dA-Za-z/])|(?P<parts>[二三四五六七八九十])分之(?P<of>[一二三四五六七八九])"
    r"|(?P<value>\d+(?:\.\d+)?|[一二两三四五六七八九十])(?:\s*[-—–至]\s*(?P<to>\d+(?:\.\d+)?))?\s*"
    r"(?P<unit>个工作日|工作日|个月|日|天|年|元|人|名|份|倍|次|%)(?P<above>以上|及以上)?"
)
_DATE = re.compile(r"(?:(?P<year>20\d\d)年)?(?P<month>\d{1,2})月(?:(?P<first>\d{1,2})[-—–至])?(?P<day>\d{1,2})日")


@dataclass(frozen=True)
class Number:
    """A number with its unit; `bound`: `least`, `most` or empty for exactly; `to`: where the text gives a range."""

    value: Fraction
    unit: str
    bound: str = ""
    to: Fraction | None = None

    def admits(self, value: Fraction) -> bool:
        if self.to is not None:
            return self.value <= value <= self.to
        return value >= self.value if self.bound == "least" else value <= self.value if self.bound == "most" else False

    def __str__(self) -> str:
        head = {"least": "不少于", "most": "不超过"}.get(self.bound, "")
        to = f"-{_plain(self.to)}" if self.to is not None else ""
        unit = {"比例": "", "工作日": "个工作日"}.get(self.unit, self.unit)
        return f"{head}{_plain(self.value)}{to}{unit}"


@dataclass(frozen=True)
class Day:
    """A day as a text prints it, mostly without its year."""

    month: int
    day: int
    year: int | None = None

    def __str__(self) -> str:
        return f"{f'{self.year}年' if self.year else ''}{self.month}月{self.day}日"


def in_text(text: str) -> list[Number]:
    """Every number with a unit, and every fraction (unit 比例)."""
    return [number for match in _NUMBER.finditer(text) if (number := _number(text, match)) is not None]


def days_in(text: str) -> list[Day]:
    found = []
    for match in _DATE.finditer(text):
        year = int(match["year"]) if match["year"] else None
        found += [Day(int(match["month"]), int(day), year) for day in (match["first"], match["day"]) if day]
    return found


def in_entry(spec: ParameterSpec, value: Any) -> Iterator[Number]:
    """What a parameter's value says in numbers; nothing for a choice, a text or a rule that names another parameter."""
    unit = _OF_PARAMETER.get(spec.unit or "")
    if unit == "年" and _is_number(value) and value > _YEARS:
        return  # a year of the calendar
    if spec.type == "fraction":
        yield Number(Fraction(str(value)), "比例")
    elif spec.type == "deadline" and isinstance(value, Mapping):
        if type(value.get("count")) is int:
            yield Number(Fraction(value["count"]), _OF_RULE[value["unit"]])
    elif spec.type == "table" and unit and isinstance(value, Mapping):
        yield from (Number(Fraction(str(each)), unit) for each in value.values() if _is_number(each))
    elif unit and _is_number(value):
        yield Number(Fraction(str(value)), unit)


def day_of(value: date) -> Day:
    return Day(value.month, value.day, value.year)


def same_day(printed: Day, said: Day) -> bool:
    return (printed.month, printed.day) == (said.month, said.day) and printed.year in (None, said.year)


def comparable(number: Number, wanted: Number) -> Number | None:
    """`number` in the unit of `wanted`: years are months too, percent are fractions; None if no unit fits both."""
    if number.unit == wanted.unit:
        return number
    factor = {("年", "个月"): Fraction(12), ("个月", "年"): Fraction(1, 12), ("%", "比例"): Fraction(1, 100),
              ("比例", "%"): Fraction(100)}.get((number.unit, wanted.unit))  # fmt: skip
    if factor is None:
        return None
    to = number.to * factor if number.to is not None else None
    return Number(number.value * factor, wanted.unit, number.bound, to)


def _number(text: str, match: re.Match[str]) -> Number | None:
    before = text[max(0, match.start() - 8) : match.start()]
    bound = "least" if _AT_LEAST.search(before) or match["above"] else "most" if _AT_MOST.search(before) else ""
    if match["numerator"]:
        after = text[match.end() : match.end() + 3].lstrip()
        if int(match["denominator"]) == 0:
            return None
        above = after.startswith("以上")
        return Number(Fraction(int(match["numerator"]), int(match["denominator"])), "比例", "least" if above else bound)
    if match["parts"]:
        return Number(Fraction(_CHINESE[match["of"]], _CHINESE[match["parts"]]), "比例", bound)
    if match["unit"] in ("日", "年") and (text[match.end() : match.end() + 1].isdigit() or "月" in before[-1:]):
        return None  # of a date
    value = Fraction(_CHINESE[match["value"]] if match["value"] in _CHINESE else match["value"])
    if match["unit"] == "年" and value > _YEARS:
        return None
    return Number(value, _UNITS[match["unit"]], bound, Fraction(match["to"]) if match["to"] else None)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(value: Fraction) -> str:
    return str(value) if value.denominator < 20 else f"{float(value):g}"
