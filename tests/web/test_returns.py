"""退回 and 撤回 from the browser's side: the dialog, what it refuses, who is shown what."""

import re

from flask import Flask
from sqlalchemy import select

from app.models.process import Task
from tests.support import walk
from tests.support.website import enter

AT_DEPARTMENT = [{"play": "climb_to_recommended", "with": {"start": "2023-10-10", "close": "2023-10-17"}}]


def open_task(app: Flask, element: str) -> Task:
    with app.extensions["database"].reading() as session:
        return session.scalars(select(Task).where(Task.element_id == element, Task.status == "open")).one()


def choices(page: str) -> dict[str, str]:
    """What the dialog offers: words → value."""
    found = re.findall(r'name="to" value="(\d+)".*?form-check-label">([^<]+)<', page, re.S)
    return {words: value for value, words in found}


def test_department_returns_and_the_applicant_reads_why(season_site: Flask) -> None:
    about = walk.play(season_site.extensions["database"], AT_DEPARTMENT)
    task, department = open_task(season_site, "dept_check"), enter(season_site, "dept.city")
    offered = choices(department.get(f"/tasks/{task.id}").text)
    assert list(offered) == ["退回上一环节：单位审核", "退回申报人：填写申请书"]
    to = offered["退回申报人：填写申请书"]
    refused = department.post(f"/tasks/{task.id}/return", data={"to": to, "reason": " ", "straight": "no"})
    assert refused.status_code == 422
    assert "请填写退回原因" in refused.text
    assert f'value="{to}" required checked' in refused.text
    done = department.post(f"/tasks/{task.id}/return", data={"to": to, "reason": "请核对论文", "straight": "yes"})
    assert done.status_code == 302
    applicant = enter(season_site, "zhang.lin")
    assert "退回：请核对论文。请修改后重新提交" in applicant.get(f"/declarations/{about}").text
    page = applicant.get(f"/tasks/{open_task(season_site, 'fill_form').id}").text
    assert "退回原因" in page
    assert "办理后直接回到退回人" in page
    assert "主管部门审核推荐：退回" in department.get(f"/tasks/{task.id}").text
    assert (
        "由“主管部门审核推荐”退回到“填写申请书”"
        in enter(season_site, "manager").get(f"/instances/{task.instance_id}?tab=timeline").text
    )


def test_return_of_a_stranger_is_refused(season_site: Flask) -> None:
    walk.play(season_site.extensions["database"], AT_DEPARTMENT)
    task = open_task(season_site, "dept_check")
    stranger = enter(season_site, "clerk.institute")
    assert stranger.post(f"/tasks/{task.id}/return", data={"to": "1", "reason": "不行"}).status_code == 403
    assert open_task(season_site, "dept_check").id == task.id


def test_applicant_takes_his_submission_back_until_the_unit_begins(season_site: Flask) -> None:
    about = walk.play(season_site.extensions["database"], walk.SUBMIT)
    applicant, unit = enter(season_site, "zhang.lin"), enter(season_site, "clerk.institute")
    page = applicant.get(f"/declarations/{about}").text
    assert "撤回提交" in page
    assert "撤回申报" in page
    action = re.search(r'action="(/tasks/\d+/take-back)"', page)
    assert action is not None
    assert unit.post(action[1]).status_code == 403
    assert applicant.post(action[1]).headers["Location"] == f"/tasks/{open_task(season_site, 'fill_form').id}"
    assert "撤回提交" not in applicant.get(f"/declarations/{about}").text
    assert "撤回：填写申请书" in applicant.get(f"/tasks/{open_task(season_site, 'fill_form').id}").text


def test_take_back_button_goes_when_the_next_holder_has_claimed(season_site: Flask) -> None:
    about = walk.play(season_site.extensions["database"], [*walk.SUBMIT, {"claim": "unit_check"}])
    page = enter(season_site, "zhang.lin").get(f"/declarations/{about}").text
    assert "撤回提交" not in page
    assert "撤回申报" in page
