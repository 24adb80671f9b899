"""待办 and its company: what is listed, how it is filtered and counted, claiming."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database
from app.models.declaration import Declaration
from app.models.process import Task
from tests.support import desk
from tests.support.website import enter, site, statements

Freeze = Callable[[Session, str], Any]
TITLES = re.compile(r'<a class="fw-bold" href="([^"]+)">([^<]+)</a>')


@pytest.fixture
def app(settings: Settings, database: Database, freeze: Freeze) -> Flask:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        app_version = desk.open_desk(session)
    app = site(settings, database)
    app.extensions["version"] = app_version
    return app


def arrive(app: Flask, account: str = "zhang.lin", **record: Any) -> int:
    """A declaration reaches the desk; returns its task's id."""
    with app.extensions["database"].transaction() as session:
        desk.arrive(session, app.extensions["version"], account, **record)
        return desk.open_tasks(session)[-1].id


def titles(page: str) -> list[str]:
    return [title for _, title in TITLES.findall(page)]


def test_empty_inbox_says_so(app: Flask) -> None:
    page = enter(app, desk.CLERK).get("/tasks").text
    assert "现在没有待办事项。" in page
    assert titles(page) == []


def test_inbox_names_task_applicant_specialty_and_level(app: Flask) -> None:
    task = arrive(app)
    page = enter(app, desk.CLERK).get("/tasks").text
    assert TITLES.findall(page) == [(f"/tasks/{task}", "单位审核·张林·大数据中级")]
    assert "还有5个工作日" in page
    assert "2023年10月9日09:00" in page


def test_inbox_shows_only_what_the_identity_may_do(app: Flask) -> None:
    arrive(app)
    assert titles(enter(app, desk.HEAD).get("/tasks").text) == []
    assert titles(enter(app, desk.STRANGER).get("/tasks").text) == []
    assert titles(enter(app, desk.CLERK, personal=True).get("/tasks").text) == []


def test_stranger_is_sent_to_the_login(app: Flask) -> None:
    answer = app.test_client().get("/tasks?level=junior")
    assert (answer.status_code, answer.location) == (302, "/login?next=/tasks?level%3Djunior")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["张林", "李悦"]),
        ("level=junior", ["李悦"]),
        ("q=张", ["张林"]),
        ("q=%25", []),
        ("stage=单位审核", ["张林", "李悦"]),
        ("stage=单位公示", []),
        ("notice=made_up", ["张林", "李悦"]),
        ("notice=other", []),
        ("state=normal", ["张林", "李悦"]),
        ("state=overdue", []),
        ("state=none", []),
        ("claim=mine", []),
        ("claim=free", ["张林", "李悦"]),
        ("level=intermediate&q=李", []),
    ],
)
def test_filters_in_the_address_narrow_the_list(app: Flask, query: str, found: list[str]) -> None:
    arrive(app)
    arrive(app, "li.yue", target_title="assistant_engineer")
    page = enter(app, desk.CLERK).get(f"/tasks?{query}").text
    assert [title.split("·")[1] for title in titles(page)] == found


@pytest.mark.parametrize(
    ("now", "state", "words"),
    [
        ("2023-10-10 09:00:00", "normal", "还有4个工作日"),
        ("2023-10-12 09:00:00", "soon", "剩2个工作日"),
        ("2023-10-14 09:00:00", "soon", "剩1个工作日"),
        ("2023-10-16 09:00:00", "today", "今日截止"),
        ("2023-10-17 00:00:00", "overdue", "已逾期1个工作日"),
        ("2023-10-23 09:00:00", "overdue", "已逾期5个工作日"),
    ],
)
def test_badge_counts_working_days_as_the_filter_does(
    app: Flask, freeze: Freeze, now: str, state: str, words: str
) -> None:
    arrive(app)
    with app.extensions["database"].transaction() as session:
        freeze(session, now)
    client = enter(app, desk.CLERK)
    states = ("normal", "soon", "today", "overdue", "held")
    shown = {each: len(titles(client.get(f"/tasks?state={each}").text)) for each in states}
    assert shown == {**dict.fromkeys(shown, 0), state: 1}
    assert f">{words}</span>" in client.get("/tasks").text


def test_number_of_statements_does_not_grow_with_the_list(app: Flask, database: Database) -> None:
    client = enter(app, desk.CLERK)
    arrive(app)
    client.get("/tasks")
    with statements(database) as one:
        client.get("/tasks")
    for account in ("li.yue", "wang.hao"):
        arrive(app, account)
    with statements(database) as three:
        assert len(titles(client.get("/tasks").text)) == 3
    assert len(three) == len(one)


def test_claiming_takes_the_task_from_the_others_and_back(app: Flask) -> None:
    task = arrive(app)
    client = enter(app, desk.CLERK)
    answer = client.post(f"/tasks/{task}/claim?level=intermediate", data={"back": "inbox"})
    assert (answer.status_code, answer.location) == (302, f"/tasks?level=intermediate#task-{task}")
    page = client.get("/tasks?claim=mine").text
    assert len(titles(page)) == 1
    assert "放回" in page
    client.post(f"/tasks/{task}/unclaim", data={"back": "inbox"})
    assert titles(client.get("/tasks?claim=mine").text) == []


def test_claim_by_another_office_is_refused(app: Flask) -> None:
    task = arrive(app)
    answer = enter(app, desk.STRANGER).post(f"/tasks/{task}/claim")
    assert answer.status_code == 403
    with app.extensions["database"].reading() as session:
        assert session.get_one(Task, task).person_id is None


def test_done_lists_what_was_completed_with_its_decision(app: Flask) -> None:
    task = arrive(app)
    client = enter(app, desk.CLERK)
    client.post(f"/tasks/{task}/complete", json={"values": {"decision": "pass"}})
    page = client.get("/tasks/done").text
    assert titles(page) == ["单位审核·张林·大数据中级"]
    assert '<td data-label="决定">审核通过</td>' in page
    assert titles(client.get("/tasks").text) == []


def test_more_than_a_page_is_paged(app: Flask) -> None:
    for _ in range(21):
        arrive(app)
    client = enter(app, desk.CLERK)
    first, second = (client.get(f"/tasks?page={page}").text for page in (1, 2))
    assert (len(titles(first)), len(titles(second))) == (20, 1)
    assert "第 1 / 2 页" in first
    assert "共21件" in first


def test_started_lists_what_the_person_began_for_his_office(app: Flask) -> None:
    client = enter(app, desk.CLERK)
    assert "还没有发起过事项。" in client.get("/tasks/started").text
    with app.extensions["database"].transaction() as session:
        desk.begin(session, app.extensions["version"], desk.CLERK)
    page = client.get("/tasks/started").text
    assert "单位办理" in page
    assert "单位审核</a>：山城数智研究院 单位职称管理员" in page
    assert "第1个工作日" in page
    assert "没有符合条件的事项。" in client.get("/tasks/started?status=ended").text


def test_done_says_who_handles_each_case_now_and_is_filtered_by_what_was_decided(app: Flask, freeze: Freeze) -> None:
    client = enter(app, desk.CLERK)
    for account, opinion in (("zhang.lin", "同意"), ("li.yue", "同意")):
        task = arrive(app, account)
        client.post(f"/tasks/{task}/complete", json={"values": {"decision": "pass", "opinion": opinion}})
    with app.extensions["database"].transaction() as session:
        freeze(session, "2023-10-12 09:00:00")
        first = session.scalars(select(Declaration).order_by(Declaration.id)).first()
        assert first is not None
        first.ended_as = "WITHDRAWN"
    page = client.get("/tasks/done").text
    assert "单位负责人签字盖章：山城数智研究院 单位负责人" in page
    assert "第4个工作日" in page
    assert page.count("本人撤回</span>") == 1
    found = {query: len(titles(client.get(f"/tasks/done?{query}").text)) for query in FOUND_DONE}
    assert found == FOUND_DONE


FOUND_DONE = {
    "decision=pass": 2,
    "decision=return": 0,
    "since=2023-10-09&q=张林": 1,
    "since=2023-10-10": 0,
    "since=nonsense": 0,
    "unit=没有这样的单位": 0,
    "office=999999999999999999999999999999": 0,
}


def test_no_filter_resets_another_and_the_order_leads_through_the_queue(app: Flask) -> None:
    order = ("zhang.lin", "li.yue", "wang.hao")
    tasks = {account: arrive(app, account) for account in order}
    client = enter(app, desk.CLERK)
    page = client.get("/tasks?sort=newest&claim=free&q=%E3%80%80&level=intermediate").text
    assert [TITLES.findall(page)[n][0].split("?")[0] for n in range(3)] == [f"/tasks/{tasks[a]}" for a in order[::-1]]
    for kept in ('<option value="newest" selected>', '<option value="free" selected>', 'value="intermediate" selected'):
        assert kept in page
    said = {"values": {"decision": "pass", "opinion": "同意"}}
    went = client.post(f"/tasks/{tasks['li.yue']}/complete?sort=newest&claim=free", json=said).json
    assert went["location"] == f"/tasks/{tasks['zhang.lin']}?claim=free&sort=newest&handled=1"
    assert "没有“x”这一筛选或者排序方式" in client.get("/tasks?sort=x").text


def test_a_list_opens_with_the_view_one_has_chosen_and_counts_what_each_finds(app: Flask, database: Database) -> None:
    arrive(app)
    arrive(app, "li.yue", target_title="assistant_engineer")
    client = enter(app, desk.CLERK)
    for name, query in (("初级", "level=junior"), ("按姓名", "q=张")):
        client.post("/views", data={"list": "todo", "name": name, "query": query})
    page = client.get("/tasks").text
    assert '>初级<span class="mark ms-1">1</span>' in page
    assert ">按姓名</a>" in page
    answer = client.post("/views/1/usual", data={"usual": "1"})
    assert (answer.status_code, answer.location) == (302, "/tasks?level=junior")
    assert client.get("/tasks").location == "/tasks?level=junior"
    assert len(titles(client.get("/tasks?all=1").text)) == 2
    assert enter(app, desk.HEAD).post("/views/1/usual", data={"usual": "1"}).status_code == 404
    client.post("/views/1/usual", data={"usual": ""})
    assert client.get("/tasks").status_code == 200


def test_statements_of_what_was_done_and_begun_do_not_grow(app: Flask, database: Database) -> None:
    client, counted = enter(app, desk.CLERK), []
    for accounts in (("zhang.lin",), ("li.yue", "wang.hao")):
        for account in accounts:
            task = arrive(app, account)
            client.post(f"/tasks/{task}/complete", json={"values": {"decision": "pass"}})
            with database.transaction() as session:
                desk.begin(session, app.extensions["version"], desk.CLERK)
        for address in ("/tasks/done", "/tasks/started"):
            client.get(address)
            with statements(database) as sent:
                client.get(address)
            counted.append(len(sent))
    assert counted[:2] == counted[2:]
