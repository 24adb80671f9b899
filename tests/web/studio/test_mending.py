"""A fault in a published diagram, from the applicant it stops to the case that goes on by the mended version."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.config import ROOT
from app.domain import notices
from app.domain.packages import read
from app.models.declaration import Declaration
from app.models.process import Event, Incident, ProcessInstance, Task
from app.processes.tick import tick
from tests.support.mending import FAILS, WORKS, publish_broken, submit
from tests.support.walk import N2
from tests.support.website import enter
from tests.web.studio.test_workspace import sqlite_only


def mend(designer: FlaskClient, broken: int) -> None:
    """The designer begins a draft of the same notice, puts the script right and publishes."""
    package = read(ROOT / "notices" / N2, ROOT)
    said = {"key": N2, "title": package.title, "number": package.number, "issuer": package.issuer, "year": "2023"}
    said |= {"in_force_from": package.in_force_from.isoformat(), "parent": "n1_2022_general"}
    form = designer.get(f"/studio/new?base=version:{broken}&same=1").text
    assert all(f'value="{each}"' in form for each in (N2, package.number))
    draft = designer.post("/studio/new", data={**said, "base": f"version:{broken}"}).headers["Location"]
    path = f"{draft}/content/diagrams/declaration.bpmn"
    found = designer.get(path).json
    assert found is not None
    mended = {"content": found["content"].replace(FAILS, WORKS), "revision": found["revision"]}
    assert designer.put(path, json=mended).status_code == 200
    published = designer.post(f"{draft}/publish", data={"note": "修复提交登记的脚本", "effective_on": ""})
    assert published.status_code == 302, re.findall(r'"alert[^>]*>(.*?)</div>', published.text, re.S)


def act(manager: FlaskClient, action: str, reason: str = "") -> str:
    """A batch action on whatever has the cause of the first incident; gives its page afterwards."""
    batch = manager.post("/batch-actions", data={"action": action, "like": "1"}).headers["Location"]
    assert "将对<strong>1</strong>件" in manager.get(batch).text
    assert manager.post(f"{batch}/start", data={"reason": reason}).status_code == 302
    tick(manager.application.extensions["database"])
    return manager.get(batch).text


@sqlite_only
def test_mended_migrated_and_retried(season_site: Flask) -> None:
    database = season_site.extensions["database"]
    with database.transaction() as session:
        broken = publish_broken(session)
    declaration = submit(database)
    manager, designer = enter(season_site, "manager"), enter(season_site, "designer")
    page = manager.get("/incidents/1").text
    assert "share = 12 // 0" in page
    assert "修改流程图后须发布新版本" in page
    assert "新建草稿" not in page  # he designs nothing
    assert "未办成 1" in act(manager, "retry")

    mend(designer, broken)
    page = manager.get("/incidents/1").text
    assert "在办的仍按第2版办理，不会自动改变" in page
    assert "已有第3版" in manager.get("/incidents").text
    assert "未办成 1" in act(manager, "retry")  # it is still on the version that fails
    assert "已执行 1" in act(manager, "migrate", "修复提交登记")
    assert "已发布第" not in manager.get("/incidents/1").text
    assert "已执行 1" in act(manager, "retry")

    with database.reading() as session:
        found = session.get_one(Declaration, declaration)
        instance = session.get_one(ProcessInstance, found.instance_id)
        assert instance.notice_version_id == notices.latest(session, N2).id
        assert session.scalars(select(Task.element_id).where(Task.status == "open")).all() == ["unit_check"]
        assert (session.get_one(Incident, 1).status, session.get_one(Incident, 1).attempts) == ("solved", 3)
        told = session.scalars(select(Event.kind).where(Event.instance_id == instance.id).order_by(Event.id)).all()
        assert [each for each in told if each in ("migrated", "batched", "retried")] == [
            *("migrated", "batched", "retried", "batched")
        ]
    assert manager.get("/incidents/1").status_code == 404
