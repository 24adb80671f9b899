"""Tables to take along: the rows of a screen as CSV for Excel (UTF-8 with BOM) or as XLSX."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import quote

import xlsxwriter
from flask import Response

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDEST = 60  # characters


@dataclass(frozen=True)
class Sheet:
    """What the screen shows: a title, headings, and rows of texts, numbers and dates."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]


def download(sheet: Sheet, kind: str) -> Response:
    """The sheet as a file to save; `kind` is a key of FORMATS."""
    content = _csv(sheet) if kind == "csv" else _xlsx(sheet)
    response = Response(content, content_type=FORMATS[kind])
    name = quote(f"{sheet.title}.{kind}")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _csv(sheet: Sheet) -> bytes:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(sheet.headings)
    writer.writerows([_guarded(value) for value in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def _guarded(value: Any) -> str:
    """As text; what a spreadsheet would run as a formula is quoted."""
    text = _text(value)
    return f"'{text}" if text.startswith(FORMULA) and not isinstance(value, int | float) else text


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat(" ", "minutes") if isinstance(value, datetime) else str(value)


def _xlsx(sheet: Sheet) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet()
    heading, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    page.freeze_panes(1, 0)
    page.write_row(0, 0, sheet.headings, heading)
    for number, row in enumerate(sheet.rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, date) and not isinstance(value, datetime):
                page.write_datetime(number, column, datetime.combine(value, datetime.min.time()), day)
            elif isinstance(value, int | float):
                page.write_number(number, column, value)
            else:
                page.write_string(number, column, _text(value))
    for column, words in enumerate(sheet.headings):
        longest = max([len(words), *(len(_text(row[column])) for row in sheet.rows)], default=0)
        page.set_column(column, column, min(WIDEST, 2 * longest + 2))
    book.close()
    return out.getvalue()
