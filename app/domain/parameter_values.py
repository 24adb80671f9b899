"""What a parameter may hold: the declared vocabulary and the types that raw values of a package are read into (D19)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from app.clock import local
from app.domain.deadline_rules import CONVENTIONS, UNITS, closing, opening

SCOPES = ("notice", "committee")
KINDS = ("printed", "decided", "suggested")  # the notice prints it; a named body decided it; the product's reading
WINDOWS = {
    "declare": "declare_window",
    "check": "check_window",
    "corrections": "corrections_only_window",
    "pay": "pay_window",
    "paper": "paper_window",
}
_SECOND = timedelta(seconds=1)
_RELATIVE = {"count", "unit", "convention", "start_latest_time", "roll", "cap"}
_ABSOLUTE = {"window", "edge", "ahead"}


@dataclass(frozen=True)
class ParameterSpec:
    """The declaration of one parameter. `scope` committee: a committee's own value goes before the notice's."""

    key: str
    type: str
    meaning: str
    unit: str | None = None
    scope: str = "notice"
    clause: str | None = None
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Parameter:
    """One value in force. `kind`: printed, decided (by `decided_by`, where the notice is silent), suggested.

    `source` is the notice's key, with `#no` for a committee's own; `stopped_by` the holds that stop a deadline.
    """

    key: str
    value: Any
    unit: str | None
    clause: str | None
    kind: str
    note: str
    source: str
    decided_by: str | None = None
    stopped_by: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Window:
    """A stretch of time: `opens` is its first instant, `closes` the first instant too late; either may be open."""

    opens: datetime | None
    closes: datetime | None

    def state(self, now: datetime) -> str:
        """before, open or closed at `now`."""
        if self.opens is not None and now < self.opens:
            return "before"
        return "closed" if self.closes is not None and now >= self.closes else "open"


def typed(spec: ParameterSpec, raw: Any) -> Any:
    """The value of `raw` in the type that `spec` declares; ValueError with a Chinese reason if it is of another.

    int, number, bool, text, date, time, fraction (Fraction), choice, list, table (dict), window (Window),
    deadline (dict as written; `parameters.deadline_rule` makes the rule of it).
    """
    return _READERS[spec.type](spec, raw)


def instant_of(printed: str, *, end: bool) -> datetime:
    """`2022-11-14` or `2022-11-14 09:30` as an instant: the first one, or for an end the first one too late."""
    day, _, clock_time = str(printed).partition(" ")
    at = time.fromisoformat(clock_time) if clock_time else None
    return closing(date.fromisoformat(day), at) if end else opening(date.fromisoformat(day), at)


def window_of(raw: Any) -> Window:
    """A Window of {"from": …, "to": …} in printed form; either may be missing, not both."""
    if not isinstance(raw, Mapping) or not raw or set(raw) - {"from", "to"}:
        raise ValueError("时间窗口应写为 {from: 日期, to: 日期}")
    opens, closes = raw.get("from"), raw.get("to")
    return Window(
        instant_of(opens, end=False) if opens is not None else None,
        instant_of(closes, end=True) if closes is not None else None,
    )


def as_printed(window: Window) -> dict[str, str]:
    """The {from?, to?} that `window_of` makes this window of."""
    found = {}
    if window.opens is not None:
        found["from"] = _printed(local(window.opens))
    if window.closes is not None:
        ends = local(window.closes)
        whole_day = ends.time() == time()
        found["to"] = (ends.date() - timedelta(days=1)).isoformat() if whole_day else _printed(ends - _SECOND)
    return found


def _printed(wall: datetime) -> str:
    return wall.date().isoformat() if wall.time() == time() else f"{wall:%Y-%m-%d %H:%M}"


def _exactly(kind: type, words: str) -> Callable[[ParameterSpec, Any], Any]:
    def read(_spec: ParameterSpec, raw: Any) -> Any:
        if type(raw) is not kind:
            raise ValueError(f"应为{words}")
        return raw

    return read


def _number(_spec: ParameterSpec, raw: Any) -> int | float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise ValueError("应为数字")
    return raw


def _date(_spec: ParameterSpec, raw: Any) -> date:
    try:
        return date.fromisoformat(str(raw))
    except ValueError:
        raise ValueError("应为日期，如 2023-12-31") from None


def _time(_spec: ParameterSpec, raw: Any) -> time:
    try:
        if isinstance(raw, str):
            return time.fromisoformat(raw)
    except ValueError:
        pass
    raise ValueError('应为加引号的钟点，如 "12:00"')


def _fraction(_spec: ParameterSpec, raw: Any) -> Fraction:
    parts = str(raw).split("/")
    if len(parts) == 2 and all(part.isdigit() for part in parts) and int(parts[1]):
        return Fraction(int(parts[0]), int(parts[1]))
    raise ValueError("应为分数，如 2/3")


def _choice(spec: ParameterSpec, raw: Any) -> str:
    if not isinstance(raw, str) or raw not in spec.choices:
        raise ValueError(f"应为 {'、'.join(spec.choices)} 之一")
    return raw


def _list(spec: ParameterSpec, raw: Any) -> list[Any]:
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        raise ValueError("应为文字的列表")
    wrong = [item for item in raw if spec.choices and item not in spec.choices]
    if wrong:
        raise ValueError(f"“{wrong[0]}”不在可选值 {'、'.join(spec.choices)} 之内")
    return raw


def _table(_spec: ParameterSpec, raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
        raise ValueError("应为“名称: 值”的表")
    return raw


def _window(_spec: ParameterSpec, raw: Any) -> Window:
    try:
        return window_of(raw)
    except (ValueError, TypeError):
        raise ValueError("时间窗口应写为 {from: 2023-10-07, to: 2023-10-31}，钟点写作 2022-11-14 09:30") from None


def _deadline(_spec: ParameterSpec, raw: Any) -> dict[str, Any]:
    keys = set(raw) if isinstance(raw, dict) else set()
    if "window" in keys and keys <= _ABSOLUTE:
        if raw["window"] not in WINDOWS or raw.get("edge", "end") not in ("start", "end"):
            raise ValueError(f"window 应为 {'、'.join(WINDOWS)} 之一，edge 应为 start 或 end")
        if type(raw.get("ahead", 0)) is not int:
            raise ValueError("ahead 应为提前的工作日数")
        return dict(raw)
    if not {"count", "unit"} <= keys <= _RELATIVE:
        raise ValueError(
            "期限应写 count、unit（及 convention、start_latest_time、roll、cap）或 window（及 edge、ahead）"
        )
    if raw["unit"] not in UNITS or raw.get("convention", "after") not in CONVENTIONS:
        raise ValueError(f"unit 应为 {'、'.join(UNITS)} 之一，convention 应为 {'、'.join(CONVENTIONS)} 之一")
    if type(raw["count"]) not in (int, str) or set(raw.get("cap", [])) - set(WINDOWS):
        raise ValueError("count 应为整数或参数名，cap 应为时间窗口名的列表")
    return dict(raw)


_READERS: dict[str, Callable[[ParameterSpec, Any], Any]] = {
    "int": _exactly(int, "整数"),
    "number": _number,
    "bool": _exactly(bool, "true 或 false"),
    "text": _exactly(str, "文字"),
    "date": _date,
    "time": _time,
    "fraction": _fraction,
    "choice": _choice,
    "list": _list,
    "table": _table,
    "window": _window,
    "deadline": _deadline,
}
TYPES = tuple(_READERS)
