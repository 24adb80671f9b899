"""Tables that offices hand in: the cells of a CSV or XLSX file, before anybody asks what they mean (D35)."""

import csv
from io import BytesIO, StringIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from app.errors import Problem, Refused

LIMIT = 5 * 1024 * 1024  # bytes
MOST_ROWS = 5000
ENCODINGS = ("utf-8-sig", "gb18030")  # what spreadsheets of offices write
_ZIP = b"PK\x03\x04"


def cells(name: str, content: bytes, field: str = "file", most_rows: int = MOST_ROWS) -> list[list[Any]]:
    """The rows of the file's first sheet; Refused for a file that is neither, is empty or too large.

    A cell of an XLSX is text, number, date or empty (""); one of a CSV is text.
    """
    if len(content) > LIMIT:
        raise Refused(Problem("too_large", f"“{name}”超过{LIMIT // 1024 // 1024}MB，请拆分后再导入。", field))
    if content.startswith(_ZIP):
        rows = _of_workbook(name, content, field)
    elif name.lower().endswith(".csv"):
        rows = _of_csv(name, content, field)
    else:
        raise Refused(Problem("file_type", f"“{name}”不是表格文件，请使用XLSX或CSV格式。", field))
    if len(rows) > most_rows:
        raise Refused(Problem("too_many", f"“{name}”超过{most_rows}行，请拆分后再导入。", field))
    return rows


def _of_csv(name: str, content: bytes, field: str) -> list[list[Any]]:
    try:
        return list(csv.reader(StringIO(_text(name, content, field))))
    except csv.Error:
        raise Refused(Problem("file_type", f"“{name}”无法读取，请用表格软件另存为XLSX后再导入。", field)) from None


def _of_workbook(name: str, content: bytes, field: str) -> list[list[Any]]:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError):
        raise Refused(Problem("file_type", f"“{name}”无法读取，请用表格软件另存为XLSX后再导入。", field)) from None


def _text(name: str, content: bytes, field: str) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(Problem("file_type", f"“{name}”的文字编码无法识别，请另存为UTF-8格式的CSV。", field))
