"""Printed documents: what their text says, their paper size, who may have them, and the same bytes ever after."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from app.db import Database
from app.domain import declarations
from app.models.declaration import Declaration
from app.models.document import IssuedDocument
from app.models.office import CorrectionNotice
from app.models.recommendation import QuotaFiling, UnitBatch
from tests.support import crowd
from tests.support.walk import CLOSE, PUBLICISE, play
from tests.support.website import enter
from tests.web.test_registers import TO_COMMITTEE

A3_LANDSCAPE = (1191, 842)  # points
ITEM = {"_id": "i1", "target": "获奖情况", "text": "补充获奖证书"}
CORRECT = {
    "complete": "committee_accept",
    "with": {"decision": "correct", "correction_items": [ITEM], "correction_days": 5},
}
LEVEL = {"_id": "intermediate", "level": "intermediate"}


def text_of(answer: Any) -> str:
    """Without blanks and places to break: where a line breaks is the template's affair."""
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return "".join(
        "".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages).replace("\u200b", "").split()
    )


def declaration_id(season: Database) -> int:
    with season.reading() as session:
        return session.scalars(select(Declaration.id).order_by(Declaration.id)).first() or 0


def test_publicity_sheet_is_what_was_frozen_on_a3(season: Database, season_site: Flask):
    play(season, PUBLICISE)
    with season.transaction() as session:
        declaration = session.scalars(select(Declaration)).one()
        declaration.data = {**declaration.data, "current_work": "公示后改动的内容"}
        address = f"/documents/declarations/{declaration.id}/form8"

    answer = enter(season_site, "clerk.institute").get(address)

    text = text_of(answer)
    size = PdfReader(BytesIO(answer.data)).pages[0].mediabox
    assert (round(size.width), round(size.height)) == A3_LANDSCAPE
    assert "重庆市工程系列中级职称申报综合情况（公示）表" in text
    assert "2023.10.10-10.16（公示5个工作日）" in text
    assert "公示后改动的内容" not in text
    assert "助理工程师2015.06" in text
    for printed in ("姓名张林", "填表人签字", "取得现职称以来的主要业绩", "基层单位推荐意见（签章）", "第1页共1页"):
        assert printed in text
    assert "filename*=UTF-8''%E5%BC%A0%E6%9E%97" in answer.headers["Content-Disposition"]
    assert enter(season_site, "li.yue", personal=True).get(address).status_code == 403


def test_publicity_sheet_masks_the_number_for_everybody(season: Database, season_site: Flask):
    play(season, PUBLICISE)
    with season.reading() as session:
        declaration = session.scalars(select(Declaration)).one()
        key, number = declaration.id, _number(declaration)

    for account in ("zhang.lin", "clerk.institute"):
        client = enter(season_site, account, personal=account == "zhang.lin")
        text = text_of(client.get(f"/documents/declarations/{key}/form8"))
        assert (number in text, number[:3] in text) == (False, True)


def test_archive_form_carries_the_whole_number_in_the_applicants_own_copy_only(season: Database, season_site: Flask):
    play(season, PUBLICISE)
    with season.reading() as session:
        declaration = session.scalars(select(Declaration)).one()
        key, number = declaration.id, _number(declaration)
    address = f"/documents/declarations/{key}/form5"

    own = text_of(enter(season_site, "zhang.lin", personal=True).get(address))
    office = text_of(enter(season_site, "clerk.institute").get(address))

    assert (number in own, number in office) == (True, False)
    assert "兹有张林同志" in own
    assert "查验人" in own


def test_card_of_continuing_education_names_its_holder(season: Database, season_site: Flask):
    play(season, PUBLICISE)
    course = {"_id": "k1", "period": "2022-03/2022-05", "mode": "脱产培训", "hours": 40, "content": "数据安全专题"}
    with season.transaction() as session:
        declaration = session.scalars(select(Declaration)).one()
        declaration.data = {**declaration.data, "courses": [course]}
        address = f"/documents/declarations/{declaration.id}/form6"
    text = text_of(enter(season_site, "zhang.lin", personal=True).get(address))
    for printed in (
        "重庆市专业技术人员继续教育登记卡",
        "姓名张林",
        "2022.03—2022.05数据安全专题脱产培训40",
        "考核验证意见",
    ):
        assert printed in text


def test_documents_that_a_declaration_has_not_are_not_found(season: Database, season_site: Flask):
    play(season, PUBLICISE)
    client, key = enter(season_site, "zhang.lin", personal=True), declaration_id(season)
    for kind in ("form4", "form9"):
        assert client.get(f"/documents/declarations/{key}/{kind}").status_code == 404


def test_roster_lists_the_recommended_of_the_batch(season: Database, season_site: Flask):
    crowd.walk(season, crowd.OBJECTED)
    with season.reading() as session:
        batch = session.scalars(select(UnitBatch)).one()

    text = text_of(enter(season_site, "clerk.institute").get(f"/documents/batches/{batch.id}/roster"))

    assert "2023年职称申报推荐名册" in text
    assert "共2人，其中中级2人" in text
    assert "公示异议核实中，暂缓上报" in text
    assert ("张林" in text, "李悦" in text) == (True, False)
    assert enter(season_site, "clerk.dadukou").get(f"/documents/batches/{batch.id}/roster").status_code == 403


def test_roster_that_went_up_bears_its_number(season: Database, season_site: Flask):
    crowd.walk(season, crowd.ACCEPTED[: len(crowd.TO_SUBMIT) + 1])
    client = enter(season_site, "clerk.institute")
    with season.reading() as session:
        batch = session.scalars(select(UnitBatch)).one()

    text = text_of(client.get(f"/documents/batches/{batch.id}/roster"))

    assert batch.number is not None
    assert f"名册文号：{batch.number}" in text
    assert f"推荐名册{batch.number}" in client.get(f"/recommendation/batches/{batch.id}").text


def test_correction_notice_is_set_once_and_stays_the_same(season: Database, season_site: Flask):
    play(season, [*TO_COMMITTEE, CORRECT])
    first = enter(season_site, "committee").get("/documents/corrections/1")
    text = text_of(first)
    with season.transaction() as session:
        notice = session.scalars(select(CorrectionNotice)).one()
        assert (notice.number in text, notice.read_at) == (True, None)
        kept = session.scalars(select(IssuedDocument)).one()
        assert (kept.kind, kept.number, kept.content) == ("correction", notice.number, first.data)
        notice.items = [{**ITEM, "text": "另一项"}]

    again = enter(season_site, "zhang.lin", personal=True).get("/documents/corrections/1")

    assert again.data == first.data
    for printed in (
        "一次性告知书",
        "张林：",
        "获奖情况",
        "补充获奖证书",
        "2023年11月13日24时",
        "渝职改办〔2022〕226号",
    ):
        assert printed in text
    with season.reading() as session:
        assert session.scalars(select(CorrectionNotice.read_at)).one() is not None
    assert enter(season_site, "li.yue", personal=True).get("/documents/corrections/1").status_code == 403


def test_refusal_notice_names_its_reason(season: Database, season_site: Flask):
    refuse = {"complete": "committee_accept", "with": {"decision": "refuse", "refusal_reason": "不属受理范围"}}
    play(season, [*TO_COMMITTEE, refuse])
    text = text_of(enter(season_site, "committee").get("/documents/refusals/1"))
    for printed in ("不予受理告知书", "经审查，不予受理，理由如下：", "不属受理范围"):
        assert printed in text
    assert enter(season_site, "committee").get("/documents/refusals/2").status_code == 404


def test_form_7_is_filed_corrected_and_printed_at_the_desk(season: Database, season_site: Flask):
    play(season, CLOSE)
    client = enter(season_site, "clerk.institute")
    address = "/recommendation/unit/n2_2023_bigdata/quota"
    assert "申报数量备案" in client.get("/recommendation/unit/n2_2023_bigdata").text
    said = {"filled_by": "乔", "filled_on": "2023-10-09", "phone": "023-1", "establishment": 9, "on_establishment": 8}
    levels = [{"_id": level, "level": level} for level in ("full_senior", "associate_senior", "intermediate", "junior")]

    def file(**numbers: int) -> Any:
        levels[2] = {**LEVEL, **numbers}
        return client.post(address, json={"values": {**said, "levels": levels, "decision": "submit"}})

    refused = file(quota=1, declared=0)
    assert (refused.status_code, refused.json["problems"][0]["field"]) == (422, "levels.2.declared")
    assert "申报数量填报0人，已推荐1人" in refused.json["problems"][0]["message"]
    assert file(quota=0, declared=1).status_code == 200
    assert "超出投放量1人" in client.get(address).text
    assert file(approved_posts=10, employed=8, vacant=2, quota=2, declared=1).status_code == 200
    page = client.get(address).text
    assert ("第2次（现行）" in page, "第1次：" in page, "在投放量内" in page) == (True, True, True)

    text = text_of(client.get(f"{address}.pdf"))

    assert "2023年职称评审申报数量" in text
    assert "填报时间：2023年10月9日" in text
    with season.reading() as session:
        assert session.scalars(select(QuotaFiling.version).order_by(QuotaFiling.version)).all() == [1, 2]
    assert enter(season_site, "clerk.dadukou").get(address).status_code == 404
    assert enter(season_site, "zhang.lin", personal=True).get(address).status_code == 403


@pytest.mark.parametrize("said", [None, [], {"values": 1}])
def test_form_7_that_cannot_be_read_is_refused(season: Database, season_site: Flask, said: Any):
    play(season, PUBLICISE)
    answer = enter(season_site, "clerk.institute").post("/recommendation/unit/n2_2023_bigdata/quota", json=said)
    assert answer.status_code == 422


def _number(declaration: Declaration) -> str:
    return str(declarations.record_of(declaration)["id_number"])
