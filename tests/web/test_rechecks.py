"""复查申请: one's own result within its months, or ordered by the authority; nobody else asks."""

from io import BytesIO

from flask import Flask
from sqlalchemy import select

from app.db import Database
from app.domain import attachments
from app.models.declaration import Declaration
from app.models.recheck import Recheck
from tests.support.walk import SUBMIT, play, play_file
from tests.support.website import enter
from tests.web.test_documents import text_of


def test_who_has_no_result_has_nothing_to_recheck(season: Database, season_site: Flask):
    declaration = play(season, SUBMIT)
    own = enter(season_site, "zhang.lin")
    assert "没有可以申请复查的评审结果" in own.get("/rechecks/new").text
    answer = own.post("/rechecks/new", data={"declaration": declaration, "reason": "other", "text": "评分偏低"})
    assert answer.status_code == 422
    assert "请选择申请复查的申报" in answer.text
    authority = enter(season_site, "municipal.tro")
    unknown = authority.post("/rechecks/new", data={"number": "1", "reason": "other", "text": "争议较大"})
    assert "没有找到该编号的申报" in unknown.text
    assert enter(season_site, "committee").get("/rechecks/new").status_code == 403
    with season.reading() as session:
        assert list(session.scalars(select(Recheck))) == []


def test_papers_may_be_added_and_the_authority_may_entrust_another_committee(season: Database, season_site: Flask):
    declaration = play_file(season, "end_NOT_PASSED")
    own = enter(season_site, "zhang.lin", personal=True)
    said = {"declaration": declaration, "reason": "misread", "text": "两件专利未审阅"}
    pdf, script = b"%PDF-1.4 patent", b"#!/bin/sh"

    refused = own.post("/rechecks/new", data={**said, "evidence": [(BytesIO(script), "专利.pdf")]})
    assert (refused.status_code, "两件专利未审阅" in refused.text) == (422, True)
    own.post("/rechecks/new", data={**said, "evidence": [(BytesIO(pdf), "专利一.pdf"), (BytesIO(pdf), "专利二.pdf")]})

    with season.reading() as session:
        asked = session.scalars(select(Recheck)).one()
        files = attachments.named(session, asked.evidence).values()
        assert [file.name for file in files] == ["专利一.pdf", "专利二.pdf"]
        assert asked.committee_id is None
        number = session.get_one(Declaration, declaration).number
    office = enter(season_site, "committee")
    assert office.get(f"/attachments/{asked.evidence[0]}").data == pdf
    assert enter(season_site, "clerk.firm").get(f"/attachments/{asked.evidence[0]}").status_code == 403
    paper = text_of(own.get(f"/documents/rechecks/{asked.id}/form"))
    assert "专利一.pdf；专利二.pdf" in paper
    authority = enter(season_site, "municipal.tro")
    assert "另行委托的评委会" in authority.get("/rechecks/new").text
    with season.reading() as session:
        own_row = session.get_one(Declaration, declaration).committee_id
    ordered = {"number": number, "reason": "procedure", "text": "结果明显不公", "committee": own_row}
    assert "不是原评委会" in authority.post("/rechecks/new", data=ordered).text
