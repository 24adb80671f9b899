"""办理监控: the list with its filters, an instance's page in all its parts, moving a token, incidents."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database
from app.domain import history
from app.domain.deadline_rows import WAKES
from app.models.declaration import Declaration
from app.models.process import Deadline, Event, Incident, ProcessInstance, Task
from app.processes.tick import tick
from tests.support import clockwork, crowd, walk
from tests.support.website import enter, site, statements

Freeze = Callable[[Session, str], Any]


def plain(page: str) -> str:
    main = page[page.index('<main id="content"') :]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", main))


def listed(page: str) -> list[str]:
    return re.findall(r"<td><a class=\"fw-bold\"[^>]*>([^<]+)</a>", page)


def instance_of(database: Database, declaration_id: int) -> int:
    with database.reading() as session:
        found = session.get_one(Declaration, declaration_id).instance_id
    assert found is not None
    return found


def open_task(database: Database, element: str) -> Task:
    with database.reading() as session:
        return session.scalars(select(Task).where(Task.element_id == element, Task.status == "open")).one()


def open_task_of(database: Database, instance_id: int) -> Task:
    with database.reading() as session:
        return session.scalars(select(Task).where(Task.status == "open", Task.instance_id == instance_id)).one()


def test_list_says_for_whom_each_waits_and_since_when(season: Database, season_site: Flask):
    crowd.walk(season, crowd.OBJECTED)
    page = enter(season_site, "manager").get("/instances").text
    assert listed(page) == ["公示异议核实 #5", "单位推荐批次 #4", "职称申报 #3", "职称申报 #2", "职称申报 #1"]
    words = plain(page)
    assert "李悦已提交，待单位审核单位审核山城数智研究院2023年10月9日09:00" in words
    assert "山城数智研究院结束公示山城数智研究院2023年10月10日09:00" in words
    assert "张林单位公示中等待：本批推荐结果" in words


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("process=unit_recommendation", ["单位推荐批次 #4"]),
        ("stage=SUBMITTED", ["职称申报 #3"]),
        ("q=邓", ["公示异议核实 #5", "职称申报 #2"]),
        ("q=邓&process=declaration", ["职称申报 #2"]),
        ("status=ended", []),
        ("notice=n4_2022_dadukou", []),
        ("overdue=1", []),
        ("office=0", []),
    ],
)
def test_filters_stand_in_the_address(season: Database, season_site: Flask, query: str, expected: list[str]):
    crowd.walk(season, crowd.OBJECTED)
    assert listed(enter(season_site, "manager").get(f"/instances?{query}").text) == expected


def test_overdue_office_and_incident_narrow_the_list(season: Database, season_site: Flask):
    crowd.walk(season, crowd.SUBMITTED)
    task = open_task_of(season, 3)
    with season.transaction() as session:
        late = update(Deadline).where(Deadline.id == task.deadline_id)
        session.execute(late.values(due_at=session.get_one(Task, task.id).created_at))
        session.add(Incident(instance_id=1, kind="script", element_id="x", reason="坏", at=task.created_at))
    client = enter(season_site, "manager")
    assert listed(client.get("/instances?overdue=1").text) == ["职称申报 #3"]
    assert listed(client.get("/instances?incident=1").text) == ["职称申报 #1"]
    assert len(listed(client.get(f"/instances?office={task.organisation_id}").text)) == 3


def test_number_of_instances_does_not_change_the_number_of_statements(season: Database, season_site: Flask):
    with season.transaction() as session:
        crowd.stand(session, 3)
    client, counts = enter(season_site, "manager"), []
    for more in (0, 15):
        with season.transaction() as session:
            crowd.stand(session, more)
        client.get("/instances")
        with statements(season) as sent:
            client.get("/instances")
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_instance_page_stands_on_the_innermost_process_and_leads_up(season: Database, season_site: Flask):
    ids = crowd.walk(season, crowd.PUBLICISED)
    client, key = enter(season_site, "manager"), instance_of(season, ids["zhang"])
    page = plain(client.get(f"/instances/{key}").text)
    assert "等待：本批推荐结果" in page
    assert "职称申报逐级审核、受理、缴费与评审逐级审核推荐与受理择优推荐与单位公示" in page
    assert "相关办理事项：单位推荐批次#4（办理中）" in page
    above = client.get(f"/instances/{key}?path=handling/climb").text
    assert "择优推荐与单位公示（办理中）" in plain(above)
    assert "单位审核（已办）" in plain(above)
    assert client.get(f"/instances/{key}?path=handling/nowhere").status_code == 404


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("course", "单位审核：审核通过2023年10月9日09:00山城数智研究院白若溪"),
        ("timeline", "已办理：单位审核2023年10月9日09:00山城数智研究院白若溪"),
        ("documents", "附件8综合情况（公示）表"),
        ("tasks", "单位审核山城数智研究院白若溪2023年10月9日09:002023年10月9日09:00审核通过"),
        ("deadlines", "2023年11月15日24时"),
        ("messages", "启动：单位推荐批次发出"),
        ("data", "流程只保存决定"),
        ("incidents", "没有异常。"),
    ],
)
def test_every_part_of_an_instance_has_its_tab(season: Database, season_site: Flask, tab: str, words: str):
    ids = crowd.walk(season, crowd.CHECKED)
    key = instance_of(season, ids["zhang"])
    assert words in plain(enter(season_site, "manager").get(f"/instances/{key}?tab={tab}").text)


def test_date_is_explained_with_days_and_clause(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PUBLICISED)
    page = plain(enter(season_site, "manager").get("/instances/4?tab=deadlines").text)
    assert "2023年10月16日24时" in page
    assert "起算当日计入，共5个工作日；2023年10月10日起算；其间10月14日（周六）、10月15日（周日）不计" in page


def test_history_says_that_it_is_intact_and_an_administrator_erases_words(season: Database, season_site: Flask):
    ids = crowd.walk(season, crowd.ACCEPTED)
    li = instance_of(season, ids["li"])
    with season.transaction() as session:
        history.append(session, "retried", instance_id=li, payload={"reason": "电话告知身份证号码"})
        number = session.get_one(ProcessInstance, li).history_number
    manager, administrator = enter(season_site, "manager"), enter(season_site, "admin")
    past, erasing = f"/instances/{li}?tab=timeline", f"/instances/{li}/history/{number}"
    assert f"历史完整（{number}条）" in manager.get(past).text
    assert erasing not in manager.get(past).text
    assert (manager.get(erasing).status_code, manager.post(erasing, data={"reason": "x"}).status_code) == (403, 403)
    assert erasing in administrator.get(past).text
    assert "电话告知身份证号码" in administrator.get(erasing).text
    assert "请填写擦除的原因" in administrator.post(erasing, data={"reason": ""}).text
    assert administrator.post(erasing, data={"reason": "含个人信息"}).status_code == 302
    after = manager.get(past).text
    assert f"历史完整（{number + 1}条）" in after
    assert "电话告知身份证号码" not in after
    assert f"第{number}条" in after
    assert "原因：含个人信息" in after
    assert administrator.get(f"/instances/{li}/history/999").status_code == 404


def test_moving_a_token_closes_what_went_and_keeps_the_reason(season: Database, season_site: Flask):
    ids = crowd.walk(season, crowd.ACCEPTED)
    li = instance_of(season, ids["li"])
    task = open_task(season, "unit_check")
    assert task.instance_id == li
    client = enter(season_site, "manager")
    form = client.get(f"/instances/{li}/move/{task.id}").text
    assert '<option value="fill_form">填写申请书</option>' in form
    moved = client.post(f"/instances/{li}/move/{task.id}", data={"to": "fill_form", "reason": "报错评委会"})
    assert (moved.status_code, moved.location) == (302, f"/instances/{li}")
    with season.reading() as session:
        now = session.scalars(select(Task).where(Task.instance_id == li).order_by(Task.id)).all()
        assert [(each.element_id, each.status) for each in now] == [
            ("fill_form", "completed"),
            ("unit_check", "cancelled"),
            ("fill_form", "open"),
        ]
        closed = session.scalars(select(Deadline).where(Deadline.id == task.deadline_id)).one()
        assert closed.closed_at is not None
        event = session.scalars(select(Event).where(Event.kind == "moved")).one()
        assert event.payload == {"from": "单位审核", "to": "填写申请书", "reason": "报错评委会"}
        waits = session.get_one(ProcessInstance, li).waits
        waking = select(Deadline.engine_task_id).where(Deadline.instance_id == li, WAKES)
        assert set(waits["timers"]) == set(session.scalars(waking))
    assert "由“单位审核”移动到“填写申请书”" in plain(client.get(f"/instances/{li}?tab=timeline").text)


@pytest.mark.parametrize(
    ("to", "reason", "words"),
    [
        ("fill_form", " ", "请填写移动的原因。"),
        ("nowhere", "试", "所选步骤不在本流程或调用它的流程中。"),
    ],
)
def test_move_that_cannot_be_is_refused_and_changes_nothing(
    season: Database, season_site: Flask, to: str, reason: str, words: str
):
    crowd.walk(season, crowd.CHECKED)
    task = open_task(season, "unit_check")
    address = f"/instances/{task.instance_id}/move/{task.id}"
    answer = enter(season_site, "manager").post(address, data={"to": to, "reason": reason})
    assert (answer.status_code, words in answer.text) == (422, True)
    assert open_task(season, "unit_check").id == task.id


def test_office_sees_its_own_and_moves_nothing(season: Database, season_site: Flask):
    ids = crowd.walk(season, crowd.ACCEPTED)
    client = enter(season_site, "committee")
    assert listed(client.get("/instances").text) == ["职称申报 #1"]
    li = instance_of(season, ids["li"])
    task = open_task(season, "unit_check")
    assert client.get(f"/instances/{li}").status_code == 403
    assert client.post(f"/instances/{li}/move/{task.id}", data={"to": "fill_form", "reason": "x"}).status_code == 403
    assert client.post(f"/instances/{li}/retry").status_code == 403
    assert enter(season_site, "clerk.institute").get("/instances").status_code == 403


@pytest.fixture
def works(database: Database, freeze: Freeze) -> clockwork.Works:
    return clockwork.build(database, freeze)


def test_retry_wakes_timers_that_gave_up(works: clockwork.Works, settings: Settings):
    key = works.start("ticks")
    for moment in ("2023-10-12 00:00:00", *(f"2023-10-12 {hour:02d}:00:00" for hour in range(1, 8))):
        works.at(moment)
        tick(works.database)
    assert [row.dead for row in works.waking()] == [True]
    client = enter(site(settings, works.database), "manager")
    page = plain(client.get(f"/instances/{key}").text)
    assert "异常1" in page
    assert "脚本出错" in plain(client.get("/incidents").text)
    assert client.post(f"/instances/{key}/retry").status_code == 422
    assert client.post(f"/instances/{key}/retry", data={"reason": "参数已更正"}).status_code == 302
    assert [(row.dead, row.attempts) for row in works.waking()] == [(False, 0)]
    assert works.incidents() == [("share", "solved")]
    tick(works.database)
    assert works.incidents() == [("share", "solved"), ("share", "open")]


def test_incident_is_settled_with_a_reason(works: clockwork.Works, settings: Settings):
    key = works.start("asks")
    with works.database.transaction() as session:
        instance = session.get_one(ProcessInstance, key)
        session.add(Incident(instance_id=key, kind="nobody", reason="no one", at=instance.started_at))
    client = enter(site(settings, works.database), "admin")
    refused = client.post("/incidents/settle", data={"incident": "1", "reason": " "})
    assert (refused.status_code, "请填写处理情况。" in refused.text) == (422, True)
    assert client.post("/incidents/settle", data={"incident": "1", "reason": "已指定代办人"}).status_code == 302
    assert works.incidents() == [(None, "solved")]
    assert "没有异常。" in plain(client.get("/incidents").text)
    assert "无人可办" in plain(client.get("/incidents?status=solved").text)
    assert works.all(Event)[-1].payload == {"incident": 1, "reason": "已指定代办人"}


def test_manager_urges_within_the_files_own_limit(season: Database, season_site: Flask):
    declaration = walk.play(season, walk.SUBMIT)
    manager, page = enter(season_site, "manager"), f"/instances/{instance_of(season, declaration)}"
    assert "尚未催办" in manager.get(page).text
    assert manager.post(f"{page}/urge").status_code == 302
    assert "已催办1次，最近一次2023年10月9日09:00" in manager.get(page).text
    refused = enter(season_site, "zhang.lin").post(f"/declarations/{declaration}/urge")
    assert "本件已于2023年10月9日09:00催办" in refused.text
    assert enter(season_site, "clerk.institute").post(f"{page}/urge").status_code == 403
