"""我的申请书: the list, the way in plain words, conditions, form 8, withdrawing and urging."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.cli.scenarios import world
from app.cli.scenarios.case import moment
from app.db import Database
from app.models.declaration import Declaration
from app.models.notification import Notification
from app.models.process import Event
from app.processes import course, standing
from app.processes.course import Step
from tests.support import crowd, walk
from tests.support.walk import CHECK, PUBLICISE, SUBMIT, play
from tests.support.website import enter

ENGINE_WORDS = re.compile(r"流程|节点|实例|令牌|责任自负|驳回|拒绝|审批通过")

RECHECK = [
    {"play": "climb_to_recommended", "with": {"start": "2023-10-10", "close": "2023-10-17"}},
    {"complain": {"text": "反映业绩材料不实"}},
    {"complete": "lead_verify", "with": {"decision": "unfounded", "finding": "经核实，材料属实"}},
    {"at": "2023-10-18 10:00"},
    {"complete": "dept_check", "with": {"decision": "pass"}},
]
RECHECKED = [
    {"at": "2023-11-06 10:00"},
    {"complete": "targeted_recheck", "with": {"decision": "unfounded", "finding": "经复核，所反映问题不成立"}},
]


def plain(page: str) -> str:
    """The words of the page's own content."""
    main = page[page.index('<main id="content"') :]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", main))


def way(season: Database, declaration_id: int) -> list[Step]:
    with season.reading() as session:
        return course.of(session, session.get_one(Declaration, declaration_id))


def titles(steps: list[Step], state: str) -> list[str]:
    return [step.title for step in steps if step.state == state]


def test_list_shows_state_and_the_next_thing_to_do(season: Database, season_site: Flask):
    play(season)
    page = plain(enter(season_site, "zhang.lin").get("/declarations").text)
    assert "工程师填报中" in page
    assert "继续填写" in page
    assert plain(enter(season_site, "li.yue").get("/declarations").text).startswith("您还没有申请书。")


def test_way_tells_whom_one_waits_for_and_what_comes(season: Database):
    steps = way(season, play(season, SUBMIT))
    now = next(step for step in steps if step.state == "now")
    assert titles(steps, "done")[0] == "开始填写申请书"
    assert titles(steps, "done")[-1] == "填写申请书：提交申报"
    assert (now.title, now.office, now.contact, now.phone) == (
        "已提交，待单位审核",
        "山城数智研究院 单位职称管理员",
        "白若溪",
        "023-55550105",
    )
    assert titles(steps, "next") == ["择优推荐与单位公示", "主管部门审核推荐", "评委会审核受理", "缴纳评审费", "评审"]
    assert [step.when for step in steps if step.title == "缴纳评审费"] == ["2023年11月16日至2023年11月20日24时"]


def test_way_of_a_publicity_counts_its_days(season: Database, season_site: Flask):
    declaration = play(season, PUBLICISE)
    page = plain(enter(season_site, "zhang.lin").get(f"/declarations/{declaration}").text)
    assert "单位公示中（第1/5个工作日）" in page
    assert "2023年10月10日至2023年10月16日" in page
    assert not ENGINE_WORDS.search(page)


def test_return_is_shown_with_its_reasons_and_deadline(season: Database, season_site: Flask):
    returned = {
        "decision": "return",
        "return_items": [{"_id": "1", "target": "学历学位情况", "text": "请补充学位证书"}],
        "return_days": 3,
    }
    declaration = play(season, [*SUBMIT, {"complete": "unit_check", "with": returned}])
    steps = way(season, declaration)
    page = plain(enter(season_site, "zhang.lin").get(f"/declarations/{declaration}").text)
    assert [step.reasons for step in steps if step.state == "returned"] == [("学历学位情况：请补充学位证书",)]
    assert "单位退回补充完善" in page
    assert "还有3个工作日" in page
    assert "请于2023年10月12日24时前补充完善" in page
    assert "前往办理" in page


def test_targeted_recheck_is_not_told(season: Database, season_site: Flask):
    declaration, client = play(season, RECHECK), enter(season_site, "zhang.lin")
    with season.reading() as session:
        (task,) = standing.open_tasks(session, session.get_one(Declaration, declaration))
    during = plain(client.get(f"/declarations/{declaration}").text)
    assert client.post(f"/declarations/{declaration}/urge").status_code == 302
    crowd.walk(season, RECHECKED, {"zhang": declaration})
    after = plain(client.get(f"/declarations/{declaration}").text)
    with season.reading() as session:
        (then,) = standing.open_tasks(session, session.get_one(Declaration, declaration))
        told = session.scalars(select(Notification.body).where(Notification.template == "urged")).all()
        kept = session.scalars(select(Event.payload).where(Event.kind == "urged")).all()

    assert (task.element_id, then.element_id) == ("targeted_recheck", "committee_accept")
    assert ("等待市大数据应用发展管理局" in during, "重点人员复核" in during + after) == (True, False)
    assert told == ["张林催办：尚未办结的申请书。"]
    assert kept == [{"tasks": ["尚未办结的申请书"], "told": 1}]


def test_conditions_ask_for_what_is_missing_first(season: Database, season_site: Flask):
    declaration = play(season, declaration={**walk.ENGINEER, "without": ["highest_education"]})
    page = plain(enter(season_site, "zhang.lin").get(f"/declarations/{declaration}/conditions").text)
    assert "请先填写以下内容，再检查条件：最高学历(学位)" in page


def test_conditions_point_by_point_with_proof_and_clause(season: Database, season_site: Flask):
    declaration = play(season, declaration={**walk.ENGINEER, "set": {"current_title_date": "2022-06-30"}})
    page = plain(enter(season_site, "zhang.lin").get(f"/declarations/{declaration}/conditions").text)
    assert "暂不能提交" in page
    assert "尚不符合" in page
    assert "依据：渡职改办〔2022〕46号附件2六(三)" in page


def test_conditions_see_the_unsaved_draft(season: Database, season_site: Flask):
    declaration = play(season, declaration={**walk.ENGINEER, "set": {"current_title_date": "2022-06-30"}})
    client = enter(season_site, "zhang.lin")
    with season.reading() as session:
        task = standing.of(session, session.get_one(Declaration, declaration)).own_task
    assert task is not None
    values = {"current_title_date": "2015-06-30"}
    assert client.post(f"/tasks/{task.id}/draft", json={"values": values, "token": None}).status_code == 200
    assert "未发现不能提交的情形" in plain(client.get(f"/declarations/{declaration}/conditions").text)


def test_form_8_is_previewed_with_a_masked_number(season: Database, season_site: Flask):
    declaration = play(season)
    response = enter(season_site, "zhang.lin").get(f"/declarations/{declaration}/sheet")
    page = plain(response.text)
    assert "重庆市工程系列中级职称申报综合情况（公示）表" in page
    assert "身份证件号码500***********" in page
    assert "政务数据共享平台" in page
    assert "size: A3" in response.text


def test_withdrawing_ends_the_declaration(season: Database, season_site: Flask):
    declaration = play(season, SUBMIT)
    client = enter(season_site, "zhang.lin")
    assert client.post(f"/declarations/{declaration}/withdraw").location == f"/declarations/{declaration}"
    page = plain(client.get(f"/declarations/{declaration}").text)
    assert "办理结果：本人撤回" in page
    assert client.post(f"/declarations/{declaration}/withdraw").status_code == 409


def test_urging_tells_the_holders_once_a_working_day(season: Database, season_site: Flask):
    declaration = play(season, SUBMIT)
    client = enter(season_site, "zhang.lin")
    first = client.post(f"/declarations/{declaration}/urge")
    second = client.post(f"/declarations/{declaration}/urge")
    with season.transaction() as session:
        told = session.scalars(select(Notification.body).where(Notification.template == "urged")).all()
        kept = session.scalars(select(Event.payload).where(Event.kind == "urged")).all()
        world.freeze(session, moment("2023-10-10 00:00"))
    assert (first.status_code, second.status_code) == (302, 422)
    assert "每个工作日只能催办一次，本件已于2023年10月9日09:00催办。" in second.text
    assert told == ["张林催办：单位审核。"]
    assert kept == [{"tasks": ["单位审核"], "told": 1}]
    assert client.post(f"/declarations/{declaration}/urge").status_code == 302


def test_urging_waits_for_a_working_day(season: Database, season_site: Flask):
    declaration = play(season, SUBMIT, clock="2023-10-13 09:00")
    client = enter(season_site, "zhang.lin")
    assert client.post(f"/declarations/{declaration}/urge").status_code == 302
    with season.transaction() as session:
        world.freeze(session, moment("2023-10-14 09:00"))  # a Saturday
        assert clock.local(clock.now(session)).weekday() == 5
    assert client.post(f"/declarations/{declaration}/urge").status_code == 422


def test_nobody_to_urge_while_one_fills_in(season: Database, season_site: Flask):
    declaration = play(season)
    response = enter(season_site, "zhang.lin").post(f"/declarations/{declaration}/urge")
    assert (response.status_code, "无需催办" in response.text) == (422, True)


@pytest.mark.parametrize("page", ["", "/conditions", "/sheet"])
def test_others_do_not_see_it(season: Database, season_site: Flask, page: str):
    declaration = play(season, CHECK)
    for account in ("li.yue", "clerk.institute"):
        response = enter(season_site, account).get(f"/declarations/{declaration}{page}")
        assert response.status_code == 403
        assert "张林" not in response.text
