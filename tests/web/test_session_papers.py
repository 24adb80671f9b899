"""Papers of a session, from a case that went all the way: what they say and who may have them."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import Database
from app.models.declaration import Declaration
from app.models.review import Confirmation, ReviewSession
from tests.support.walk import play_file
from tests.support.website import enter
from tests.web.test_documents import text_of

pytestmark = pytest.mark.parametrize("season", ["sqlite"], indirect=True)


def test_papers_of_a_session(season: Database, season_site: Flask) -> None:
    play_file(season, "a1_municipal_engineer_confirmed")
    with season.reading() as session:
        review, made = session.scalars(select(ReviewSession)).one(), session.scalars(select(Confirmation)).one()
        declaration = session.scalars(select(Declaration)).one()
    papers = {
        "minutes": f"/documents/sessions/{review.id}/minutes",
        "report": f"/documents/sessions/{review.id}/report",
        "confirmation": f"/documents/confirmations/{made.id}",
        "review_form": f"/documents/declarations/{declaration.id}/review_form",
    }
    said = {
        "minutes": ("会议记录", "林致远", "录音录像编号", "8/3/0", "11/11", "通过"),
        "report": ("评审情况报告", "本次评审1人，评审通过1人", "市大数据应用发展管理局"),
        "confirmation": ("渝职改办〔2023〕312号", "张林", "工程师", "2023年12月8日"),
        "review_form": ("职称申报评审表", "评审结果页", "单位意见", "通过", "渝职改办〔2023〕312号"),
    }
    readers = {
        "minutes": {"committee"},
        "report": {"committee", "municipal.tro", "manager"},
        "confirmation": {"committee", "municipal.tro", "manager", "zhang.lin"},
        "review_form": {"committee", "manager", "zhang.lin"},
    }
    for account in ("committee", "municipal.tro", "manager", "zhang.lin", "committee.dadukou", "clerk.firm"):
        client = enter(season_site, account, personal=account == "zhang.lin")
        for kind, address in papers.items():
            answer = client.get(address)
            if account in readers[kind]:
                text = text_of(answer)
                assert not [words for words in said[kind] if words not in text], kind
            else:
                assert answer.status_code in (403, 404), (account, kind)
    page = enter(season_site, "zhang.lin", personal=True).get(f"/declarations/{declaration.id}").text
    assert papers["review_form"] in page
    assert papers["confirmation"] in page
