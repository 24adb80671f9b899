"""The workspace of a correction: the applicant's list item by item, then what the office sees of his answers."""

from flask import Flask
from sqlalchemy import select

from app.models.office import CorrectionNotice
from app.models.process import Task
from tests.support import walk
from tests.support.website import enter, statements

ITEMS = [
    {"_id": "1", "target": "学历学位情况", "text": "毕业证书扫描件不清晰"},
    {"_id": "2", "target": "委托说明", "text": "请说明委托情况"},
]
ASKED = [
    {"play": "climb_to_recommended", "with": {"start": "2023-10-10", "close": "2023-10-17"}},
    {"complete": "dept_check", "with": {"decision": "pass"}},
    {"at": "2023-11-06 10:00"},
    {
        "complete": "committee_accept",
        "with": {"decision": "correct", "correction_days": 5, "correction_items": ITEMS},
    },
]


def open_task(app: Flask, element: str) -> int:
    with app.extensions["database"].reading() as session:
        return session.scalars(select(Task.id).where(Task.element_id == element, Task.status == "open")).one()


def test_applicant_answers_the_listed_items_beside_what_was_publicised(season_site: Flask) -> None:
    walk.play(season_site.extensions["database"], ASKED)
    task, applicant = open_task(season_site, "correction"), enter(season_site, "zhang.lin")
    page = applicant.get(f"/tasks/{task}").text
    assert "0 / 2 已答复" in page
    assert "尚未答复：第1、2项" in page
    assert "未经公示的材料不得补报" in page
    assert "公示的内容" in page
    rows = [{**item, "reply": "已重新扫描" if item["_id"] == "1" else None, "evidence": []} for item in ITEMS]
    saved = applicant.post(f"/tasks/{task}/draft", json={"values": {"correction_items": rows}, "token": None})
    assert saved.status_code == 200
    page = applicant.get(f"/tasks/{task}").text
    assert "1 / 2 已答复" in page
    assert "尚未答复：第2项" in page
    rows[1]["reply"] = "由上级主管部门委托"
    values = {"correction_items": rows, "decision": "submit"}
    assert applicant.post(f"/tasks/{task}/complete", json={"values": values}).status_code == 200
    unit = enter(season_site, "clerk.institute").get(f"/tasks/{open_task(season_site, 'correction_countersign')}").text
    assert "2 / 2 已答复" in unit
    assert "由上级主管部门委托" in unit


def test_unit_sees_before_and_after_of_what_it_asked_to_complete(season_site: Flask) -> None:
    asked = {
        "decision": "return",
        "return_days": 3,
        "return_items": [{"target": "继续教育学时（分）", "text": "学时有误"}],
    }
    walk.play(season_site.extensions["database"], [*walk.SUBMIT, {"complete": "unit_check", "with": asked}])
    task, applicant = open_task(season_site, "completion"), enter(season_site, "zhang.lin")
    page = applicant.get(f"/tasks/{task}").text
    assert "0 / 1 已修改" in page
    assert "本件尚未公示，所列内容可以补充" in page


def test_workspace_costs_the_same_for_many_items(season_site: Flask) -> None:
    database = season_site.extensions["database"]
    walk.play(database, ASKED)
    applicant, task = enter(season_site, "zhang.lin"), open_task(season_site, "correction")

    def cost() -> int:
        with statements(database) as sent:
            assert applicant.get(f"/tasks/{task}").status_code == 200
        return len(sent)

    cost()
    few = cost()
    with database.transaction() as session:
        notice = session.scalars(select(CorrectionNotice)).one()
        notice.items = [{**item, "_id": f"{n}-{item['_id']}"} for n in range(4) for item in notice.items]
    assert cost() == few
