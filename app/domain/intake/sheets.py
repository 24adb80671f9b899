"""A register's file: its columns, its cells as text, its faults row by row; and what applying it would come to."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from app.domain import spreadsheets
from app.errors import Problem, Refused

FIELD = "file"
OUTCOMES = {"created": "新增", "changed": "修改", "unchanged": "不变"}
AS_NUMBER = "存成了数值，末尾数字已经丢失。请把该列设为文本格式、重新填写后再导入。"
_EXACT = 10**15  # a spreadsheet keeps no more digits of a number
_SEARCHED = 20  # rows in which the headings are looked for
_BRACKETED = re.compile(r"[（(].*?[)）]|[\s*＊]")

Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column: its heading and other words for it, whether the file must have it, an example for the template."""

    field: str
    heading: str
    others: tuple[str, ...] = ()
    needed: bool = False
    example: str = ""


@dataclass(frozen=True)
class Fault:
    line: int
    column: str
    text: str


@dataclass(frozen=True)
class Entry:
    """One row as the preview shows it; `changes` are (what, before, after) in words."""

    line: int
    name: str
    outcome: str
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclass
class Faults:
    """Collects what is wrong, in the columns' own words."""

    columns: Sequence[Column]
    found: list[Fault] = field(default_factory=list)

    def add(self, line: int, name: str, text: str) -> None:
        heading = next((each.heading for each in self.columns if each.field == name), name)
        self.found.append(Fault(line, heading, text))

    def checked(self, line: int, name: str, value: str, check: Callable[[str], str]) -> str:
        """The value in its form; "" for none, and for one that is wrong and now stands among the faults."""
        try:
            return check(value) if value else ""
        except Refused as refused:
            for problem in refused.problems:
                self.add(line, name, problem.message)
            return ""

    def repeated(self, line: int, name: str, first: int) -> None:
        self.add(line, name, f"与第{first}行重复。")

    def sorted(self) -> list[Fault]:
        return sorted(self.found, key=lambda fault: fault.line)


@dataclass(frozen=True)
class Plan:
    """What applying the file would do, or why it cannot be applied."""

    entries: list[Entry]
    faults: list[Fault]

    @property
    def counts(self) -> dict[str, int]:
        """Outcome → rows, in a fixed order."""
        found = Counter(entry.outcome for entry in self.entries)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    @property
    def digest(self) -> str:
        """What the page that asks again carries: another one means that the register changed meanwhile."""
        return sha256(repr(self.entries).encode()).hexdigest()[:16]


def rows(name: str, content: bytes, columns: Sequence[Column]) -> list[Row]:
    """`line` and the text of each column, of every row that says something.

    A number too long to be kept exactly is None: its digits are lost. Refused for a file without the headings or rows.
    """
    cells = spreadsheets.cells(name, content, FIELD, spreadsheets.MOST_ROWS + _SEARCHED)
    heading, places = _headings(name, cells, columns)
    found: list[Row] = []
    for line, row in enumerate(cells[heading + 1 :], heading + 2):
        given = {key: _text(row[place] if place < len(row) else "") for key, place in places.items()}
        if any(value is None or value for value in given.values()):
            found.append({"line": line, **{each.field: given.get(each.field, "") for each in columns}})
    if not found:
        raise Refused(Problem("empty", f"“{name}”中没有内容，请按模板填写后再导入。", FIELD))
    if len(found) > spreadsheets.MOST_ROWS:
        message = f"“{name}”超过{spreadsheets.MOST_ROWS}行，请拆分后再导入。"
        raise Refused(Problem("too_many", message, FIELD))
    return found


def lost_digits(faults: Faults, read: Iterable[Row]) -> None:
    """Note every cell whose digits are lost, and leave it empty."""
    for row in read:
        for key in [key for key, value in row.items() if value is None]:
            faults.add(row["line"], key, AS_NUMBER)
            row[key] = ""


def _headings(name: str, cells: Sequence[Sequence[Any]], columns: Sequence[Column]) -> tuple[int, dict[str, int]]:
    """The row of headings and the place of each column in it."""
    for number, row in enumerate(cells[:_SEARCHED]):
        titles = [_BRACKETED.sub("", str(cell)) for cell in row]
        found = {
            each.field: titles.index(word)
            for each in columns
            if (word := next((word for word in (each.heading, *each.others) if word in titles), None)) is not None
        }
        if all(each.field in found for each in columns if each.needed):
            return number, found
    wanted = "".join(f"“{each.heading}”" for each in columns if each.needed)
    raise Refused(Problem("headings", f"“{name}”中没有找到表头{wanted}，请按模板填写后再导入。", FIELD))


def _text(cell: Any) -> str | None:
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        if abs(cell) >= _EXACT:
            return None
        return str(int(cell)) if float(cell).is_integer() else str(cell)
    return str(cell).strip().removeprefix("'")
