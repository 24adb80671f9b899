"""批量办理 and 批量退回 from 待办: what one decision does, what is left out and why, and what moved meanwhile."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db import Database
from app.domain import people
from app.models.process import Task
from tests.support import crowd, walk
from tests.support.website import enter
from tests.web.test_checking import SIGNED, mark, outcomes, plain, run, statuses, tasks
from tests.web.test_returns import AT_DEPARTMENT, open_task

CHOICES = "/bulk/choices"
pytestmark = pytest.mark.parametrize("season", ["sqlite"], indirect=True)


def chosen(client: FlaskClient, act: str, ids: list[int], query: str = "") -> str:
    answer = client.post(f"{CHOICES}?{query}", data={"act": act, "task": ids})
    return plain(client.get(answer.location).text)


def plan(client: FlaskClient, act: str, ids: list[int], way: str, **said: str):  # type: ignore[no-untyped-def]
    return client.post("/bulk/plan", data={"act": act, "task": ids, "way": way, **said})


def test_ticked_and_found_ones_are_decided_each_by_its_own_form(season: Database, season_site: Flask) -> None:
    crowd.walk(season, crowd.SUBMITTED)
    first, second, third = tasks(season)
    client, other = enter(season_site, "clerk.institute"), enter(season_site, "clerk.institute")
    for task in (first, second):
        mark(client, task, "met")
    page = chosen(client, "all-decide", [], "stage=单位审核")
    assert "审核通过（3件有此决定）" in page
    assert "不予推荐" not in page
    assert "所选3件，其中3件现在由您办理" in page
    nothing = plan(client, "decide", [third], "by:审核通过", signed_by="白若溪")
    assert nothing.status_code == 422
    assert "所选的事项都不能这样一并办理。须逐件办理：请就审核要点" in plain(nothing.text)
    assert plan(client, "decide", [first], "").status_code == 422
    key = {"request_key": "once", "reason": "同意推荐", "signed_by": "白若溪"}
    planned = plan(client, "decide", [first, second, third, 99999999], "by:审核通过", **key).location
    again = plan(client, "decide", [first, second, third, 99999999], "by:审核通过", **key)
    assert again.location == planned
    before = plain(client.get(planned).text)
    assert "将办理2件事项，跳过1件。" in before
    assert "须逐件办理：请就审核要点" in before
    with season.reading() as session:
        values = session.get_one(Task, second).draft
    assert other.post(f"/tasks/{second}/complete", json={"values": {**values, **SIGNED}}).status_code == 200
    run(client, planned)
    found = outcomes(season)
    assert [outcome for outcome, _ in found] == ["done", "skipped", "skipped"]
    assert "已由白若溪于2023年" in (found[1][1] or "")
    assert statuses(season) == ["UNIT_CHECKED", "UNIT_CHECKED", "SUBMITTED"]
    assert "已由白若溪于2023年" in chosen(client, "decide", [second, third])


def test_they_are_returned_by_their_forms_or_to_a_step(season: Database, season_site: Flask) -> None:
    crowd.walk(season, crowd.SUBMITTED)
    first, second, third = tasks(season)
    client = enter(season_site, "clerk.institute")
    page = chosen(client, "return", [first, second, third])
    assert "退回补充完善（3件有此决定）" in page
    half = plan(client, "return", [first], "by:退回补充完善", **{"target-0": "学历", "days": "3"})
    assert half.status_code == 422
    assert 'value="学历"' in half.text
    said = {"target-0": "学历", "text-0": "请{申报人}补传", "days": "3"}
    planned = plan(client, "return", [first, second], "by:退回补充完善", **said).location
    with season.transaction() as session:
        somebody = people.by_account(session, "head.institute")
        assert somebody is not None
        session.get_one(Task, second).person_id = somebody.id
    assert "学历：请张林补传期限3个工作日" in plain(client.get(planned).text)
    run(client, planned)
    assert statuses(season) == ["UNIT_RETURNED", "SUBMITTED", "SUBMITTED"]
    assert outcomes(season)[1] == ("skipped", "列入名单后已由贺兰山认领或者转由其办理。")


def test_department_returns_to_the_applicant_in_one_go(season: Database, season_site: Flask) -> None:
    walk.play(season, AT_DEPARTMENT)
    task, department = open_task(season_site, "dept_check"), enter(season_site, "dept.city")
    page = chosen(department, "return", [task.id])
    assert "退回至申报人（1件有此环节）" in page
    assert "退回至上一环节（1件有此环节）" in page
    assert "请填写退回原因" in plan(department, "return", [task.id], "to:applicant", reason=" ").text
    planned = plan(department, "return", [task.id], "to:applicant", reason="请核对论文", straight="1").location
    assert "退回至填写申请书请核对论文" in plain(department.get(planned).text)
    run(department, planned)
    assert outcomes(season) == [("done", None)]
    assert "请核对论文" in enter(season_site, "zhang.lin").get(f"/tasks/{open_task(season_site, 'fill_form').id}").text
    assert chosen(department, "return", [task.id]).count("已由") == 1
    assert department.get(f"{CHOICES}?act=x&task={'9' * 30}").status_code == 302
    assert plan(department, "return", [], "").status_code == 302
