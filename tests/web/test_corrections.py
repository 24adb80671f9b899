"""The workspace of a correction: the applicant's list item by item, then what the office sees of his answers."""

import json

from flask import Flask
from sqlalchemy import select

from app.models.declaration import Declaration
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


ROW = {"_id": "1", "target": "学历学位情况第1行", "text": "毕业学校与证书不一致"}
ASKED_FOR_A_ROW = [
    *ASKED[:3],
    {"complete": "committee_accept", "with": {"decision": "correct", "correction_days": 5, "correction_items": [ROW]}},
]


def record(app: Flask) -> dict[str, object]:
    with app.extensions["database"].reading() as session:
        return session.scalars(select(Declaration)).one().data


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


def test_a_listed_row_opens_and_nothing_beside_it(season_site: Flask) -> None:
    walk.play(season_site.extensions["database"], ASKED_FOR_A_ROW)
    before, task, applicant = record(season_site), open_task(season_site, "correction"), enter(season_site, "zhang.lin")
    row, *others = before["education"]  # type: ignore[misc]
    reply = [{**ROW, "reply": "按证书更正", "evidence": []}]

    def send(path: str, **values: object):  # type: ignore[no-untyped-def]
        return applicant.post(f"/tasks/{task}/{path}", json={"values": {"correction_items": reply, **values}})

    def refused(**values: object) -> list[str]:
        answer = send("complete", decision="submit", **values)
        assert answer.status_code == 422
        return [problem["message"] for problem in answer.json["problems"]]

    mended = {**row, "school": "虚构理工大学"}
    assert refused(education=[mended, {**row, "_id": "new"}]) == [
        "未经公示的材料：“学历学位情况第2行”未经公示，不得补报。其余补正材料已保存，可继续提交。"
    ]
    more = {**mended, "evidence": [*row["evidence"], *before["achievements"][0]["evidence"]]}  # type: ignore[index]
    assert "未经公示，不得补报" in refused(education=[more])[0]
    assert refused(education=[]) == ["“学历学位情况”不能删除行。"]
    assert "本表单没有“papers”这一项" in refused(papers=[])[0]
    assert "本表单没有“ce_hours”这一项" in refused(ce_hours=999)[0]
    assert send("draft", education=[mended]).status_code == 200
    assert record(season_site) == before
    assert "虚构理工大学" in applicant.get(f"/tasks/{task}").text
    assert send("complete", decision="submit", education=[mended]).status_code == 200
    assert record(season_site) == {**before, "education": [mended, *others]}
    unit = enter(season_site, "clerk.institute").get(f"/tasks/{open_task(season_site, 'correction_countersign')}").text
    assert "原来的内容" in unit
    assert "现在的内容" in unit
    assert "虚构理工大学" in unit
    assert row["school"] in unit


def test_office_chooses_what_to_open_from_the_declaration(season_site: Flask) -> None:
    walk.play(season_site.extensions["database"], ASKED[:3])
    page = enter(season_site, "committee").get(f"/tasks/{open_task(season_site, 'committee_accept')}").text
    context = json.loads(page.split('id="form-context">')[1].partition("</script>")[0])
    assert "学历学位情况第1行" in [each["value"] for each in context["suggestions"]]


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
