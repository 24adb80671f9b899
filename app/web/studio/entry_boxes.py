"""A parameter's entry as the boxes of a form: its value by type, what it rests on, and the words for both."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from app.domain import calendar
from app.domain.drafts import entry_forms
from app.domain.drafts.entries import Change, Entry, Line, token_of
from app.domain.explanations import UNITS
from app.domain.parameter_values import WINDOWS, ParameterSpec, typed
from app.domain.parameter_words import CHOICES, words_of
from app.domain.said import day as said_day
from app.domain.schedules import WINDOW_NAMES
from app.web.views import months

KINDS = {
    "printed": "通知原文规定",
    "decided": "有关部门决定",
    "suggested": "产品的建议（请核对）",
    "undecided": "尚未决定",
}
CONVENTIONS = {"after": "次日起算", "inclusive": "当日起算"}
STOPS = {
    "objection": "公示期间有异议", "complaint": "投诉举报核实", "dispute": "有争议", "status_change": "身份变化",
}  # fmt: skip
TYPES = {
    "int": "整数", "number": "数字", "bool": "是或否", "text": "文字", "date": "日期", "time": "时刻",
    "fraction": "分数", "choice": "单选", "list": "列表", "table": "表", "window": "时间窗口", "deadline": "期限",
}  # fmt: skip
EXTRA_ROWS = 3


def begun(line: Line) -> dict[str, str]:
    """The form as it begins: the entry's own, else the one that holds now."""
    start = line.own or (line.link.entry if line.link else None) or {}
    around = {name: str(start.get(name, "")) for name in ("clause", "note", "decided_by", "undecided")}
    around["kind"] = "undecided" if "undecided" in start else start.get("kind", "printed")
    stops = {f"stop_{name}": "yes" for name in start.get("stopped_by", [])}
    return {**entry_forms.boxes_of(line.spec, start.get("value")), **around, **stops, "token": token_of(line.own)}


def shown(
    session: Session, line: Line, specs: Iterable[ParameterSpec], boxes: Mapping[str, str], trail: Iterable[Change]
) -> dict[str, Any]:
    """What the form's templates ask for; `specs` are all parameters of the notice."""
    every = list(specs)
    meanings = {spec.key: spec.meaning for spec in every}
    return {
        "line": line,
        "spec": line.spec,
        "chain": [(link, said(line.spec, link.entry, meanings)) for link in line.chain],
        "trail": [(each, said(line.spec, each.old, meanings), said(line.spec, each.new, meanings)) for each in trail],
        "boxes": boxes,
        "rows": int(boxes.get(entry_forms.TABLE_ROWS) or 0) + EXTRA_ROWS,
        "words": CHOICES,
        "types": TYPES,
        "kinds": KINDS,
        "choices": [(code, CHOICES.get(code, code)) for code in line.spec.choices],
        "conventions": CONVENTIONS,
        "windows": {name: WINDOW_NAMES[name] for name in WINDOWS},
        "stops": STOPS,
        "counts": [spec for spec in every if spec.type == "int" and spec.key != line.spec.key],
        "times": [spec for spec in every if spec.type == "time"],
        "flags": [
            (spec.key, f"按“{spec.meaning}”") for spec in every if spec.type == "bool" and spec.key == boxes.get("roll")
        ],
        "months": _months(session, boxes),
        "weekdays": [name.removeprefix("周") for name in calendar.WEEKDAYS],
    }


def sent() -> dict[str, str]:
    """The form's boxes as they came."""
    return {name: value.strip() for name, value in request.form.items()}


def entry_of(spec: ParameterSpec, boxes: Mapping[str, str]) -> dict[str, Any]:
    """The form as a package writes it: nothing that is empty or self-evident."""
    kind = boxes.get("kind", "printed")
    entry: dict[str, Any] = {"undecided": boxes.get("undecided", "")} if kind == "undecided" else {}
    if kind != "undecided":
        entry["value"] = _list(spec, boxes) if spec.type == "list" else entry_forms.value_of(spec, boxes)
        if spec.unit:
            entry["unit"] = spec.unit
        if kind != "printed":
            entry["kind"] = kind
    entry |= {name: boxes[name] for name in ("clause", "note") if boxes.get(name)}
    if kind == "decided":
        entry["decided_by"] = boxes.get("decided_by", "")
    stops = [name for name in STOPS if boxes.get(f"stop_{name}") == "yes"]
    return entry | ({"stopped_by": stops} if stops and spec.type == "deadline" else {})


def _list(spec: ParameterSpec, boxes: Mapping[str, str]) -> list[str]:
    if spec.choices:
        return request.form.getlist("value")
    value: list[str] = entry_forms.value_of(spec, boxes)
    return value


def said(spec: ParameterSpec, entry: Entry | None, meanings: Mapping[str, str]) -> str:
    """An entry's value in words; its plain form where there are no words for it. `meanings`: of other parameters."""
    if entry is None:
        return ""
    if "undecided" in entry:
        return f"须由{entry['undecided']}决定"
    raw = entry["value"]
    try:
        value = typed(spec, raw)
    except ValueError:
        return str(raw)
    if spec.type == "table":
        return "，".join(f"{CHOICES.get(key, key)} {_cell(each)}" for key, each in raw.items()) or "空表"
    if spec.type == "deadline" and isinstance(raw.get("count"), str):
        return f"“{meanings.get(raw['count'], raw['count'])}”所定的{UNITS[raw['unit']].removeprefix('个')}数"
    if spec.type in ("list", "choice"):
        codes: list[str] = value if isinstance(value, list) else [value]
        return "、".join(CHOICES.get(code, code) for code in codes)
    return words_of(spec, value) or str(raw)


def _cell(value: Any) -> str:
    return "不限" if value is None else str(value)


def _months(session: Session, boxes: Mapping[str, str]) -> list[months.Month]:
    """The calendar around the dates in the form."""
    found = {day for name in ("value", "from_on", "to_on") if (day := said_day(boxes.get(name, "")))}
    return months.around(calendar.calendar_of(session), found)
