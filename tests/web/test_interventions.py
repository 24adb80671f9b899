"""The page of one case and what a manager does there: each on its form, with a reason, refused where others acted."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.db import Database
from app.domain import declarations, parameters, people
from app.models.declaration import Declaration
from app.models.process import Deadline, Event, ProcessInstance, Task
from tests.support import crowd
from tests.support.website import enter
from tests.web.test_instances import instance_of, open_task_of, plain


def seen(page: str) -> str:
    """The number of the last event that a form knew of."""
    return re.findall(r'name="seen" value="(\d+)"', page)[0]


def sent(client: FlaskClient, address: str, **said: Any) -> Any:
    return client.post(address, data={"seen": seen(client.get(address).text), "reason": "核实情况", **said})


def test_suspended_case_says_so_on_every_page_and_takes_nothing(season: Database, season_site: Flask):
    ids = crowd.walk(season, crowd.CHECKED)
    key, manager = instance_of(season, ids["li"]), enter(season_site, "manager")
    task = open_task_of(season, key)
    page, form = f"/instances/{key}", f"/instances/{key}/suspend"
    old = seen(manager.get(f"/instances/{key}/terminate").text)
    silent = sent(manager, form, reason=" ")
    assert (silent.status_code, "请填写原因" in silent.text) == (422, True)
    assert sent(manager, form).location == page
    since = "已暂停本件自2023年10月9日09:00起暂停办理，原因：核实情况。"
    assert since in plain(manager.get(page).text)
    assert since in plain(manager.get(f"/tasks/{task.id}").text)
    clerk = enter(season_site, "clerk.institute")
    assert "已暂停" in plain(clerk.get("/tasks").text)
    applicant = enter(season_site, "li.yue")
    assert since.removeprefix("已暂停") in plain(applicant.get(f"/declarations/{ids['li']}").text)
    assert applicant.get("/tasks").status_code == 200
    answer = clerk.post(f"/tasks/{task.id}/complete", json={"values": {"decision": "pass", "opinion": "材料齐全"}})
    assert (answer.status_code, "恢复后可继续办理，您填写的内容已保留在草稿中" in answer.json["message"]) == (409, True)
    with season.reading() as session:
        assert (session.get_one(Task, task.id).draft or {})["opinion"] == "材料齐全"
    stale = manager.post(f"/instances/{key}/terminate", data={"seen": old, "reason": "申请撤销"})
    words = "您打开本页之后，本件又有办理：管永明于2023年10月9日09:00挂起（核实情况）"
    assert (stale.status_code, words in plain(stale.text), "申请撤销</textarea>" in stale.text) == (422, True, True)
    assert sent(manager, f"/instances/{key}/resume").location == page
    assert manager.post(f"/instances/{key}/resume", data={"reason": "再次"}).status_code == 409
    past = plain(manager.get(f"{page}?tab=timeline").text)
    assert "挂起2023年10月9日09:00管永明原因：核实情况" in past
    assert "恢复办理2023年10月9日09:00管永明核实情况" in plain(manager.get(page).text)


def test_terminated_case_is_over_for_everybody(season: Database, season_site: Flask):
    ids = crowd.walk(season, crowd.OBJECTED)
    key, manager = instance_of(season, ids["deng"]), enter(season_site, "manager")
    form = manager.get(f"/instances/{key}/terminate").text
    assert "不受影响，继续办理：公示异议核实#5" in plain(form)
    assert sent(manager, f"/instances/{key}/terminate", reason="弄虚作假已查实").status_code == 302
    page = manager.get(f"/instances/{key}").text
    assert ("已终止，不再等待。" in plain(page), "/suspend" in page, "/terminate" in page) == (True, False, False)
    assert "评审终止" in plain(enter(season_site, "deng.ke").get(f"/declarations/{ids['deng']}").text)
    blocked = sent(manager, "/instances/4/terminate")
    assert (blocked.status_code, "本批正在公示，不能终止" in plain(blocked.text)) == (422, True)
    depended = manager.get("/instances/5/terminate").text
    assert "须办出结果，不能单独终止" in depended


def test_task_is_reassigned_within_its_post_or_to_another_body(season: Database, season_site: Flask):
    ids = crowd.walk(season, crowd.SUBMITTED)
    key, manager = instance_of(season, ids["li"]), enter(season_site, "manager")
    task = open_task_of(season, key)
    form = f"/instances/{key}/reassign/{task.id}"
    found = manager.get(f"{form}?q=江岸").text
    body = re.findall(r'<option value="(\d+)-">([^<]+)</option>', found)[0]
    assert "没有名称含“无此机构”" in plain(manager.get(f"{form}?q=无此机构").text)
    assert sent(manager, form, to="").status_code == 422
    assert sent(manager, form, to=f"{body[0]}-", q="江岸").status_code == 302
    assert (open_task_of(season, key).organisation_id, body[1] in manager.get(f"/instances/{key}").text) == (
        int(body[0]),
        True,
    )
    assert manager.get(f"/instances/1/reassign/{task.id}").status_code == 404


def test_one_clock_is_stopped_and_let_run_on(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PUBLICISED)
    manager = enter(season_site, "manager")
    with season.reading() as session:
        mine = select(Deadline).where(
            Deadline.instance_id == 4, Deadline.kind == "relative", Deadline.closed_at.is_(None)
        )
        clock = session.scalars(mine).one()
    address = f"/instances/4/deadlines/{clock.id}"
    assert sent(manager, f"{address}/hold", reason="公示栏被损毁").status_code == 302
    assert manager.post(f"{address}/hold", data={"reason": "再次"}).status_code == 409
    page = plain(manager.get("/instances/4?tab=deadlines").text)
    assert ("计时暂停：公示栏被损毁" in page, "恢复计时" in page) == (True, True)
    assert sent(manager, f"{address}/release").status_code == 302
    with season.reading() as session:
        assert session.get_one(Deadline, clock.id).due_at == clock.due_at
        kinds = [each.kind for each in session.scalars(select(Event).where(Event.instance_id == 4).order_by(Event.id))]
        fixed = session.scalars(select(Deadline).where(Deadline.kind == "absolute")).first()
    assert kinds[-2:] == ["deadline_held", "deadline_released"]
    assert fixed is not None
    refused = manager.post(f"/instances/{fixed.instance_id}/deadlines/{fixed.id}/hold", data={"reason": "试"})
    assert (refused.status_code, "统一时间，不能对单件暂停计时" in refused.text) == (422, True)


def test_datum_of_the_closed_list_is_changed_with_its_trace(season: Database, season_site: Flask):
    ids = crowd.walk(season, crowd.SUBMITTED)
    key, manager = instance_of(season, ids["li"]), enter(season_site, "manager")
    page, form = f"/instances/{key}?tab=data", f"/instances/{key}/data/mobile"
    assert f'{form}"' in manager.get(page).text
    wrong = sent(manager, form, value="12345")
    assert (wrong.status_code, "手机号码有误" in wrong.text, 'value="12345"' in wrong.text) == (422, True, True)
    assert sent(manager, form, value="13900000001").status_code == 302
    with season.reading() as session:
        declaration = session.get_one(Declaration, ids["li"])
        assert declarations.record_of(declaration)["mobile"] == "13900000001"
        said = session.scalars(select(Event).where(Event.kind == "datum_changed")).one().said
    assert (said["datum"], said["to"], said["reason"]) == ("手机号码", "139****0001", "核实情况")
    assert "13900000001" not in manager.get(page).text + manager.get(form).text
    assert sent(manager, form, value="13900000001").status_code == 422  # the same again
    assert manager.get(f"/instances/{key}/data/id_number").status_code == 404


def test_what_was_publicised_is_not_changed_by_hand(season: Database, season_site: Flask):
    ids = crowd.walk(season, crowd.PUBLICISED)
    key, manager = instance_of(season, ids["zhang"]), enter(season_site, "manager")
    assert "此项已经公示，不能直接更改" in manager.get(f"/instances/{key}?tab=data").text
    refused = manager.post(f"/instances/{key}/data/unit_and_post", data={"value": "某单位", "reason": "更正"})
    assert (refused.status_code, "由审核机构退回补正" in refused.text) == (422, True)


def test_diagram_carries_due_times_and_leads_into_what_it_calls(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PUBLICISED)
    manager = enter(season_site, "manager")
    page = manager.get("/instances/4").text
    assert ('"dues": {' in page, '<th scope="col">期限</th>' in page) == (True, True)
    assert "#diagram" in manager.get("/instances/1?path=").text


def test_office_acts_where_its_notice_says_so(season: Database, season_site: Flask, monkeypatch: Any):
    ids = crowd.walk(season, crowd.ACCEPTED)
    key, office = instance_of(season, ids["zhang"]), enter(season_site, "committee")
    assert (office.get(f"/instances/{key}").status_code, office.get(f"/instances/{key}/suspend").status_code) == (
        200,
        403,
    )
    silent = parameters.lookup

    def ruled(session: Any, version: int, name: str, committee: int | None = None) -> Any:
        if name != "office_actions":
            return silent(session, version, name, committee)
        return parameters.Parameter(name, ["suspend"], None, None, "decided", "", "")

    monkeypatch.setattr(parameters, "lookup", ruled)
    assert sent(office, f"/instances/{key}/suspend").status_code == 302
    assert office.get(f"/instances/{key}/terminate").status_code == 403
    with season.reading() as session:
        assert session.get_one(ProcessInstance, key).status == "suspended"


def test_nobody_steps_into_a_case_of_his_own(season: Database, season_site: Flask):
    ids = crowd.walk(season, crowd.SUBMITTED)
    key, manager = instance_of(season, ids["li"]), enter(season_site, "manager")
    with season.transaction() as session:
        himself = people.by_account(session, "manager")
        assert himself is not None
        session.execute(update(Declaration).where(Declaration.id == ids["li"]).values(person_id=himself.id))
    refused = manager.get(f"/instances/{key}/suspend")
    assert (refused.status_code, "涉及您本人的申报，请由其他管理人员办理" in refused.text) == (403, True)
    assert manager.post(f"/instances/{key}/terminate", data={"reason": "核实情况"}).status_code == 403
    batch = manager.post("/batch-actions", data={"action": "suspend", "instance": str(key)})
    assert "涉及发起人本人的申报，请由其他管理人员办理" in manager.get(batch.location).text
