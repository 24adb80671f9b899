"""A schedule that an office hands in as CSV or XLSX: headings in words or codes, every fault named by its row."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.domain import dictionaries, spreadsheets
from app.domain.committee_files import COLUMNS
from app.domain.drafts.schedule import FLAG_WORDS, LABELS, Row, empty_row, faults
from app.domain.parameter_values import WINDOWS
from app.errors import Problem, Refused

MOST_ROWS = 500
_COLUMN = {label: column for column, label in LABELS.items()} | {column: column for column in COLUMNS}
_DATES = frozenset(f"{name}_{end}" for name in WINDOWS for end in ("from", "to"))
_PRINTED = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?(?:\s*(\d{1,2}[:：]\d{2}))?")
_SPLIT = re.compile(r"[\s、，,;；]+")


@dataclass(frozen=True)
class Imported:
    """The schedule after the import: how many rows changed, how many are new; `problems` keep it from being taken."""

    rows: list[Row]
    changed: int
    added: int
    problems: list[Problem]


def read(name: str, content: bytes, present: Sequence[Row], year: int) -> Imported:
    """The file's rows laid over the present ones by number, else by name; columns it lacks stay as they are.

    A date without a year is taken in `year`. Raises Refused for a file or heading that cannot be read.
    """
    table = spreadsheets.cells(name, content, most_rows=MOST_ROWS)
    columns = _columns(table[0] if table else [])
    result = [dict(row) for row in present]
    problems: list[Problem] = []
    changed = added = 0
    for line, cells in enumerate(table[1:], start=2):
        if not any(str(cell).strip() for cell in cells):
            continue
        said, wrong = _row(columns, cells, year, line)
        place = _place(result, said)
        before = result[place] if place is not None else empty_row()
        after = {**before, **said}
        problems += wrong or faults(after, f"第{line}行")
        if place is None:
            result.append(after)
            added += 1
        else:
            result[place] = after
            changed += after != before
    return Imported(result, changed, added, problems)


def _columns(heading: Sequence[Any]) -> list[str]:
    names = [str(cell).strip() for cell in heading]
    strange = [name for name in names if name and name not in _COLUMN]
    if strange:
        known = "、".join(LABELS.values())
        raise Refused(Problem("heading", f"表头“{strange[0]}”不能识别，可用：{known}。", "file"))
    columns = [_COLUMN.get(name, "") for name in names]
    if "no" not in columns and "name" not in columns:
        raise Refused(Problem("heading", "表头中应有“序号”或“评委会名称”，以便对应到各评委会。", "file"))
    return columns


def _row(columns: Sequence[str], cells: Iterable[Any], year: int, line: int) -> tuple[Row, list[Problem]]:
    said: Row = {}
    problems = []
    for column, cell in zip(columns, cells, strict=False):
        if not column:
            continue
        try:
            said[column] = _cell(column, cell, year)
        except ValueError:
            words = f"第{line}行：{LABELS[column]}“{cell}”不是日期，应写为 2024-11-14 或 2024-11-14 09:30。"
            problems.append(Problem("date", words, column))
    return said, problems


def _cell(column: str, cell: Any, year: int) -> str:
    if column in _DATES:
        return _date(cell, year)
    if column == "no":
        return str(int(cell)) if isinstance(cell, int | float) else str(cell).strip()
    words = str(cell).strip()
    if column in _CODES:
        return " ".join(_CODES[column].get(word, word) for word in _SPLIT.split(words) if word)
    return " ".join(_SPLIT.split(words)) if column == "specialties" else words


def _date(cell: Any, year: int) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}" if (cell.hour, cell.minute) != (0, 0) else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell).strip()
    if not text:
        return ""
    found = _PRINTED.fullmatch(text)
    if found is None:
        raise ValueError(text)
    day = date(int(found[1] or year), int(found[2]), int(found[3])).isoformat()
    return f"{day} {found[4].replace('：', ':').rjust(5, '0')}" if found[4] else day


def _place(rows: Sequence[Row], said: Row) -> int | None:
    """Which present row is meant."""
    if said.get("no", "").isdecimal():
        number = int(said["no"])
        return number - 1 if 1 <= number <= len(rows) else None
    return next((n for n, row in enumerate(rows) if row["name"] == said.get("name")), None)


def _words(dictionary: str) -> dict[str, str]:
    return {entry["label"]: entry["code"] for entry in dictionaries.entries(dictionary)}


_CODES = {"levels": _words("level"), "series": _words("series"), "flags": {v: k for k, v in FLAG_WORDS.items()}}
