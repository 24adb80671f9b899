"""One field of a form: from a form-js component to a marshmallow field with Chinese messages.

A message is a `Fault` (code and sentence), so that the caller can place it: which table, which row.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, NamedTuple

from marshmallow import ValidationError, fields

from app.domain.forms import schema as schemas
from app.domain.forms.schema import Component, Field

YEARS = range(1900, 2200)  # of every date in a form: births and what is planned
_MONTH = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$")
PRESETS = {
    "email": (r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "请填写有效的电子邮箱地址。"),
    "phone": (r"^(?:\+|00)\d{5,20}$", "请填写带国家代码的电话号码，如 +8613900000001。"),
}
_RANK = re.compile(r"^\d{1,3}(?:/\d{1,3})?$")
UNTIL_NOW = "至今"
SOLE = "独著"
_VERB = dict.fromkeys((*schemas.CHOICES, "organisation"), "请选择") | {"evidence": "请上传", "checkbox": "请确认"}


class Fault(NamedTuple):
    """Why one value is not acceptable."""

    code: str
    message: str


def refuse(code: str, message: str) -> ValidationError:
    return ValidationError([Fault(code, message)])


def build(field: Field, draft: bool) -> fields.Field:
    """The marshmallow field of `field`; a draft's field knows the type only."""
    make = _MAKERS[field.kind]
    rules = [] if draft else _rules(field)
    required = field.required and not draft
    wrong = [Fault("type", f"“{field.label}”的格式不正确。")]
    messages: dict[str, Any] = {"required": [missing(field)], "null": [missing(field)]}
    messages |= dict.fromkeys(("invalid", "type", "too_large", "invalid_utf8", "special"), wrong)
    built = make(field.component, draft)
    built.error_messages = {**built.error_messages, **messages}
    built.required, built.allow_none = required, not required
    built.validators = [*built.validators, *rules]
    return built


def missing(field: Field) -> Fault:
    """What a person reads when the field is left empty: the schema's own sentence or a plain one."""
    own = field.component.get("requiredMessage")
    return Fault("required", own or f"{_VERB.get(field.kind, '请填写')}“{field.label}”。")


def is_empty(field: Field, value: Any) -> bool:
    """Whether nothing was filled: for a checkbox also false, for text also blanks."""
    if isinstance(value, str):
        return not value.strip()
    if value is None or value == [] or value == {}:
        return True
    return field.kind == "checkbox" and value is False


def _rules(field: Field) -> list[Callable[[Any], Any]]:
    component, label = field.component, field.label
    limits = component.get("validate") or {}
    found: list[Callable[[Any], Any]] = []
    shortest, longest = limits.get("minLength"), limits.get("maxLength")
    if shortest is not None or longest is not None:
        found.append(_length(label, shortest, longest))
    if limits.get("min") is not None or limits.get("max") is not None:
        found.append(_range(label, limits.get("min"), limits.get("max")))
    if limits.get("pattern"):
        words = limits.get("patternErrorMessage") or f"“{label}”的格式不正确。"
        found.append(_pattern(limits["pattern"], words))
    if limits.get("validationType") in PRESETS:
        found.append(_pattern(*PRESETS[limits["validationType"]]))
    return found


def _length(label: str, shortest: int | None, longest: int | None) -> Callable[[Any], Any]:
    def check(value: Any) -> None:
        size = len(value) if isinstance(value, str) else 0
        if longest is not None and size > longest:
            raise refuse("max_length", f"“{label}”不能超过{longest}个字，现为{size}个字。")
        if shortest is not None and size < shortest:
            raise refuse("min_length", f"“{label}”不能少于{shortest}个字。")

    return check


def _range(label: str, lowest: float | None, highest: float | None) -> Callable[[Any], Any]:
    def check(value: Any) -> None:
        if lowest is not None and value < lowest:
            raise refuse("min", f"“{label}”不能小于{lowest}。")
        if highest is not None and value > highest:
            raise refuse("max", f"“{label}”不能大于{highest}。")

    return check


def _pattern(pattern: str, words: str) -> Callable[[Any], Any]:
    def check(value: Any) -> None:
        if not fits_pattern(pattern, value):
            raise refuse("pattern", words)

    return check


def fits_pattern(pattern: str, text: str) -> bool:
    """Whether the pattern is found in the text, as in the browser: \\d is 0-9 only."""
    return bool(re.search(pattern, text, re.ASCII))


def _options(component: Component) -> dict[Any, str]:
    return {option["value"]: option.get("label", "") for option in component.get("values", [])}


class _Text(fields.String):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        return super()._deserialize(value, attr, data, **kwargs).strip()


class _Number(fields.Field):
    """A JSON number; `decimalDigits` limits the places after the point."""

    def __init__(self, digits: int | None) -> None:
        super().__init__()
        self.digits = digits

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e15 or value != value:
            raise self.make_error("invalid")
        if self.digits is not None and round(value, self.digits) != value:
            raise refuse("decimals", f"最多填写{self.digits}位小数。" if self.digits else "应为整数。")
        return int(value) if isinstance(value, float) and value.is_integer() else value


class _Choice(fields.Field):
    """One of the component's options, or a list of them without repetition."""

    def __init__(self, options: Mapping[Any, str], many: bool) -> None:
        super().__init__()
        self.options, self.many = options, many

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        chosen = value if self.many else [value]
        if not isinstance(chosen, list) or not all(isinstance(each, str) for each in chosen):
            raise self.make_error("invalid")
        if not all(each in self.options for each in chosen):
            raise refuse("option", "请从所列选项中选择。")
        return list(dict.fromkeys(chosen)) if self.many else value


class _Flag(fields.Field):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class _When(fields.Field):
    """A date `YYYY-MM-DD`, a time `HH:MM`, or both with `T` between: kept as text, on the notices' wall clock."""

    def __init__(self, subtype: str, draft: bool) -> None:
        super().__init__()
        self.subtype, self.draft = subtype, draft

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if self.draft:
            return value
        day, _, clock = value.partition("T") if self.subtype == "datetime" else (value, "", value)
        try:
            wrong = self.subtype != "time" and (date.fromisoformat(day).year not in YEARS or len(day) != 10)
            zone = time.fromisoformat(clock).tzinfo if self.subtype != "date" else None
        except ValueError as fault:
            raise self.make_error("invalid") from fault
        if zone is not None or wrong:
            raise self.make_error("invalid")
        return value


class _YearMonth(fields.Field):
    """`2014-05`; with `period` also `2014-05/2016-08` or `2014-05/至今`, the end not before the start."""

    def __init__(self, period: bool, draft: bool) -> None:
        super().__init__()
        self.period, self.draft = period, draft

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if self.draft:
            return value
        if not self.period:
            if not _MONTH.match(value):
                raise refuse("month", "请填写年月，如 2014.05。")
            return value
        start, _, end = value.partition("/")
        if not _MONTH.match(start) or not (_MONTH.match(end) or end == UNTIL_NOW):
            raise refuse("period", "请填写起止年月，如 2014.05 至 2016.08。")
        if end != UNTIL_NOW and end < start:
            raise refuse("period_order", "结束时间早于开始时间。")
        return value


class _Rank(fields.Field):
    """`2/5`, `独著` or a bare place; the place cannot be behind the number of people."""

    def __init__(self, draft: bool) -> None:
        super().__init__()
        self.draft = draft

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if self.draft or value == SOLE:
            return value
        if not _RANK.match(value):
            raise refuse("rank", "请填写排名，如第 2 / 共 5 人。")
        place, _, people = value.partition("/")
        if int(place) < 1 or (people and int(place) > int(people)):
            raise refuse("rank_order", f"排名 {value} 有误：名次不能大于总人数。")
        return value


class _Identifier(fields.Field):
    """An organisation's id as the browser sends it: a whole number, also written as text."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
        if not text.isascii() or not text.isdigit():
            raise self.make_error("invalid")
        return int(text)


class _Attachments(fields.Field):
    """A list of attachment ids in the order chosen, each once."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list) or not all(
            isinstance(each, int | str) and not isinstance(each, bool) for each in value
        ):
            raise self.make_error("invalid")
        return list(dict.fromkeys(value))


class _Checkpoints(fields.Field):
    """`{point: {"ok": bool, "note": str}}` over the component's points; unanswered points may be left out."""

    def __init__(self, points: Mapping[str, str], draft: bool) -> None:
        super().__init__()
        self.points, self.draft = points, draft

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> dict[str, dict[str, Any]]:
        if not isinstance(value, dict) or not all(isinstance(answer, dict) for answer in value.values()):
            raise self.make_error("invalid")
        if not value.keys() <= self.points.keys():
            raise refuse("option", "审核要点与本表单所列不一致，请刷新后重新填写。")
        return {point: self._answer(point, answer) for point, answer in value.items()}

    def _answer(self, point: str, answer: dict[str, Any]) -> dict[str, Any]:
        sure, note = answer.get("ok"), answer.get("note") or ""
        if not (sure is None or isinstance(sure, bool)) or not isinstance(note, str) or answer.keys() - {"ok", "note"}:
            raise self.make_error("invalid")
        if sure is False and not note.strip() and not self.draft:
            raise refuse("checkpoint_note", f"审核要点“{self.points[point]}”不符合，请说明情况。")
        return {"ok": sure, "note": note.strip()}


_MAKERS: dict[str, Callable[[Component, bool], fields.Field]] = {
    "textfield": lambda _c, _d: _Text(),
    "textarea": lambda _c, _d: _Text(),
    "idcard": lambda _c, _d: _Text(),
    "number": lambda c, d: _Number(None if d else c.get("decimalDigits")),
    "select": lambda c, _d: _Choice(_options(c), many=False),
    "radio": lambda c, _d: _Choice(_options(c), many=False),
    "checklist": lambda c, _d: _Choice(_options(c), many=True),
    "taglist": lambda c, _d: _Choice(_options(c), many=True),
    "checkbox": lambda _c, _d: _Flag(),
    "datetime": lambda c, d: _When(c.get("subtype", "date"), d),
    "yearmonth": lambda c, d: _YearMonth(c.get("period") is True, d),
    "rank": lambda _c, d: _Rank(d),
    "organisation": lambda _c, _d: _Identifier(),
    "evidence": lambda _c, _d: _Attachments(),
    "checkpoints": lambda c, d: _Checkpoints(points(c), d),
    "expression": lambda _c, _d: fields.Raw(),
}


def points(component: Component) -> dict[str, str]:
    """The office's points to check, code → words."""
    return {point["value"]: point.get("label", "") for point in component.get("points", [])}
