"""The values of one input cut into pieces: within a piece no constant of its cells tells two values apart.

Numbers, dates (`2023-10-31`) and months (`2014-05`) are cut at each constant; texts are those that are named and, where
a cell excludes some, all others together.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

OTHER = "其他"  # stands for every text that the table does not name
WHOLE = ("integer", "long")
DECIMAL = ("number", "double")
_MONTH = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$")
_DATE = re.compile(r"^\d{4}-\d\d-\d\d$")


@dataclass(frozen=True)
class Scale:
    """How values of one kind lie on a line: `place` gives the number of a value, `value` the value of a number."""

    place: Callable[[Any], float]
    value: Callable[[Any], Any]
    whole: bool


@dataclass(frozen=True)
class Piece:
    """`sample` is a value of the piece; `between` the constants an open interval lies between (None: without end)."""

    sample: Any
    between: tuple[Any, Any] | None = None
    ordered: bool = False


_DAYS = Scale(lambda v: date.fromisoformat(v).toordinal(), lambda n: date.fromordinal(n).isoformat(), True)
_MONTHS = Scale(lambda v: int(v[:4]) * 12 + int(v[5:]) - 1, lambda n: f"{n // 12:04}-{n % 12 + 1:02}", True)


def scale_of(values: Sequence[Any]) -> Scale | None:
    """The calendar on which all these texts lie; None where they are not all dates or all months."""
    if values and all(isinstance(v, str) and _MONTH.match(v) for v in values):
        return _MONTHS
    return _DAYS if values and all(is_date(v) for v in values) else None


def is_date(value: Any) -> bool:
    """Whether this is a day of the calendar as `YYYY-MM-DD`."""
    try:
        return isinstance(value, str) and bool(_DATE.match(value)) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def numbers(kind: str, values: Sequence[Any]) -> Scale:
    """The line of numbers: whole where the column says so or knows no other."""
    whole = kind in WHOLE or (kind not in DECIMAL and all(isinstance(value, int) for value in values))
    return Scale(lambda value: value, lambda number: number, whole)


def cut(values: Sequence[Any], scale: Scale) -> list[Piece]:
    """Each constant, what lies between two of them, and what lies beyond both ends."""
    points = sorted({scale.place(value) for value in values})

    def interval(number: float, low: float | None, high: float | None) -> Piece:
        ends = tuple(None if end is None else scale.value(end) for end in (low, high))
        return Piece(scale.value(number), (ends[0], ends[1]), True)

    found = [interval(points[0] - 1, None, points[0]), Piece(scale.value(points[0]), None, True)]
    for low, high in pairwise(points):
        if not scale.whole:
            found.append(interval((low + high) / 2, low, high))
        elif high - low > 1:
            found.append(interval(low + 1, low, high))
        found.append(Piece(scale.value(high), None, True))
    return [*found, interval(points[-1] + 1, points[-1], None)]


def condition(chosen: Sequence[Piece], pieces: Sequence[Piece]) -> str:
    """The cell that holds for the chosen ones of a column's pieces (both in the column's order)."""
    if len(chosen) == len(pieces):
        return "-"
    runs: list[list[Piece]] = []
    at = [pieces.index(piece) for piece in chosen if piece.ordered]
    for index in at:
        if runs and pieces.index(runs[-1][-1]) == index - 1:
            runs[-1].append(pieces[index])
        else:
            runs.append([pieces[index]])
    parts = [_run(run) for run in runs]
    named = [piece.sample for piece in chosen if not piece.ordered]
    if OTHER in named:
        left = [piece.sample for piece in pieces if not piece.ordered and piece not in chosen]
        parts.append(f"? not in [{', '.join(map(literal, left))}]")
    elif len(named) == 1 and not parts:
        return literal(named[0])
    elif named:
        parts.append(f"? in [{', '.join(map(literal, named))}]")
    return " or ".join(f"? == {part}" if len(parts) > 1 and "?" not in part else part for part in parts)


def _run(run: list[Piece]) -> str:
    first, last = run[0], run[-1]
    if len(run) == 1 and first.between is None:
        return literal(first.sample)
    low, sign = (first.sample, ">=") if first.between is None else (first.between[0], ">")
    high, end = (last.sample, "<=") if last.between is None else (last.between[1], "<")
    if low is None:
        return f"? {end} {literal(high)}"
    if high is None:
        return f"? {sign} {literal(low)}"
    return f"{literal(low)} {sign.replace('>', '<')} ? {end} {literal(high)}"


def literal(value: Any) -> str:
    """A constant as it is written in a cell."""
    return f'"{value}"' if isinstance(value, str) else repr(value)
