"""参数: all that the notice may set, with the place each value comes from; one of them in the boxes of its type."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import calendar
from app.domain.drafts import entries, entry_forms, store
from app.domain.drafts.entries import Entry, Line
from app.domain.explanations import UNITS
from app.domain.parameter_values import WINDOWS, ParameterSpec, typed
from app.domain.parameter_words import CHOICES, words_of
from app.domain.schedules import WINDOW_NAMES
from app.errors import Conflict, Problem, Refused
from app.web.errors import status_of
from app.web.session import reading, transaction
from app.web.studio.frame import designer, draft_page
from app.web.views import months

blueprint = Blueprint("studio_parameters", __name__, url_prefix="/studio/drafts/<int:draft_id>/parameters")

STATES = {
    "own": "本通知规定",
    "above": "取自上级通知",
    "undecided": "待决定",
    "missing": "必填，尚未填写",
    "silent": "未规定",
}
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


@blueprint.get("")
def index(draft_id: int) -> ResponseReturnValue:
    """`q` narrows by words, `state` by where the value comes from."""
    q, state = request.args.get("q", "").strip(), request.args.get("state", "")
    with reading() as session:
        draft = store.get(session, draft_id)
        found = entries.lines(session, draft)
    counts = {key: sum(line.state == key for line in found) for key in STATES}
    shown = [line for line in found if state in ("", line.state) and _fits(line, q)]
    meanings = {line.spec.key: line.spec.meaning for line in found}
    return draft_page(
        "studio/parameters.html",
        draft,
        "parameters",
        lines=[(line, said(line.spec, line.link.entry if line.link else None, meanings)) for line in shown],
        states=STATES,
        counts=counts,
        state=state,
        q=q,
    )


@blueprint.get("/<key>")
def show(draft_id: int, key: str) -> ResponseReturnValue:
    with reading() as session:
        found = entries.line(session, store.get(session, draft_id), key)
    start = found.own or (found.link.entry if found.link else None) or {}
    boxes = entry_forms.boxes_of(found.spec, start.get("value"))
    around = {name: str(start.get(name, "")) for name in ("clause", "note", "decided_by", "undecided")}
    around["kind"] = "undecided" if "undecided" in start else start.get("kind", "printed")
    stops = {f"stop_{name}": "yes" for name in start.get("stopped_by", [])}
    return _page(draft_id, key, {**boxes, **around, **stops, "token": entries.token_of(found.own)}, [])


@blueprint.post("/<key>")
def save(draft_id: int, key: str) -> ResponseReturnValue:
    """Write the entry; `give_up` lets the notice above speak again. What is wrong is said above the form."""
    by, boxes = designer(), {name: value.strip() for name, value in request.form.items()}
    try:
        with transaction() as session:
            line = entries.line(session, store.get(session, draft_id), key)
            entry = None if "give_up" in boxes else _entry(line.spec, boxes)
            entries.change(
                session, draft_id, key, entry, token=boxes.get("token", ""), by=by, reason=boxes.get("reason", "")
            )
    except (Refused, Conflict) as problem:
        return _page(draft_id, key, boxes, problem.problems), status_of(problem)
    flash(f"“{line.spec.meaning}”已保存。", "success")
    return redirect(url_for("studio_parameters.show", draft_id=draft_id, key=key))


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


def _page(draft_id: int, key: str, boxes: Mapping[str, str], problems: list[Problem]) -> str:
    with reading() as session:
        draft = store.get(session, draft_id)
        line = entries.line(session, draft, key)
        trail = [each for _, each in entries.trail(session, draft_id, key)]
        keys = [each.spec for each in entries.lines(session, draft)]
        beside = _months(session, boxes)
    meanings = {spec.key: spec.meaning for spec in keys}
    return draft_page(
        "studio/parameter.html",
        draft,
        "parameters",
        line=line,
        spec=line.spec,
        chain=[(link, said(line.spec, link.entry, meanings)) for link in line.chain],
        trail=[(each, said(line.spec, each.old, meanings), said(line.spec, each.new, meanings)) for each in trail],
        boxes=boxes,
        rows=int(boxes.get(entry_forms.TABLE_ROWS) or 0) + EXTRA_ROWS,
        problems=problems,
        words=CHOICES,
        types=TYPES,
        kinds=KINDS,
        choices=[(code, CHOICES.get(code, code)) for code in line.spec.choices],
        conventions=CONVENTIONS,
        windows={name: WINDOW_NAMES[name] for name in WINDOWS},
        stops=STOPS,
        counts=[spec for spec in keys if spec.type == "int" and spec.key != key],
        times=[spec for spec in keys if spec.type == "time"],
        flags=[
            (spec.key, f"按“{spec.meaning}”") for spec in keys if spec.type == "bool" and spec.key == boxes.get("roll")
        ],
        months=beside,
        weekdays=[name.removeprefix("周") for name in calendar.WEEKDAYS],
    )


def _months(session: Session, boxes: Mapping[str, str]) -> list[months.Month]:
    """The calendar around the dates in the form."""
    found = {day for name in ("value", "from_on", "to_on") if (day := months.day_of(boxes.get(name, "")))}
    return months.around(calendar.calendar_of(session), found)


def _entry(spec: ParameterSpec, boxes: Mapping[str, str]) -> dict[str, Any]:
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


def _fits(line: Line, q: str) -> bool:
    haystack = f"{line.spec.key} {line.spec.meaning} {line.spec.clause or ''}"
    return all(word in haystack for word in q.split())
