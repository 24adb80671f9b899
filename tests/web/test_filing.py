"""新增申报: the way is shown before anything is filed, missing bodies are named, the draft opens on its form."""

import re
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.cli.scenarios import world
from app.cli.scenarios.case import moment
from app.db import Database
from app.domain import amendments, declarations, organisations
from app.domain.amendment_terms import Amendment, Changes
from app.models.declaration import Declaration
from app.models.process import Task
from tests.support.walk import N2, N4
from tests.support.website import enter

ANSWERS = {
    "notice": N2,
    "committee": "1",
    "target_title": "engineer",
    "specialty": "big_data",
    "category": "city_public",
    "work_place": "chongqing",
    "archive_place": "chongqing",
}
BODIES = {"unit_id": "山城数智研究院", "department_id": "市示范产业主管部门"}


def plain(page: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page))


def ask(client: FlaskClient, **said: str) -> str:
    return plain(client.get(f"/filing?{urlencode({**ANSWERS, **said})}").text)


def test_wizard_leads_from_notice_to_the_only_committee(season_site: Flask):
    client = enter(season_site, "zhang.lin")
    first = client.get("/filing")
    assert N2 in first.text
    assert N4 not in first.text
    assert client.get(f"/filing?notice={N2}").location == f"/filing?notice={N2}&committee=1"


def test_way_names_bodies_in_order_with_contact_papers_and_fee(season_site: Flask):
    page = ask(enter(season_site, "zhang.lin"), **BODIES)
    names = ["单位审核", "择优推荐与单位公示", "主管部门审核推荐", "评委会审核受理", "缴纳评审费"]
    places = [page.index(f"{name}{office}") for name, office in zip(names, offices(), strict=True)]
    assert places == sorted(places)
    assert "山城数智研究院，联系人白若溪，电话023-55550105" in page
    assert "公示不少于5个工作日" in page
    assert "须在2023年11月15日24时前完成" in page
    assert "240元/人" in page
    assert "依据：渝大数据发〔2023〕54号四(一)1" in page


def test_way_is_without_payment_where_a_supplementary_notice_waives_the_fee(season_site: Flask, season: Database):
    waived = {"value": {"senior": 420, "intermediate": 0, "junior": 0}, "unit": "元/人", "clause": "免收评审费的通知"}
    said = Amendment("渝大数据发〔2023〕60号", "免收评审费的通知", "减轻负担", Changes(parameters={"fee": waived}))
    with season.transaction() as session:
        amendments.amend(session, N2, said, by=None)
    page = ask(enter(season_site, "zhang.lin"), **BODIES)
    assert "不收取评审费" in page
    assert "缴纳评审费" not in page


def offices() -> list[str]:
    return [
        "山城数智研究院",
        "山城数智研究院",
        "市示范产业主管部门",
        "市大数据应用发展管理局",
        "市大数据应用发展管理局",
    ]


def test_way_differs_by_where_the_archive_lies(season_site: Flask):
    client = enter(season_site, "liu.yang")
    here = ask(client, category="non_public")
    elsewhere = ask(client, category="non_public", archive_place="elsewhere")
    assert "人事代理机构审核推荐" in here
    assert "人事代理机构审核推荐" not in elsewhere
    assert "《查档情况》（由存档机构盖章）" in elsewhere
    assert "所在单位应与参保单位一致。" in elsewhere


def test_body_that_is_not_registered_is_named_with_whom_to_ask(season: Database, season_site: Flask):
    with season.transaction() as session:
        organisations.by_key(session, "cq_data_institute").registered = False
    client = enter(season_site, "zhang.lin")
    known = ask(client, **BODIES)
    unknown = ask(client, **{**BODIES, "department_id": "不存在的局"})
    assert "未找到“山城数智研究院”。请联系该机构先行注册，联系人白若溪，电话023-55550105。" in known
    assert "未找到“不存在的局”。请联系该机构先行注册" in unknown
    assert client.post("/filing", data={**ANSWERS, **BODIES}).status_code == 422
    assert drafts(season) == []


def test_categories_without_a_route_read_why(season_site: Flask):
    page = ask(enter(season_site, "he.qian"), category="none_of_these")
    assert "未找到与您填写情况相应的申报渠道" in page
    assert "开始填写申请书" not in page


def test_begin_opens_a_prefilled_draft_and_its_form(season: Database, season_site: Flask):
    client = enter(season_site, "zhang.lin")
    response = client.post("/filing", data={**ANSWERS, **BODIES})
    with season.reading() as session:
        task = session.scalars(select(Task).where(Task.status == "open")).one()
        draft = session.scalars(select(Declaration)).one()
        record = declarations.record_of(draft)
        unit = organisations.by_key(session, "cq_data_institute").id
    assert (response.status_code, response.location, task.element_id) == (302, f"/tasks/{task.id}", "fill_form")
    assert (draft.status, draft.title, draft.series, draft.category) == (
        "DRAFT",
        "engineer",
        "engineering",
        "city_public",
    )
    assert (record["name"], record["birth_month"], record["sex"], record["unit_id"]) == (
        "张林",
        "1986-04",
        "male",
        unit,
    )
    assert client.get(response.location).status_code == 200


def test_begin_twice_opens_one_draft(season: Database, season_site: Flask):
    client = enter(season_site, "zhang.lin")
    both = [client.post("/filing", data={**ANSWERS, **BODIES}).location for _ in range(2)]
    assert both[0] == both[1]
    assert len(drafts(season)) == 1


def test_draft_may_begin_before_the_window_opens(season: Database, season_site: Flask):
    with season.transaction() as session:
        world.freeze(session, moment("2023-10-06 23:59"))
    client = enter(season_site, "zhang.lin")
    assert "本评委会网上申报时间为2023年10月7日至2023年10月31日24时，现尚未开始。您可先填写并保存，到时提交。" in ask(
        client
    )
    assert client.post("/filing", data={**ANSWERS, **BODIES}).status_code == 302
    assert drafts(season) == ["DRAFT"]


def test_draft_is_refused_after_the_window(season: Database, season_site: Flask):
    with season.transaction() as session:
        world.freeze(session, moment("2023-11-01 00:00"))
    client = enter(season_site, "zhang.lin")
    assert "现已截止，本次不能申报。" in ask(client)
    response = client.post("/filing", data={**ANSWERS, **BODIES})
    assert (response.status_code, drafts(season)) == (422, [])


def test_officers_are_asked_to_switch_to_themselves(season_site: Flask):
    client = enter(season_site, "clerk.institute")
    page = client.get("/filing")
    assert page.status_code == 403
    assert "请切换身份为“个人”后再办" in page.text


def test_strangers_log_in_first(season_site: Flask):
    assert season_site.test_client().get("/filing").location.startswith("/login?next=")


def drafts(season: Database) -> list[str]:
    with season.reading() as session:
        return list(session.scalars(select(Declaration.status)))
