"""The cashier's list as a file: its columns found by their headings, its cells read into rows (R-141)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.domain import payments, spreadsheets
from app.errors import Problem, Refused
from app.models.people import IDENTITY_COLUMN
from app.models.types import blind

FIELD = "file"
HEADINGS = {
    "number": ("受理编号", "申报编号", "编号"),
    "name": ("申报人", "申报人姓名", "姓名", "缴费人"),
    "identity": ("身份证号", "身份证号码", "证件号码"),
    "amount": ("实缴金额", "缴费金额", "收款金额", "金额"),
    "paid_on": ("缴费日期", "收款日期", "日期"),
    "receipt_no": ("票据号码", "票据号", "收据号码", "收据号"),
    "method": ("缴费方式", "收款方式"),
}
REQUIRED = ("number", "name", "amount", "paid_on", "receipt_no")
SUMS = ("合计", "总计", "小计")
_METHODS = {label: key for key, label in payments.METHODS.items()}
_SEARCHED = 20  # rows in which the headings are looked for
_DATE = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D*")
_EXACT = 10**15  # a spreadsheet keeps no more digits of a number than these


@dataclass(frozen=True)
class Entry:
    """One row as read; `amount` as written, `identity` the blind index of the number."""

    line: int
    number: str
    name: str
    identity: str | None
    amount: str
    paid_on: date | None
    receipt_no: str
    method: str | None


def entries(name: str, content: bytes) -> list[Entry]:
    """The rows of the cashier's file.

    Refused without the headings, without a row, and for an identity number kept as a number: its digits are lost.
    """
    rows = spreadsheets.cells(name, content, FIELD)
    heading, columns = _columns(name, rows)
    found = []
    for line, row in enumerate(rows[heading + 1 :], heading + 2):
        given = {key: row[column] for key, column in columns.items() if column < len(row)}
        if _means_something(row, given):
            found.append(_entry(line, given))
    if not found:
        raise Refused(Problem("empty", f"“{name}”中没有缴费记录，请核对。", FIELD))
    return found


def yuan(written: str) -> int | None:
    """Whole yuan of an amount as written (`240`, `240.00`); None for anything else."""
    whole, _, fraction = written.partition(".")
    return int(whole) if whole.isdecimal() and not fraction.strip("0") else None


def _columns(name: str, rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    """The row of headings and the column of each field; among headings of one meaning the first word listed wins."""
    missing: tuple[str, ...] = REQUIRED
    for number, row in enumerate(rows[:_SEARCHED]):
        titles = [re.sub(r"[（(].*?[)）]|\s", "", str(cell)) for cell in row]
        found = {
            key: titles.index(word)
            for key, words in HEADINGS.items()
            if (word := next((each for each in words if each in titles), None)) is not None
        }
        lacking = tuple(key for key in REQUIRED if key not in found)
        if not lacking:
            return number, found
        missing = min(missing, lacking, key=len)
    words = "、".join(f"“{HEADINGS[key][0]}”" for key in missing)
    raise Refused(Problem("headings", f"“{name}”中没有找到表头{words}，请在第一行列明后再导入。", FIELD))


def _means_something(row: Sequence[Any], given: Mapping[str, Any]) -> bool:
    """Whether the row speaks of a payment: it is neither empty nor a sum."""
    return any(map(_text, given.values())) and not any(_text(cell).startswith(SUMS) for cell in row)


def _entry(line: int, given: Mapping[str, Any]) -> Entry:
    identity, receipt_no = given.get("identity"), given.get("receipt_no")
    if isinstance(identity, int | float):
        message = f"第{line}行的身份证号存成了数值，末尾数字已经丢失。请把该列设为文本格式、重新填写后再导入。"
        raise Refused(Problem("identity_as_number", message, FIELD))
    for key, label in (("number", "编号"), ("receipt_no", "票据号码")):
        value = given.get(key)
        if isinstance(value, int | float) and abs(value) >= _EXACT:
            message = f"第{line}行的{label}存成了数值，末尾数字已经丢失。请把该列设为文本格式、重新填写后再导入。"
            raise Refused(Problem("number_as_number", message, FIELD))
    method = _text(given.get("method"))
    return Entry(
        line=line,
        number=_text(given.get("number"))[:80],
        name=_text(given.get("name"))[:80],
        identity=blind(IDENTITY_COLUMN, _text(identity)) if _text(identity) else None,
        amount=re.sub(r"[¥￥,，元\s]", "", _text(given.get("amount")))[:40],
        paid_on=_day(given.get("paid_on")),
        receipt_no=_text(receipt_no)[:80],
        method=_METHODS.get(method, method if method in payments.METHODS else None),
    )


def _text(value: Any) -> str:
    """A number of a spreadsheet as it is shown: without its `.0`; what our own export guarded is taken back."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str("" if value is None else value).strip().removeprefix("'")


def _day(value: Any) -> date | None:
    """A date cell, or 2023-11-16, 2023/11/16, 2023年11月16日, 20231116; None for anything else."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    written = _DATE.fullmatch(_text(value).split(" ")[0])
    try:
        return date(*map(int, written.groups())) if written else None
    except ValueError:
        return None
