"""人员进度: each person's steps done, missing and held; filters in the address; the spreadsheet is what is shown."""

import csv
from io import StringIO

from flask import Flask
from sqlalchemy import select

from app.db import Database
from app.domain import declarations, organisations, people
from app.models.declaration import Declaration
from tests.support import crowd
from tests.support.walk import N2
from tests.support.website import enter, statements

GRID = f"/recommendation/unit/{N2}/grid"


def sheet(client, query: str = "") -> list[list[str]]:  # type: ignore[no-untyped-def]
    text = client.get(f"{GRID}?format=csv{query}").data.decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def test_each_stands_where_he_is(season: Database, season_site: Flask):
    crowd.walk(season, crowd.CHECKED)
    client = enter(season_site, "clerk.institute")
    head, zhang, deng, li = sheet(client)
    assert head[2:5] == ["填写申请书", "提交申报", "单位审核"]
    assert zhang[:6] == ["张林", "工程师", "2023-10-09", "2023-10-09", "2023-10-09", "待办理 单位职称管理员"]
    assert deng[5:] == ["待办理 单位职称管理员", "", "", "", ""]
    assert li[4:6] == ["单位审核 单位职称管理员", ""]
    assert [row[0] for row in sheet(client, "&step=check")[1:]] == ["李悦"]
    assert [row[0] for row in sheet(client, "&q=张")[1:]] == ["张林"]
    page = client.get(f"{GRID}?step=unit_merit").text
    assert ("单位审核（1）" in page, "择优确定推荐人选（2）" in page, "共2人" in page) == (True, True, True)
    assert f'href="{GRID}?format=xlsx&amp;step=unit_merit"' in page


def test_a_held_name_and_those_that_went_up(season: Database, season_site: Flask):
    crowd.walk(season, crowd.ACCEPTED)
    rows = {row[0]: row[5:] for row in sheet(enter(season_site, "clerk.institute"))[1:]}
    assert rows["张林"] == ["2023-10-09", "2023-10-10", "2023-10-17", "2023-10-17", "2023-10-17"]
    assert rows["邓可"][-1] == "公示异议核实中"


def test_drafts_that_name_the_unit_stand_at_their_end_and_an_end_says_so(season: Database, season_site: Flask):
    crowd.walk(season, crowd.SUBMITTED)
    with season.transaction() as session:
        sample = session.scalars(select(Declaration).order_by(Declaration.id)).first()
        person = people.register(session, "newcomer", "新人")
        assert sample is not None
        unit = organisations.by_key(session, crowd.UNIT).id
        about = (sample.committee_id, sample.notice_version_id, {"unit_id": unit, "target_title": "engineer"})
        declarations.start_declaration(session, person.id, *about)
        sample.status, sample.ended_as, sample.ended_at = "WITHDRAWN", "WITHDRAWN", sample.submitted_at
    client = enter(season_site, "clerk.institute")
    rows = sheet(client)[1:]
    assert rows[-1][:3] == ["新人", "工程师", "尚未提交 申报人"]
    assert rows[0][4] == "2023-10-09 本人撤回"
    assert "正在填报1名" in client.get("/recommendation").text
    assert enter(season_site, "clerk.enterprise").get(GRID).status_code == 404


def test_forty_people_cost_no_more_statements_than_three(season: Database, season_site: Flask):
    client, counts = enter(season_site, "clerk.institute"), []
    for more in (3, 37):
        with season.transaction() as session:
            crowd.stand(session, more)
        client.get(GRID)
        with statements(season) as sent:
            assert client.get(GRID).status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
