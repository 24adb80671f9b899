"""请假代办: named by oneself, seen in the deputy's list and on the task, written on what he does."""

import re

from flask import Flask
from sqlalchemy import select

from app.models.people import RoleGrant
from app.models.process import Task
from tests.support import walk
from tests.support.website import enter

TERM = {"from_on": "2023-10-09", "to_on": "2023-10-13", "reason": "休假"}


def option(page: str, select_id: str, words: str) -> str:
    assert f'id="{select_id}"' in page, page[-3000:]
    inside = page[page.index(f'id="{select_id}"') :]
    found = re.search(rf'<option value="(\d+)"[^>]*>{words}', inside[: inside.index("</select>")])
    assert found is not None
    return found[1]


def test_deputy_acts_under_the_name_of_the_absent(season_site: Flask) -> None:
    walk.play(season_site.extensions["database"], walk.SUBMIT)
    clerk = enter(season_site, "clerk.institute")
    page = clerk.get("/profile/substitutes").text
    chosen = {
        "grant_id": option(page, "grant_id", "山城数智研究院"),
        "substitute_id": option(page, "substitute_id", "贺兰山"),
    }
    assert "请填写代办的起止日期" in clerk.post("/profile/substitutes", data={**chosen, "reason": "休假"}).text
    assert clerk.post("/profile/substitutes", data={**chosen, **TERM}).status_code == 302
    assert "不能再委托他人" in clerk.post("/profile/substitutes", data={**chosen, **TERM}).text
    deputy = enter(season_site, "head.institute")
    assert "代白若溪办理" in deputy.get("/tasks").text
    with season_site.extensions["database"].reading() as session:
        task = session.scalars(select(Task).where(Task.element_id == "unit_check")).one()
    assert "办理记录注明由您代白若溪办理" in deputy.get(f"/tasks/{task.id}").text
    assert "代白若溪办理" not in clerk.get("/tasks").text


def test_only_ones_own_posts_and_colleagues(season_site: Flask) -> None:
    with season_site.extensions["database"].reading() as session:
        other = session.scalars(select(RoleGrant.id).where(RoleGrant.role == "finance")).first()
    clerk = enter(season_site, "clerk.institute")
    said = {"grant_id": str(other), "substitute_id": "1", **TERM}
    assert clerk.post("/profile/substitutes", data=said).status_code == 403
    page = clerk.get("/profile/substitutes").text
    own = option(page, "grant_id", "山城数智研究院")
    answer = clerk.post("/profile/substitutes", data={**TERM, "grant_id": own, "substitute_id": "1"})
    assert answer.status_code == 422
    assert "请从本机构人员中选择代办人" in answer.text
