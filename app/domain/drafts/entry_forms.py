"""A parameter's value as the boxes of a form, by its type, and back: what designers fill in instead of YAML."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from app.domain.parameter_values import WINDOWS, ParameterSpec
from app.errors import Problem, Refused

Boxes = Mapping[str, str]
SIDES = ("from", "to")
TABLE_ROWS = "rows"  # how many rows a table's form has: row_0_key, row_0_value, …
_WHOLE = re.compile(r"-?\d+")
_DECIMAL = re.compile(r"-?\d+\.\d+")


def boxes_of(spec: ParameterSpec, value: Any) -> dict[str, str]:
    """What the form begins with; {} where the parameter has no value yet."""
    return {} if value is None else _SHOWN.get(spec.type, _plain)(value)


def value_of(spec: ParameterSpec, boxes: Boxes) -> Any:
    """The value as a package writes it; Refused where a box cannot be read (its type is checked by the package)."""
    return _READ.get(spec.type, _text)(boxes)


def _plain(value: Any) -> dict[str, str]:
    return {"value": str(value)}


def _text(boxes: Boxes) -> str:
    return boxes.get("value", "").strip()


def _number(boxes: Boxes) -> int | float:
    said = _text(boxes)
    if _WHOLE.fullmatch(said):
        return int(said)
    if _DECIMAL.fullmatch(said):
        return float(said)
    raise Refused(Problem("number", "请填写数字。", "value"))


def _yes(value: Any) -> dict[str, str]:
    return {"value": "yes" if value else "no"}


def _is_yes(boxes: Boxes) -> bool:
    if boxes.get("value") not in ("yes", "no"):
        raise Refused(Problem("choice", "请选择“是”或“否”。", "value"))
    return boxes["value"] == "yes"


def _fraction(value: Any) -> dict[str, str]:
    above, _, below = str(value).partition("/")
    return {"above": above.strip(), "below": below.strip() or "1"}


def _as_fraction(boxes: Boxes) -> str:
    above, below = (boxes.get(name, "").strip() for name in ("above", "below"))
    if not (above.isdecimal() and below.isdecimal()) or not 0 < int(above) <= int(below):
        raise Refused(Problem("fraction", "请填写分数，分子不大于分母，如 3/4。", "above"))
    return f"{int(above)}/{int(below)}"


def _list(value: Any) -> dict[str, str]:
    return {"value": "\n".join(map(str, value))}


def _as_list(boxes: Boxes) -> list[str]:
    return [line.strip() for line in boxes.get("value", "").splitlines() if line.strip()]


def _table(value: Mapping[str, Any]) -> dict[str, str]:
    found = {TABLE_ROWS: str(len(value))}
    for number, (key, each) in enumerate(value.items()):
        found |= {f"row_{number}_key": key, f"row_{number}_value": _cell(each)}
    return found


def _as_table(boxes: Boxes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    rows = int(boxes[TABLE_ROWS]) if boxes.get(TABLE_ROWS, "").isdecimal() else 0
    for number in range(min(rows, 200)):
        key = boxes.get(f"row_{number}_key", "").strip()
        if key in found:
            raise Refused(Problem("twice", f"“{key}”写了两行。", f"row_{number}_key"))
        if key:
            found[key] = _of_cell(boxes.get(f"row_{number}_value", "").strip())
    return found


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _of_cell(said: str) -> Any:
    """A number, a list in brackets, nothing (空为不限) or text."""
    if not said:
        return None
    try:
        return json.loads(said)
    except ValueError:
        return said


def _window(value: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for side in SIDES:
        day, _, clock_time = value.get(side, "").partition(" ")
        found |= {f"{side}_on": day, f"{side}_at": clock_time}
    return found


def as_window(boxes: Boxes) -> dict[str, str]:
    """{from?, to?} of the boxes `from_on`, `from_at`, `to_on`, `to_at`."""
    found = {}
    for side in SIDES:
        day, at = (boxes.get(f"{side}_{part}", "").strip() for part in ("on", "at"))
        if day:
            found[side] = f"{day} {at}" if at else day
    return found


def _deadline(value: Mapping[str, Any]) -> dict[str, str]:
    shown = {name: str(said) for name, said in value.items() if name not in ("cap", "roll")}
    if "roll" in value:
        roll = value["roll"]
        shown["roll"] = roll if isinstance(roll, str) else "yes" if roll else "no"
    shown |= {f"cap_{name}": "yes" for name in value.get("cap", [])}
    return shown | {"how": "window" if "window" in value else "count"}


def _as_deadline(boxes: Boxes) -> dict[str, Any]:
    said = {name: text.strip() for name, text in boxes.items()}
    if said.get("how") == "window":
        ahead = _whole(said.get("ahead") or "0", "ahead")
        found: dict[str, Any] = {"window": said.get("window", ""), "edge": said.get("edge", "end")}
        return found | ({"ahead": ahead} if ahead else {})
    count = said.get("count", "")
    found = {"count": int(count) if _WHOLE.fullmatch(count) else count, "unit": said.get("unit", "")}
    found |= {name: said[name] for name in ("convention", "start_latest_time") if said.get(name)}
    if said.get("roll"):
        found["roll"] = {"yes": True, "no": False}.get(said["roll"], said["roll"])
    caps = [name for name in WINDOWS if said.get(f"cap_{name}") == "yes"]
    return found | ({"cap": caps} if caps else {})


def _whole(said: str, field: str) -> int:
    if not _WHOLE.fullmatch(said):
        raise Refused(Problem("number", "请填写整数。", field))
    return int(said)


_SHOWN: dict[str, Callable[[Any], dict[str, str]]] = {
    "bool": _yes,
    "fraction": _fraction,
    "list": _list,
    "table": _table,
    "window": _window,
    "deadline": _deadline,
}
_READ: dict[str, Callable[[Boxes], Any]] = {
    "int": _number,
    "number": _number,
    "bool": _is_yes,
    "fraction": _as_fraction,
    "list": _as_list,
    "table": _as_table,
    "window": as_window,
    "deadline": _as_deadline,
}
