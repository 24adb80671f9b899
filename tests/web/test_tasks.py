"""One task from the browser's side: its page, drafts, completing, and everything that may go wrong on the way."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database
from app.domain import history, messages, organisations, people
from app.models.process import Event, Incident, Task
from app.processes.tick import tick
from tests.support import desk
from tests.support.website import enter, leave, site, statements

Freeze = Callable[[Session, str], Any]


@pytest.fixture
def app(settings: Settings, database: Database, freeze: Freeze) -> Flask:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        version = desk.open_desk(session)
        desk.arrive(session, version, id_number="500103198604121019", awards=[{"_id": "r1", "title": "市级一等奖"}])
    app = site(settings, database)
    app.extensions["version"] = version
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return enter(app, desk.CLERK)


def arrive(app: Flask, account: str) -> int:
    with app.extensions["database"].transaction() as session:
        desk.arrive(session, app.extensions["version"], account)
        return desk.open_tasks(session)[-1].id


def first_task(app: Flask) -> Task:
    with app.extensions["database"].reading() as session:
        return session.scalars(select(Task).order_by(Task.id)).first()


def titles_waiting(app: Flask) -> list[str]:
    with app.extensions["database"].reading() as session:
        return [task.name for task in desk.open_tasks(session)]


def complete(client: FlaskClient, task: int, key: str | None = None, **values: Any):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/tasks/{task}/complete", json={"values": {"decision": "pass", **values}}, headers=headers)


def data_of(page: str, key: str) -> Any:
    found = re.search(rf'<script type="application/json" id="{key}">(.*?)</script>', page, re.S)
    assert found is not None
    return json.loads(found[1])


def test_page_says_for_whom_it_waits_since_when_and_the_telephone(client: FlaskClient) -> None:
    page = client.get("/tasks/1").text
    words = re.sub(r"<[^>]+>|\s+", "", page)
    assert "等待山城数智研究院单位职称管理员办理，自2023年10月9日09:00起，联系人" in words
    assert 'href="tel:023-5555' in page
    assert "<title>单位审核·张林·大数据中级 · 职评</title>" in page


def test_page_carries_form_values_and_addresses_for_the_island(client: FlaskClient) -> None:
    page = client.get("/tasks/1?level=intermediate").text
    assert [each["key"] for each in data_of(page, "form-schema")["components"]] == ["opinion", "proof", "decision"]
    assert data_of(page, "form-values") == {}
    assert 'data-today="2023-10-09"' in page
    assert 'data-draft-url="/tasks/1/draft"' in page
    assert 'data-submit-url="/tasks/1/complete?level=intermediate"' in page
    assert 'data-upload-url="/attachments?task=1"' in page
    assert "第 1 / 1 件" in page


def test_page_shows_the_declaration_with_the_identity_number_shortened(client: FlaskClient) -> None:
    page = client.get("/tasks/1").text
    assert "500***********1019" in page
    assert "500103198604121019" not in page
    assert "市级一等奖" in page


def test_page_explains_the_date(client: FlaskClient) -> None:
    words = re.sub(r"<[^>]+>|\s+", "", client.get("/tasks/1").text)
    assert "截止2023年10月16日24时，查看依据" in words
    assert "期限单位审核期限计算办法起算次日开始计算，共5个工作日起算2023年10月9日起算" in words
    assert "不计的日子其间10月14日（周六）、10月15日（周日）不计依据渝大数据发〔2023〕54号四" in words


def test_page_draws_the_diagram_with_its_token_and_a_table(client: FlaskClient) -> None:
    page = client.get("/tasks/1").text
    state = data_of(page, "diagram-state")
    assert (state["active"], state["done"]) == (["check"], ["s"])
    assert state["details"]["check"]["status"] == "正在办理"
    assert "&lt;bpmn:definitions" in page
    assert re.search(r'<tr aria-current="step" class="fw-bold">\s*<td>单位审核</td><td>正在办理</td>', page)


def test_diagram_page_shows_one_process_of_the_chain_only(client: FlaskClient) -> None:
    assert client.get("/tasks/1/diagram?process=desk").status_code == 200
    assert client.get("/tasks/1/diagram?process=other").status_code == 404


def test_page_of_a_missing_task_is_not_found(client: FlaskClient) -> None:
    assert client.get("/tasks/999").status_code == 404


def test_task_of_another_office_is_refused_with_sentence_25(app: Flask) -> None:
    client = enter(app, desk.STRANGER)
    for answer in (client.get("/tasks/1"), client.get("/tasks/1/diagram"), complete(client, 1)):
        assert answer.status_code == 403
        said = answer.json["message"] if answer.is_json else answer.text
        assert "此事项由山城数智研究院单位职称管理员办理，您当前身份为两江示范数据集团 单位职称管理员。" in said
    assert first_task(app).status == "open"


def test_applicant_neither_reads_nor_does_the_office_s_task(app: Flask) -> None:
    client = enter(app, "zhang.lin")
    assert [client.get(path).status_code for path in ("/tasks/1", "/tasks/1/diagram")] == [403, 403]
    assert complete(client, 1).status_code == 403


def test_colleague_of_the_unit_may_look_without_acting(app: Flask) -> None:
    page = enter(app, desk.HEAD).get("/tasks/1")
    assert page.status_code == 200
    assert 'data-island="form"' not in page.text
    assert "市级一等奖" in page.text
    assert complete(enter(app, desk.HEAD), 1).status_code == 403


def test_completing_leads_on_to_the_next_of_the_kind_under_the_same_filter(app: Flask, client: FlaskClient) -> None:
    second, third = arrive(app, "li.yue"), arrive(app, "wang.hao")
    assert "第 1 / 3 件" in client.get("/tasks/1").text
    answer = client.post("/tasks/1/complete?level=intermediate", json={"values": {"decision": "pass"}})
    assert (answer.status_code, answer.json) == (200, {"location": f"/tasks/{second}?level=intermediate&handled=1"})
    page = client.get(answer.json["location"]).text
    assert "已办理：单位审核·张林·大数据中级" in page
    assert "第 2 / 3 件" in page
    assert complete(client, third).json == {"location": f"/tasks/{second}?handled=1"}
    assert complete(client, second).json == {"location": "/tasks"}


def test_form_that_is_refused_names_the_field_and_changes_nothing(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/tasks/1/complete", json={"values": {"opinion": "齐全"}})
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json["problems"]] == ["decision"]
    assert first_task(app).status == "open"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"values": []}', b'{"values": 1}'])
def test_unreadable_body_is_refused(client: FlaskClient, body: bytes) -> None:
    for door in ("draft", "complete"):
        answer = client.post(f"/tasks/1/{door}", data=body, content_type="application/json")
        assert answer.status_code == 422
        assert "提交的内容无法识别" in answer.json["message"]


def test_double_click_gets_the_same_answer_and_completes_once(app: Flask, client: FlaskClient) -> None:
    answers = [complete(client, 1, key="page-1") for _ in range(2)]
    assert [(each.status_code, each.json) for each in answers] == [(200, {"location": "/tasks"})] * 2
    with app.extensions["database"].reading() as session:
        assert session.scalars(select(Event.kind).where(Event.kind == "completed")).all() == ["completed"]


def test_stale_page_learns_who_was_faster(app: Flask, client: FlaskClient) -> None:
    complete(client, 1, key="page-1")
    answer = complete(client, 1, key="page-2")
    assert answer.status_code == 409
    assert answer.json["message"].startswith("此事项已由白若溪于2023年10月9日09:00办理，您填写的内容已保留在草稿中")
    page = client.get("/tasks/1").text
    assert "此事项已由白若溪于2023年10月9日09:00办理。" in page
    assert 'data-island="form"' not in page


def test_key_that_is_too_long_is_refused(client: FlaskClient) -> None:
    assert complete(client, 1, key="k" * 65).status_code == 422


def test_expired_login_answers_401_and_the_draft_stays(app: Flask, client: FlaskClient) -> None:
    client.post("/tasks/1/draft", json={"values": {"opinion": "一半"}, "token": None})
    leave(app, client)
    for door in ("draft", "complete"):
        answer = client.post(f"/tasks/1/{door}", json={"values": {"opinion": "全部", "decision": "pass"}})
        assert answer.status_code == 401
        assert answer.json["message"] == "您已退出登录，请重新登录。您填写的内容已保存在本页。"
    page = enter(app, desk.CLERK).get("/tasks/1").text
    assert data_of(page, "form-values") == {"opinion": "一半"}
    assert "已载入上次保存的草稿。" in page


def test_draft_of_an_older_window_is_a_conflict(client: FlaskClient) -> None:
    first = client.post("/tasks/1/draft", json={"values": {"opinion": "一"}, "token": None})
    second = client.post("/tasks/1/draft", json={"values": {"opinion": "二"}, "token": first.json["token"]})
    late = client.post("/tasks/1/draft", json={"values": {"opinion": "三"}, "token": first.json["token"]})
    assert [answer.status_code for answer in (first, second, late)] == [200, 200, 409]
    assert first.json["saved_at"] == "2023-10-09T09:00:00+08:00"
    assert late.json["message"].startswith("这份草稿刚刚在另一窗口或由另一人保存过。")
    page = client.get("/tasks/1").text
    assert data_of(page, "form-values") == {"opinion": "二"}
    assert f'data-draft-token="{second.json["token"]}"' in page


def test_draft_after_completion_is_a_conflict(client: FlaskClient) -> None:
    complete(client, 1)
    assert client.post("/tasks/1/draft", json={"values": {}, "token": None}).status_code == 409


def test_failing_script_is_an_incident_and_the_task_stays(app: Flask, client: FlaskClient) -> None:
    answer = complete(client, 1, opinion="break")
    assert answer.status_code == 500
    assert answer.json["message"] == "流程图中的一处设置有误，已通知流程设计员；您填写的内容已保留。"
    with app.extensions["database"].reading() as session:
        incident = session.scalars(select(Incident).where(Incident.kind == "script")).one()
        assert (incident.task_id, incident.element_id, incident.status) == (1, "broken", "open")
    assert first_task(app).status == "open"
    assert data_of(client.get("/tasks/1").text, "diagram-state")["incident"] == ["broken"]
    assert complete(client, 1, opinion="齐全").status_code == 200
    with app.extensions["database"].reading() as session:
        assert session.scalars(select(Incident.status).where(Incident.kind == "script")).all() == ["solved"]


def test_request_without_csrf_token_is_refused(app: Flask, settings: Settings) -> None:
    strict = site(settings, app.extensions["database"], csrf=True)
    assert complete(enter(strict, desk.CLERK), 1).status_code == 400
    assert complete(strict.test_client(), 1).status_code == 401
    assert first_task(app).status == "open"


def test_history_tells_what_happened_in_plain_words(app: Flask, client: FlaskClient, freeze: Freeze) -> None:
    with app.extensions["database"].transaction() as session:
        freeze(session, "2023-10-18 09:00:00")
    tick(app.extensions["database"])
    with app.extensions["database"].transaction() as session:
        freeze(session, "2023-10-18 10:00:00")
    complete(client, 1, opinion="材料齐全")
    page = client.get("/tasks/1").text
    assert re.findall(r"<b>([^<]+)</b>", page) == [
        "单位办理开始",
        "期限届满：单位审核期限",
        "单位审核：审核通过",
        "单位负责人签字盖章（办理中）",
    ]
    assert "<p>山城数智研究院 白若溪</p>" in page
    assert "<p data-own-words>材料齐全</p>" in page


def test_claimed_task_is_no_longer_a_colleague_s_to_do(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/tasks/1/claim")
    assert answer.location == "/tasks/1"
    assert "已认领，此事项由您办理。" in client.get("/tasks/1").text
    assert client.post("/tasks/1/claim").status_code == 302  # sent twice: his already
    with app.extensions["database"].transaction() as session:
        colleague, unit = people.by_account(session, "li.yue"), organisations.by_key(session, desk.UNIT)
        assert colleague is not None
        people.grant(session, colleague.id, "unit_clerk", unit.id)
    other = enter(app, "li.yue")
    assert other.post("/tasks/1/claim").status_code == 403
    assert complete(other, 1).status_code == 403


def test_filters_in_the_address_may_say_anything(client: FlaskClient) -> None:
    assert client.get("/tasks/1?task_id=5&page=x&level=%3Cscript%3E&endpoint=1").status_code == 200


def test_what_the_act_sends_is_delivered_after_the_answer(app: Flask, client: FlaskClient) -> None:
    with app.extensions["database"].transaction() as session:
        messages.post_start(session, "desk", notice_version_id=app.extensions["version"])
    answer = complete(client, 1)
    assert titles_waiting(app) == ["单位负责人签字盖章"]
    answer.close()
    assert titles_waiting(app) == ["单位负责人签字盖章", "单位审核"]


def test_number_of_statements_does_not_grow_with_the_history(app: Flask, client: FlaskClient) -> None:
    database = app.extensions["database"]
    client.get("/tasks/1")
    with statements(database) as before:
        client.get("/tasks/1")
    with database.transaction() as session:
        for _ in range(3):
            history.append(session, "timer", instance_id=1, payload={"engine_tasks": []})
            history.append(session, "message", instance_id=1, payload={"name": "recommended"})
    with statements(database) as after:
        assert client.get("/tasks/1").text.count("已推荐上报") == 3
    assert len(after) == len(before)
