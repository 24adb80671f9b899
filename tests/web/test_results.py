"""评审结果公示: open to everybody during its days, gone afterwards; a lead holds one name; the applicant's own page."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app import clock
from app.cli.scenarios import world
from app.db import Database
from app.models.complaint import Complaint
from app.models.declaration import Declaration
from app.models.review import ResultPublicity
from app.processes.tick import tick
from app.web.result_desk import HEADINGS
from tests.support.walk import play
from tests.support.website import enter, statements

GONE = "没有找到正在进行的评审结果公示，可能公示已经结束。"
SHOW = [
    {"reviewed": {"passed": ["it"]}},
    {"complete": "result_publicity", "with": {"confirmed_count": 1, "reporting_method": "来电或来信"}},
]
MIRROR = [{"complete": "sync_publicity"}]


def plain(page: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page[page.index('<main id="content"') :]))


@pytest.fixture
def website(season_site: Flask, season: Database) -> Flask:
    """A result that is shown from Monday 16 October 2023 on; the way there is spared."""
    play(season, [*SHOW, *MIRROR], clock="2023-10-16 09:00")
    return season_site


def address(season: Database) -> str:
    with season.reading() as session:
        return f"/results/{session.scalars(select(ResultPublicity.id)).one()}"


def later(season: Database, **by: int) -> None:
    with season.transaction() as session:
        world.freeze(session, clock.now(session) + timedelta(**by))
    tick(season)


def test_everybody_reads_the_list_while_its_days_last(season: Database, website: Flask) -> None:
    visitor = website.test_client()
    listed, page = visitor.get("/results"), visitor.get(address(season))

    assert address(season) in listed.text
    words = plain(page.text)
    assert "2023年10月16日至2023年10月20日，共5个工作日第1/5个工作日" in words
    assert "张林工程师" in words
    assert "山城数智研究院" in words
    assert "市职改办自2023年10月16日09:00起同步公示本名单" in words
    assert "评委会组建单位：" in words
    assert "核准备案机构：" in words
    assert "500103" not in page.text  # no identity number, masked or not
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "评审结果公示" in visitor.get("/login").text
    assert "评审结果公示" in enter(website, "member").get("/tasks").text

    later(season, days=4, hours=14)
    assert visitor.get(address(season)).status_code == 200
    later(season, hours=1)
    gone = visitor.get(address(season))
    assert (gone.status_code, GONE in gone.text) == (404, True)
    assert "现在没有正在进行的评审结果公示" in visitor.get("/results").text
    assert visitor.get(f"{address(season)}/names/1/lead").status_code == 404


def test_a_name_is_found_and_no_other_page_exists(season: Database, website: Flask) -> None:
    visitor = website.test_client()
    assert "张林" in visitor.get(f"{address(season)}?q=数智").text
    nobody = visitor.get(f"{address(season)}?q=无此人&page=9").text
    assert "名单中没有找到" in nobody
    assert visitor.get("/results/999").status_code == 404
    assert visitor.get(f"{address(season)}/names/999/lead").status_code == 404


def test_a_lead_is_taken_without_a_name_and_holds_the_applicant(season: Database, website: Flask) -> None:
    visitor = website.test_client()
    with season.reading() as session:
        declaration_id = session.scalars(select(Declaration.id)).one()
    lead = f"{address(season)}/names/{declaration_id}/lead"
    assert "张林" in visitor.get(lead).text
    empty = visitor.post(lead, data={"text": " ", "contact": "13900000000"})
    assert (empty.status_code, "请写明反映的问题" in empty.text, "13900000000" in empty.text) == (422, True, True)

    done = visitor.post(lead, data={"text": "业绩材料不实"}, follow_redirects=True)
    tick(season)

    with season.reading() as session:
        code = session.scalars(select(Complaint.receipt_code)).one()
        assert session.get_one(Declaration, declaration_id).status == "RESULT_HELD"
    assert code in done.text
    mine = plain(enter(website, "zhang.lin").get(f"/declarations/{declaration_id}").text)
    assert "问题线索核实中" in mine
    assert "业绩材料不实" not in mine
    assert "张林" in visitor.get(address(season)).text  # nobody reads who is held


def test_the_applicant_reads_the_days_of_his_result(season: Database, website: Flask) -> None:
    mine = plain(enter(website, "zhang.lin").get("/declarations").text)
    assert "评审通过，公示中" in mine
    assert "2023年10月16日至2023年10月20日（第1/5个工作日）" in mine


def test_board_asks_the_same_for_many_names(season: Database, website: Flask) -> None:
    other = {"applicant": "li.yue", "base": "state_enterprise_engineer", "committee": 1}
    many = [{"copy": {"count": 29, "label": "crowd"}}, {"reviewed": {"passed": ["it", "crowd"]}}]
    play(
        season,
        [*many, {"complete": "result_publicity", "with": {"confirmed_count": 30}}],
        clock="2023-10-17 09:00",
        declaration=other,
    )
    visitor, counted = website.test_client(), []
    with season.reading() as session:
        ids = session.scalars(select(ResultPublicity.id)).all()
    for each in ids:
        visitor.get(f"/results/{each}")
        with statements(season) as seen:
            assert visitor.get(f"/results/{each}").status_code == 200
        counted.append(len(seen))
    assert counted[0] - counted[1] in (0, 1)  # the body that mirrors is looked up


def load(content: bytes) -> list[tuple[object, ...]]:
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    return [tuple(row) for row in rows]


def test_offices_follow_a_result_and_nobody_else_does(season: Database, website: Flask) -> None:
    office, approving = enter(website, "committee"), enter(website, "municipal.tro")
    for client in (office, approving, enter(website, "manager")):
        assert "2023年重庆市工程技术大数据智能化专业高级职称评审委员会评审会议" in client.get("/results/desk").text
        words = plain(client.get("/results/desk/1").text)
        assert "评审情况报告待报送" in words
        assert "市职改办自2023年10月16日09:00起同步公示" in words
        assert "张林山城数智研究院工程师通过评审通过，公示中" in words
        assert "没有这样的人员" in client.get("/results/desk/1?state=failed").text
        sheet = load(client.get("/results/desk/1?format=xlsx").data)
        assert sheet == [HEADINGS, ("张林", "山城数智研究院", "工程师", "通过", "评审通过，公示中", "")]
        assert load(client.get("/results/desk/1?format=xlsx&state=failed").data) == [HEADINGS]
    for account, status in (("tro.jiangan", 404), ("clerk.institute", 404), ("member", 404), ("zhang.lin", 404)):
        assert enter(website, account).get("/results/desk/1").status_code == status
    assert "2023年" not in plain(enter(website, "tro.jiangan").get("/results/desk").text)
    assert enter(website, "clerk.institute").get("/results/desk").status_code == 403

    play_on = website.test_client()
    assert play_on.get("/results/desk").status_code in (302, 401)


def test_nothing_is_withdrawn_once_the_title_is_confirmed(season: Database, website: Flask) -> None:
    with season.transaction() as session:
        found = session.scalars(select(Declaration)).one()
        found.status = "ARCHIVING"
    mine = enter(website, "zhang.lin")
    assert "撤回申报" not in mine.get(f"/declarations/{found.id}").text
    refused = mine.post(f"/declarations/{found.id}/withdraw", follow_redirects=True)
    assert "您的职称资格已确认，不能再撤回申报" in refused.text
