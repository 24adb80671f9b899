"""The studio's workspace: what exists, a draft of last year's notice, its files, shared and its own."""

from time import perf_counter

import pytest
from flask import Flask

from tests.support.website import enter
from tests.web.studio.conftest import Studio, heading

JSON = {"Accept": "application/json"}
DIAGRAM = "/files/diagrams/payment.bpmn"
sqlite_only = pytest.mark.parametrize("season", ["sqlite"], indirect=True)


@sqlite_only
def test_a_designer_clones_last_years_notice_and_finds_everything_in_it(season_site: Flask, version: int) -> None:
    client = enter(season_site, "designer")
    page = client.get("/studio").text
    assert "通知与流程设计" in page
    assert f"base=version:{version}" in page
    form = client.get(f"/studio/new?base=version:{version}").text
    assert 'value="关于开展2024年重庆市工程技术大数据智能化专业职称申报评审工作的通知"' in form
    assert 'value="n2_2024_bigdata"' in form
    refused = client.post("/studio/new", data=heading(version, key="N 2", number=""))
    assert refused.status_code == 422
    assert "代号用小写英文字母" in refused.text
    assert "请填写文号" in refused.text
    made = client.post("/studio/new", data=heading(version))
    page = client.get(made.location).text
    for tab in ("概览", "流程图", "决策表", "表单", "参数", "评委会与时间", "文字", "条款", "情景"):
        assert tab in page
    forms = client.get(f"{made.location}/list/forms").text
    assert "申报表" in forms or "declaration.json" in forms
    assert "共用" in forms
    assert "2024年大数据职称申报评审工作的通知" in client.get("/studio").text
    empty = client.post("/studio/new", data=heading(version, base="", key="fresh_2024"))
    assert client.get(empty.location).status_code == 200


@sqlite_only
def test_two_designers_save_one_file_and_neither_loses_anything(studio: Studio) -> None:
    other = enter(studio.app, "admin")
    path = studio.url("/content/diagrams/payment.bpmn")
    shared = studio.client.get(path).json
    assert (shared["revision"], shared["inherited"]) == (0, True)
    mine = shared["content"].replace("缴费", "缴纳评审费")
    saved = studio.client.put(path, json={"content": mine, "revision": 0, "reason": "改名称"})
    assert (saved.status_code, saved.json["revision"]) == (200, 1)
    late = other.put(path, json={"content": "<theirs/>", "revision": 0})
    assert late.status_code == 409
    assert late.json["content"] == mine
    assert (late.json["revision"], late.json["by"]) == (1, "杜思齐")
    assert "刚刚由杜思齐保存过" in late.json["problem"]["message"]
    assert other.put(path, json={"content": shared["content"], "revision": 1}).json["revision"] == 2
    assert studio.client.put(path, json={"content": 1}).status_code == 422
    listed = studio.client.get(studio.url("/list/diagrams")).text
    assert "本通知自有" in listed
    assert "恢复为共用" in studio.client.get(studio.url(DIAGRAM)).text
    assert studio.client.post(studio.url("/give-up/diagrams/payment.bpmn"), data={"revision": "2"}).status_code == 302
    assert studio.client.get(path).json["inherited"] is True
    here = studio.client.post(studio.url("/presence"), json={"path": "diagrams/payment.bpmn"}).json
    assert here == {"others": []}
    seen = other.post(studio.url("/presence"), json={"path": ""}).json["others"]
    assert [(each["name"], each["path"]) for each in seen] == [("杜思齐", "diagrams/payment.bpmn")]


@sqlite_only
def test_unsaved_content_is_checked_amid_the_whole_draft(studio: Studio) -> None:
    def lint(path: str, content: str) -> list[dict[str, object]]:
        began = perf_counter()
        answer = studio.client.post(studio.url("/lint"), json={"path": path, "content": content})
        assert (answer.status_code, perf_counter() - began < 5) == (200, True)
        found: list[dict[str, object]] = answer.json["findings"]
        return found

    xml = studio.client.get(studio.url("/content/diagrams/payment.bpmn")).json["content"]
    assert lint("diagrams/payment.bpmn", xml) == []
    (finding,) = [
        each for each in lint("diagrams/payment.bpmn", xml.replace('value="payment"', 'value="no_such_form"', 1))
        if each["code"] == "unknown_form"
    ]  # fmt: skip
    assert finding["level"] == "error"
    assert finding["element"]
    assert "no_such_form" in str(finding["message"])
    for broken in ("", "<", "<a/>", "\x00", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'):
        assert lint("diagrams/payment.bpmn", broken)[0]["level"] == "error"
        assert lint("decisions/insurance.dmn", broken)
    assert lint("forms/unit_check.json", "{")[0]["code"] == "json"
    assert lint("forms/unit_check.json", '{"components": [{"type": "filepicker", "key": "a"}]}')
    assert lint("forms/unit_check.json", '{"components": [1]}')
    assert "不认识的参数" in str(lint("parameters.yaml", "nonsense: {value: 1}")[0]["message"])
    assert lint("clauses.yaml", "三: {heading: 时间, where: [0, 9999999]}")[0]["level"] == "error"
    assert [each for each in lint("lanes.yaml", "") if each["level"] == "error"] == []
    assert lint("committee_parameters.yaml", "") == lint("lanes.yaml", "")
    words = studio.client.get(studio.url("/vocabulary")).json
    assert {"name": "payment", "id": "payment"}.keys() <= words["processes"][0].keys()
    assert "unit_publicity" in words["deadline_keys"]
    five = next(each for each in words["parameters"] if each["key"] == "unit_publicity_wd")
    assert (five["value"], five["unit"], five["clause"]) == (5, "工作日", "N2 §四(二)3(1)")
    assert {"code": "unit_clerk", "label": "单位职称管理员"} in words["roles"]
    asked = next(each for each in words["decisions"] if each["id"] == "insurance")
    assert (asked["inputs"][0], asked["outputs"]) == ("category", ["record", "months", "rule", "clause"])
    assert any(each["name"] == "parameter" or each["signature"] for each in words["functions"])
    called = next(each for each in words["forms"] if each["key"] == "dept_check")  # its task is in another process
    assert (called["title"], called["decisions"][0]) == ("主管部门审核推荐", {"value": "pass", "label": "审核通过"})
    decision = next(each for each in words["variables"] if each["name"] == "decision")
    assert {"value": "accept", "label": "受理"} in decision["values"]


@sqlite_only
def test_a_new_file_is_sound_or_a_copy_and_has_its_editor(studio: Studio) -> None:
    def create(kind: str, name: str, like: str = "") -> int:
        said = {"kind": kind, "name": name, "like": like}
        return studio.client.post(studio.url("/files"), data=said).status_code

    for kind, ending in (("diagrams", "bpmn"), ("decisions", "dmn"), ("forms", "json")):
        assert create(kind, "fresh_one") == 302
        path = f"{kind}/fresh_one.{ending}"
        content = studio.client.get(studio.url(f"/content/{path}")).json["content"]
        found = studio.client.post(studio.url("/lint"), json={"path": path, "content": content}).json["findings"]
        assert [each for each in found if each["level"] == "error"] == [], path
    assert create("forms", "dept_second", like="forms/dept_check.json") == 302
    assert '"dept_second"' in studio.client.get(studio.url("/content/forms/dept_second.json")).json["content"]
    assert create("forms", "dept_second") == 422
    assert create("forms", "../x") == 422
    page = studio.client.get(studio.url("/files/forms/dept_second.json")).text
    assert 'data-island="studio-form"' in page
    assert '<script type="application/json" id="studio-file">' in page
    assert 'data-island="source"' in studio.client.get(studio.url("/files/forms/dept_second.json?view=source")).text
    assert 'data-island="source"' in studio.client.get(studio.url("/files/clauses.yaml")).text
    assert studio.client.get(studio.url("/files/forms/no_such.json"), headers=JSON).status_code == 404
    assert studio.client.get(studio.url("/content/diagrams/%2e%2e/x.bpmn"), headers=JSON).status_code in (404, 422)
    taken = studio.client.get(studio.url("/export/forms/dept_second.json"))
    assert taken.headers["Content-Disposition"] == 'attachment; filename="dept_second.json"'
    assert studio.client.post(studio.url("/discard")).status_code == 302
    assert studio.client.get(studio.url(), headers=JSON).status_code == 404


@sqlite_only
def test_nobody_else_gets_in(studio: Studio) -> None:
    clerk = enter(studio.app, "clerk.institute")
    for address in ("/studio", "/studio/new", studio.url(), studio.url(DIAGRAM), studio.url("/vocabulary")):
        assert clerk.get(address, headers=JSON).status_code == 403, address
    assert clerk.put(studio.url("/content/notice.yaml"), json={"content": "", "revision": 1}).status_code == 403
