"""The recommended sheet: ten thousand rows part by part, every fault of every row in one list, all or nothing."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import xlsxwriter
from sqlalchemy import func, select
from stdnum.cn import ric

from app.cli.scenarios import world
from app.cli.scenarios.case import moment
from app.db import Database
from app.domain import campaigns, demo_experts, demo_people, notices, recommended_sheets
from app.errors import Refused
from app.models.expert import Campaign, Candidate, ReviewCommittee
from tests.support.cases import _package

pytestmark = pytest.mark.bad_input
HEADINGS = ("序号", "姓名", "身份证号", "本人移动电话号码")


@pytest.fixture
def session(sqlite_database: Database):
    with sqlite_database.transaction() as session:
        world.freeze(session, moment("2021-07-12 09:00"))
        demo_people.load_demo_people(session)
        demo_experts.load(session)
        notices.publish(session, _package(campaigns.NOTICE), by=None, note="测试")
        yield session


def campaign(session) -> Campaign:
    committee = session.scalars(select(ReviewCommittee).where(ReviewCommittee.name == demo_experts.SENIOR)).one()
    return campaigns.begin(session, committee, campaigns.NOTICE, {"executing": 13, "term_from": "2021-09-01"})


def number(place: int) -> str:
    body = f"500103{date(1960, 1, 1) + timedelta(days=place):%Y%m%d}{place % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def row(place: int) -> tuple[str, str, str]:
    return f"专家{place}", number(place), f"139{place:08d}"


def sheet(rows) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, ["职称评审委员会推荐专家基本信息表"])
    page.write_row(1, 0, HEADINGS)
    for place, cells in enumerate(rows):
        page.write_row(place + 2, 0, [place + 1, *cells])
    book.close()
    return out.getvalue()


def checked(session, found: Campaign, name: str, content: bytes):
    """The sheet once it is through, and after how many parts."""
    taken, parts = recommended_sheets.take(session, found.id, name, content, None), 0
    while taken.status == "checking":
        recommended_sheets.check_on(session, taken)
        parts += 1
    return taken, parts


def test_ten_thousand_rows_and_all_their_errors(session):
    found, rows = campaign(session), [row(place) for place in range(10_000)]
    rows[17] = ("", rows[17][1], rows[17][2])
    rows[4000] = ("数值", float(number(4000)[:17]), rows[4000][2])
    rows[5000] = ("错码", number(5000)[:17] + ("0" if number(5000)[17] != "0" else "1"), "12345")
    rows[9999] = ("重复", number(3), row(3)[2])
    taken, parts = checked(session, found, "推荐表.xlsx", sheet(rows))
    assert (taken.status, parts, taken.checked, taken.content) == ("refused", 10, 10_000, None)
    assert [(each["line"], each["field"]) for each in taken.problems] == [
        (20, "name"),
        (4003, "identity"),
        (5003, "identity"),
        (5003, "mobile"),
        (10002, "identity"),
        (10002, "mobile"),
    ]
    said = {(each["line"], each["field"]): each["text"] for each in taken.problems}
    assert said[4003, "identity"].startswith("身份证号存成了数值，末尾数字已经丢失")
    assert "身份证号校验未通过，请核对第18位附近的数字" in said[5003, "identity"]
    assert said[10002, "identity"] == "身份证号与第6行重复。"
    assert session.scalar(select(func.count(Candidate.id))) == 0


def test_the_last_right_sheet_is_the_list(session):
    found = campaign(session)
    lines = ["姓名,身份证号,手机号码", *(",".join(row(place)) for place in range(3))]
    taken, _ = checked(session, found, "推荐表.csv", "\n".join(lines).encode("gb18030"))
    assert taken.status == "taken"
    taken, _ = checked(session, found, "再报.csv", "\n".join([*lines[:2], ",".join(row(9))]).encode("utf-8-sig"))
    listed = campaigns.of_campaign(session, found.id, "listed")
    assert [(each.name, each.identity_number, each.mobile) for each in listed] == [row(0), row(9)]
    assert campaigns.recommended_lamp(session, found).state == "flag"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空表.csv", b"", "没有找到表头"),
        ("表.csv", "姓名,身份证号,手机号码".encode(), "没有推荐专家"),
        ("表.docx", b"x", "不是表格文件"),
        ("坏.xlsx", b"PK\x03\x04x", "无法读取"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(session, name, content, said):
    with pytest.raises(Refused, match=said):
        recommended_sheets.take(session, campaign(session).id, name, content, None)
