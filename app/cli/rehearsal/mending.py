"""What a person changes after a refusal: he reads its sentences and corrects what they name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.forms import Form
from app.domain.forms import fields as checked
from app.domain.forms.schema import Field, Table
from app.errors import Problem

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DAY = re.compile(r"(\d{4})[-年](\d{1,2})[-月](\d{1,2})")
_QUOTED = re.compile(r"“([^”]+)”")


@dataclass
class Lesson:
    """What he has learnt so far: values to give, and fields he has to fill in although the form does not ask."""

    says: dict[str, Any] = field(default_factory=dict)
    insist: dict[str, int] = field(default_factory=dict)  # of a table: how many rows


def day_named(problems: Iterable[Problem]) -> date | None:
    """The last day that the sentences name: often the one after which it can be done."""
    said = [match for problem in problems for match in _DAY.findall(problem.message)]
    return max((date(*map(int, each)) for each in said), default=None)


def learn(lesson: Lesson, form: Form, sent: Mapping[str, Any], problems: Iterable[Problem], *, facts: bool) -> bool:
    """Take what the refusal teaches about the form's fields; False where it names nothing he could change.

    `facts`: what he has filled in is true and stays, he can only add what is missing.
    """
    items = {item.key: item for item in form.items}
    taken = [_take(lesson, items, sent, problem, facts) for problem in problems]  # each of them, not the first alone
    return any(taken)


def _take(lesson: Lesson, items: Mapping[str, Any], sent: Mapping[str, Any], problem: Problem, facts: bool) -> bool:
    key, _, rest = (problem.field or "").partition(".")
    item = items.get(key)
    if item is None or item.readonly:
        return False
    if isinstance(item, Table):
        column = rest.rpartition(".")[2]
        if (not column or column.isdecimal()) and not item.fixed:
            lesson.insist[key] = len(sent.get(key) or ()) + 1
            return True
        if not column or column.isdecimal():
            columns = [each.key for each in item.columns if not each.readonly]
            return sum(_insists(lesson, f"{key}.{each}") for each in columns) > 0
        return _insists(lesson, f"{key}.{column}")
    if checked.is_empty(item, sent.get(key)) and _insists(lesson, key):
        return True
    if facts:
        return False
    found = next((each for each in _candidates(item, problem.message) if each != sent.get(key)), None)
    if found is None or lesson.says.get(key) == found:
        return False
    lesson.says[key] = found
    return True


def _insists(lesson: Lesson, key: str) -> bool:
    """Whether that is news."""
    new = key not in lesson.insist
    lesson.insist.setdefault(key, 1)
    return new


def _candidates(item: Field, message: str) -> Sequence[Any]:
    """Values of the field's kind that the sentence speaks of, in its order."""
    if item.kind == "number":
        return [float(each) if "." in each else int(each) for each in _NUMBER.findall(message)]
    if item.kind == "datetime":
        return [f"{int(year):04d}-{int(month):02d}-{int(day):02d}" for year, month, day in _DAY.findall(message)]
    if item.kind in ("textfield", "textarea"):
        return _QUOTED.findall(message)
    return [True] if item.kind == "checkbox" else []
