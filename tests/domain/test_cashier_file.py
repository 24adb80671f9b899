from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from app.domain import cashier_file
from app.domain.cashier_file import Entry
from app.errors import Refused
from app.models.people import IDENTITY_COLUMN
from app.models.types import blind

TITLES = ["受理编号", "申报人", "实缴金额（元）", "缴费日期", "票据号码"]
NUMBER = "11010119900307803X"


def workbook(*rows: list[Any]) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(line, column, value, day)
            else:
                page.write(line, column, value)
    book.close()
    return out.getvalue()


def refusal(content: bytes, name: str = "清单.xlsx") -> str:
    with pytest.raises(Refused) as refused:
        cashier_file.entries(name, content)
    return refused.value.problems[0].message


def test_columns_are_found_by_their_headings_beneath_a_title() -> None:
    content = workbook(
        ["评审费收费清单"],
        ["序号", "姓名", "身份证号码", "金额", "日期", "收据号", "编号", "收款方式"],
        [1, "张一", NUMBER, 240.0, date(2023, 11, 16), 20231116001, "2023-01-0001", "银行转账"],
        ["合计", "", "", 240, "", "", "", ""],
        ["", "合计", "", 240, "", "", "", ""],
    )

    assert cashier_file.entries("清单.xlsx", content) == [
        Entry(
            line=3,
            number="2023-01-0001",
            name="张一",
            identity=blind(IDENTITY_COLUMN, NUMBER),
            amount="240",
            paid_on=date(2023, 11, 16),
            receipt_no="20231116001",
            method="transfer",
        )
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_of_any_office_is_read(encoding: str) -> None:
    text = (
        "受理编号,申报人,应缴金额（元）,实缴金额（元）,缴费日期,票据号码\n'2023-1,张一,420,¥240.00,2023年11月6日,A1\n"
    )

    (found,) = cashier_file.entries("清单.csv", text.encode(encoding))

    assert (found.number, found.amount, found.paid_on) == ("2023-1", "240.00", date(2023, 11, 6))


@pytest.mark.parametrize("written", ["2023-11-16", "2023/11/16", "2023年11月16日", "20231116", "2023-11-16 00:00:00"])
def test_days_as_people_write_them(written: str) -> None:
    content = workbook(TITLES, ["1", "张一", 240, written, "A1"])

    assert cashier_file.entries("清单.xlsx", content)[0].paid_on == date(2023, 11, 16)


def test_a_day_that_does_not_exist_is_none() -> None:
    assert (
        cashier_file.entries("清单.xlsx", workbook(TITLES, ["1", "张一", 240, "2023-02-30", "A1"]))[0].paid_on is None
    )


def test_identity_number_kept_as_a_number_is_refused() -> None:
    content = workbook([*TITLES, "身份证号"], ["1", "张一", 240, "2023-11-16", "A1", 110101199003078030])

    assert refusal(content) == "第2行的身份证号存成了数值，末尾数字已经丢失。请把该列设为文本格式、重新填写后再导入。"


def test_long_receipt_number_kept_as_a_number_is_refused() -> None:
    content = workbook(TITLES, ["1", "张一", 240, "2023-11-16", 1234567890123456])

    assert refusal(content).startswith("第2行的票据号码存成了数值")


def test_missing_heading_is_named() -> None:
    assert refusal(workbook(TITLES[:3], ["1", "张一", 240])) == (
        "“清单.xlsx”中没有找到表头“缴费日期”、“票据号码”，请在第一行列明后再导入。"
    )


def test_list_without_a_row_is_refused() -> None:
    assert refusal(workbook(TITLES, ["合计", "", 0, "", ""])) == "“清单.xlsx”中没有缴费记录，请核对。"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("清单.pdf", b"%PDF-1.7", "不是表格文件"),
        ("清单.xlsx", b"PK\x03\x04broken", "无法读取"),
        ("清单.csv", b"\xff\xff\xff\x00", "文字编码无法识别"),
        ("清单.csv", b"a" * (5 * 1024 * 1024 + 1), "超过5MB"),
        ("清单.csv", b"a\n" * 5001, "超过5000行"),
    ],
)
def test_what_is_no_table_is_refused(name: str, content: bytes, words: str) -> None:
    assert words in refusal(content, name)


@pytest.mark.parametrize(
    ("written", "yuan"), [("240", 240), ("240.00", 240), ("240.5", None), ("-240", None), ("", None)]
)
def test_whole_yuan(written: str, yuan: int | None) -> None:
    assert cashier_file.yuan(written) == yuan
