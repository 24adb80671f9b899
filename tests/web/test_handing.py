"""转办、委派 from the browser's side: the dialogs under 更多, what they refuse, who reads what of it."""

import re

from flask import Flask
from sqlalchemy import select

from app.domain import organisations, people
from app.models.process import Task
from app.models.request import TaskRequest
from tests.support import walk
from tests.support.website import enter


def choices(page: str, verb: str) -> dict[str, str]:
    """Whom the dialog of a verb offers: words → value."""
    dialog = re.search(rf'<dialog id="{verb}-dialog".*?</dialog>', page, re.S)
    return {words: value for value, words in re.findall(r'<option value="(\d+)">([^<]+)<', dialog[0])} if dialog else {}


def test_clerk_has_an_opinion_asked_for_and_decides_himself(season_site: Flask) -> None:
    database = season_site.extensions["database"]
    about = walk.play(database, walk.SUBMIT)
    with database.transaction() as session:
        body = organisations.by_key(session, "cq_data_institute").id
        people.grant(session, people.register(session, "second.clerk", "周同事").id, "unit_clerk", body)
        task = session.scalars(select(Task).where(Task.element_id == "unit_check", Task.status == "open")).one()
    clerk, head, applicant = (enter(season_site, who) for who in ("clerk.institute", "head.institute", "zhang.lin"))
    page = clerk.get(f"/tasks/{task.id}").text
    assert list(choices(page, "transfer")) == ["周同事（单位职称管理员）"]
    offered = choices(page, "delegate")
    assert list(offered) == ["周同事（单位职称管理员）", "贺兰山（单位负责人）"]
    to = offered["贺兰山（单位负责人）"]
    refused = clerk.post(f"/tasks/{task.id}/delegate", data={"to": to, "reason": " "})
    assert refused.status_code == 422
    assert re.search(r'id="delegate-dialog"[^>]* data-open', refused.text)
    assert f'value="{to}" selected' in refused.text
    assert clerk.post(f"/tasks/{task.id}/delegate", data={"to": to, "reason": "请核对业绩"}).status_code == 302

    assert "委派自白若溪" in head.get("/tasks").text
    page = head.get(f"/tasks/{task.id}").text
    assert "请答复白若溪的委派" in page
    waiting = clerk.get(f"/tasks/{task.id}").text
    assert "贺兰山" in waiting
    assert "收回" in waiting
    assert "data-decision-bar" not in waiting
    assert "委派" not in applicant.get(f"/declarations/{about}").text
    assert clerk.post(f"/tasks/{task.id}/answer", data={"opinion": "x"}).status_code == 403
    assert head.post(f"/tasks/{task.id}/answer", data={"opinion": ""}).status_code == 422
    assert head.post(f"/tasks/{task.id}/answer", data={"opinion": "业绩属实"}).status_code == 302
    page = clerk.get(f"/tasks/{task.id}").text
    assert "答复：<span data-own-words>业绩属实</span>" in page
    with database.reading() as session:
        [asked] = session.scalars(select(TaskRequest)).all()
    assert clerk.post(f"/asked/{asked.id}/withdraw").status_code == 409
    stranger = enter(season_site, "clerk.firm")
    assert stranger.post(f"/tasks/{task.id}/transfer", data={"to": to, "reason": "x"}).status_code == 403
    history = enter(season_site, "manager").get(f"/instances/{task.instance_id}?tab=timeline").text
    assert "委派：单位审核，贺兰山" in history


def test_copies_say_who_has_read_and_a_signer_can_be_taken_back(season_site: Flask) -> None:
    database = season_site.extensions["database"]
    walk.play(database, walk.SUBMIT)
    with database.reading() as session:
        task = session.scalars(select(Task).where(Task.element_id == "unit_check", Task.status == "open")).one()
    clerk, head = enter(season_site, "clerk.institute"), enter(season_site, "head.institute")
    page = clerk.get(f"/tasks/{task.id}").text
    assert "贺兰山（单位负责人）" in page
    [to] = choices(page, "delegate").values()
    assert clerk.post(f"/tasks/{task.id}/copy", data={"to": [to], "reason": "请知悉"}).status_code == 302
    assert "贺兰山（未读）" in clerk.get(f"/tasks/{task.id}").text
    listed = head.get("/tasks/copies").text
    assert "请知悉" in listed
    assert "未读" in listed
    assert head.get(f"/tasks/{task.id}").status_code == 200
    assert "贺兰山（已读" in clerk.get(f"/tasks/{task.id}").text
    assert "已读" in head.get("/tasks/copies").text

    signing = {"to": [to, ""], "reason": "请把关", "when": "after"}
    assert clerk.post(f"/tasks/{task.id}/sign", data=signing).headers["Location"].startswith(f"/tasks/{task.id}")
    assert "减签" in clerk.get(f"/tasks/{task.id}").text
