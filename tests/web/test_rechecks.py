"""复查申请: one's own result within its months, or ordered by the authority; nobody else asks."""

from flask import Flask
from sqlalchemy import select

from app.db import Database
from app.models.recheck import Recheck
from tests.support.walk import SUBMIT, play
from tests.support.website import enter


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
