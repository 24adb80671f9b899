"""受理登记簿, the fees, sanctions with what they begin, papers to print, and what can be taken along."""

import csv
import re
import zipfile
from io import BytesIO, StringIO

from flask import Flask
from sqlalchemy import select

from app.db import Database
from app.models.office import CorrectionNotice, RefusalNotice
from app.models.people import Sanction
from app.models.process import ProcessInstance
from app.processes.tick import tick
from tests.support import crowd
from tests.support.walk import CLOSE, play
from tests.support.website import enter

TO_COMMITTEE = [
    *CLOSE,
    {
        "complete": "unit_sign",
        "with": {
            "unit_opinion": "同意推荐",
            "head_name": "贺兰山",
            "signed_on": "2023-10-17",
            "signed_pages": ["file:签字盖章页.pdf"],
        },
    },
    {"complete": "unit_submit", "with": {"confirmed_count": 1, "confirmed": True}},
    {"complete": "dept_check", "with": {"decision": "pass"}},
    {"at": "2023-11-06 10:00"},
]
PAID = [*crowd.PAYING, {
    "complete": "pay",
    "with": {"amount": 240, "paid_on": "2023-11-16", "receipt_no": "20231116-001", "method": "online"},
}]  # fmt: skip
REGISTER = ["登记号", "日期", "申报人", "申报编号", "申报职称", "经办人", "结果", "文书编号", "备注"]


def plain(page: str) -> str:
    main = page[page.index('<main id="content"') :]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", main))


def cells(page: str) -> list[list[str]]:
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    lines = re.findall(r"<tr>(.*?)</tr>", body, re.S)
    return [[re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<td.*?</td>", line, re.S)]
            for line in lines]  # fmt: skip


def test_register_is_taken_along_as_it_is_shown(season: Database, season_site: Flask):
    crowd.walk(season, crowd.ACCEPTED)
    client = enter(season_site, "committee")
    shown = cells(client.get("/registers/acceptance").text)
    assert shown == [["1", "2023-11-06", "张林", "2023000001", "工程师", "罗知行", "受理", "渝数职改受〔2023〕1号", ""]]
    answer = client.get("/registers/acceptance?format=csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    taken = list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))
    assert taken == [REGISTER, *shown]
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]


def test_register_as_xlsx_holds_the_same_texts(season: Database, season_site: Flask):
    crowd.walk(season, crowd.ACCEPTED)
    answer = enter(season_site, "committee").get("/registers/acceptance?format=xlsx")
    book = zipfile.ZipFile(BytesIO(answer.data))
    texts = re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
    assert texts == [*REGISTER, "张林", "2023000001", "工程师", "罗知行", "受理", "渝数职改受〔2023〕1号", ""]


def test_register_narrows_and_the_export_with_it(season: Database, season_site: Flask):
    crowd.walk(season, crowd.ACCEPTED)
    client = enter(season_site, "committee")
    for query in ("outcome=不予受理", "q=邓", "year=2022"):
        assert "没有登记。" in plain(client.get(f"/registers/acceptance?{query}").text)
        answer = client.get(f"/registers/acceptance?{query}&format=csv")
        assert list(csv.reader(StringIO(answer.data.decode("utf-8-sig")))) == [REGISTER]


def test_register_of_another_office_is_not_shown(season: Database, season_site: Flask):
    crowd.walk(season, crowd.ACCEPTED)
    other = enter(season_site, "tro.dadukou").get("/registers/acceptance?organisation=3").text
    assert ("大渡口区职改办" in other, "张林" in plain(other)) == (True, False)
    assert enter(season_site, "clerk.institute").get("/registers/acceptance").status_code == 403


def test_fee_is_listed_with_its_task_until_it_is_paid(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PAYING)
    client = enter(season_site, "finance")
    page = client.get("/registers/payments").text
    assert "未缴合计240元，已缴合计0元" in plain(page)
    assert [row[1:3] + row[6:7] for row in cells(page)] == [["渝数职改受〔2023〕1号", "张林", "240"]]
    assert re.search(r'href="/tasks/\d+">登记缴费', page)
    assert "没有符合条件" in plain(client.get("/registers/payments?state=paid").text)


def test_paid_fee_shows_its_receipt(season: Database, season_site: Flask):
    crowd.walk(season, PAID)
    client = enter(season_site, "finance")
    page = client.get("/registers/payments?state=paid").text
    assert [row[4:] for row in cells(page)] == [
        ["已缴费", "240", "240", "2023-11-16", "20231116-001", "网上缴纳", "", "收据"]
    ]
    taken = client.get("/registers/payments?format=csv").data.decode("utf-8-sig")
    assert list(csv.reader(StringIO(taken)))[1][-4:] == ["2023-11-16", "20231116-001", "网上缴纳", ""]


def test_correction_notice_is_printed_and_its_first_reading_kept(season: Database, season_site: Flask):
    item = {"_id": "i1", "target": "获奖情况", "text": "补充获奖证书"}
    correct = {
        "complete": "committee_accept",
        "with": {"decision": "correct", "correction_items": [item], "correction_days": 5},
    }
    play(season, [*TO_COMMITTEE, correct])
    office = enter(season_site, "committee")
    register = office.get("/registers/acceptance").text
    assert 'href="/registers/corrections/1"' in register
    page = plain(office.get("/registers/corrections/1").text)
    assert "张林：您申报工程师的材料（申报编号2023000001）经审查，需补正以下内容，现一次性告知：" in page
    assert "获奖情况：补充获奖证书" in page
    assert "送达：尚未送达；阅读：尚未阅读" in page
    applicant = enter(season_site, "zhang.lin", personal=True)
    applicant.get("/notifications")
    page = plain(office.get("/registers/corrections/1").text)
    assert ("（站内通知）" in page, "阅读：尚未阅读" in page) == (True, True)
    assert "一次性告知书渝数职改补〔2023〕1号张林2023000001" in plain(office.get("/registers/papers").text)
    assert enter(season_site, "zhang.lin", personal=True).get("/registers/corrections/1").status_code == 200
    with season.reading() as session:
        read = session.scalars(select(CorrectionNotice)).one()
        assert (read.read_at is not None, read.delivered_by) == (True, "notification")
    taken = office.get("/registers/papers?format=csv").data.decode("utf-8-sig")
    assert list(csv.reader(StringIO(taken)))[1][6] == "站内通知"
    assert enter(season_site, "li.yue", personal=True).get("/registers/corrections/1").status_code == 403


def test_refusal_notice_names_number_and_reason(season: Database, season_site: Flask):
    refuse = {"complete": "committee_accept", "with": {"decision": "refuse", "refusal_reason": "不属受理范围"}}
    play(season, [*TO_COMMITTEE, refuse])
    with season.reading() as session:
        number = session.scalars(select(RefusalNotice.number)).one()
    page = plain(enter(season_site, "committee").get("/registers/refusals/1").text)
    assert f"不予受理告知书{number}张林：" in page
    assert "不属受理范围" in page


def test_sanction_is_shown_before_it_is_entered_and_begins_a_decision(season: Database, season_site: Flask):
    crowd.walk(season, crowd.CHECKED)
    client = enter(season_site, "municipal.tro")
    said = {
        "person": "zhang.lin",
        "kind": "政务处分",
        "from_on": "2023-10-01",
        "to_on": "2024-09-30",
        "source": "虚构处分决定〔2023〕3号",
    }
    looked = plain(client.post("/registers/sanctions", data=said).text)
    assert "张林（zhang.lin）" in looked
    assert "该人员有1件在办申报。" in looked
    with season.reading() as session:
        assert session.scalars(select(Sanction)).all() == []
    assert client.post("/registers/sanctions", data={**said, "confirmed": "yes"}).status_code == 302
    tick(season)
    with season.reading() as session:
        begun = session.scalars(select(ProcessInstance).where(ProcessInstance.process_key == "status_change")).one()
        assert begun.subject == {"change": "政务处分，影响期至2024年9月30日止"}
    assert "张林zhang.lin政务处分2023-10-012024-09-30虚构处分决定〔2023〕3号影响期内" in plain(
        client.get("/registers/sanctions").text
    )


def test_sanction_that_is_over_begins_nothing(season: Database, season_site: Flask):
    crowd.walk(season, crowd.CHECKED)
    said = {"person": "zhang.lin", "kind": "其他", "from_on": "2022-01-01", "to_on": "2022-12-31", "source": "虚构文件"}
    client = enter(season_site, "manager")
    assert "没有受影响的在办申报" in plain(client.post("/registers/sanctions", data=said).text)
    client.post("/registers/sanctions", data={**said, "confirmed": "yes"})
    tick(season)
    with season.reading() as session:
        keys = session.scalars(select(ProcessInstance.process_key)).all()
    assert "status_change" not in keys


def test_sanction_names_everything_that_is_missing(season: Database, season_site: Flask):
    said = {"person": "nobody", "from_on": "2023-10-01", "to_on": "2023-09-01"}
    refused = enter(season_site, "manager").post("/registers/sanctions", data=said)
    assert refused.status_code == 422
    for words in ("没有找到该账号", "请选择类别", "请填写依据的文书或来源", "截止日期不能早于起始日期"):
        assert words in refused.text
    assert 'value="nobody"' in refused.text
    assert enter(season_site, "committee").get("/registers/sanctions").status_code == 403
