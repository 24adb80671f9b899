"""专家抽取 in the browser: each step by its holder, names for nobody else, and the expert's own page."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.cli.scenarios import world
from app.cli.scenarios.case import moment
from app.db import Database
from app.domain import committees, messages, notices, review_committees
from app.domain.draws import rounds, stream
from app.domain.reviews import sessions
from app.models.draw import Draw
from app.models.expert import Expert
from app.models.process import Task
from app.processes.tick import tick
from tests.support.website import enter
from tests.web.test_publicity import plain

PAGE = "/draws/1"
SHARES = {"office": "a" * 64, "supervisor": "b" * 64}
RULES: dict[str, Any] = {
    "size": 13,
    "leaders_at_most": 1,
    "per_employer": None,
    "groups": [{"_id": "1", "name": "评审组", "members": 10, "reserves": 3}],
    "exclusions": [],
    "decision": "freeze",
}


@pytest.fixture
def drawing(season: Database) -> Database:
    """A session of the demo's committee that draws its experts."""
    with season.transaction() as session:
        world.freeze(session, moment("2023-11-27 09:00"))
        version = notices.current(session, "n2_2023_bigdata")
        row = committees.of_version(session, version.id)[0]
        registered = review_committees.of_row(session, row)
        assert registered is not None
        about = {"session_id": sessions.create(session, version.id, row, registered).id}
        messages.post_start(session, "expert_draw", notice_version_id=version.id, subject=about)
    tick(season)
    return season


def task(database: Database, element: str) -> int:
    with database.reading() as session:
        wanted = select(Task.id).where(Task.element_id == element, Task.status == "open")
        return session.scalars(wanted.order_by(Task.id)).first() or 0


def draw(database: Database) -> Draw:
    with database.reading() as session:
        return rounds.latest(session, 1)


def complete(client: FlaskClient, number: int, **values: Any) -> tuple[int, str]:
    answer = client.post(f"/tasks/{number}/complete", json={"values": values, "token": None})
    return answer.status_code, json.dumps(answer.get_json(), ensure_ascii=False)


def freeze(client: FlaskClient, database: Database) -> None:
    with database.reading() as session:
        chairs = session.scalars(select(Expert.id).order_by(Expert.id)).all()
    designated = [{"_id": str(chairs[place]), "attend": "yes"} for place in (0, 1, 4)]
    status, said = complete(client, task(database, "draw_rules"), **RULES, designated=designated)
    assert status == 200, said


def hidden(database: Database, party: str) -> str:
    return stream.commitment(draw(database).digest, party, SHARES[party])


def test_two_people_draw_and_only_they_read_who_was_drawn(season_site: Flask, drawing: Database) -> None:
    operator, supervisor = enter(season_site, "draw.operator"), enter(season_site, "discipline")
    freeze(operator, drawing)
    refused = operator.post(f"{PAGE}/draw", data={"share": SHARES["office"], "decision": "draw"})
    assert (refused.status_code, "抽取须有纪检监督人员在场并确认后进行。" in refused.text) == (422, True)

    page = supervisor.get(f"/tasks/{task(drawing, 'witness_draw')}", follow_redirects=True).text
    assert f'data-digest="{draw(drawing).digest}"' in page
    supervisor.post(f"{PAGE}/witness_draw", data={"decision": "witness", "commitment": hidden(drawing, "supervisor")})
    operator.post(f"{PAGE}/commit_draw", data={"commitment": hidden(drawing, "office")})
    wrong = supervisor.post(f"{PAGE}/reveal_draw", data={"decision": "reveal", "share": "c" * 64})
    assert "随机数与事先封存的不一致" in wrong.text
    supervisor.post(f"{PAGE}/reveal_draw", data={"decision": "reveal", "share": SHARES["supervisor"]})
    operator.post(f"{PAGE}/draw", data={"decision": "draw", "share": SHARES["office"]})
    assert "抽取结果" not in plain(operator.get(PAGE).text).replace("启封抽取结果", "")
    assert operator.get(f"{PAGE}/record-1.json").status_code == 403
    supervisor.post(f"{PAGE}/open_sealed")
    supervisor.post(f"{PAGE}/confirm_draw", data={"decision": "confirm"})
    tick(drawing)

    assert "林致远" in operator.get(PAGE).text
    office, manager = enter(season_site, "committee"), enter(season_site, "manager")
    for other in (office, manager):
        page = other.get(PAGE).text
        assert ("名单在会议前保密" in page, "林致远" in page) == (True, False)
        assert other.get(f"{PAGE}/record-1.json").status_code == 403
    assert json.loads(supervisor.get(f"{PAGE}/record-1.json").text)["seed"] == draw(drawing).seed
    assert "第1轮" in operator.get("/draws").text


def test_an_expert_answers_on_a_page_that_nobody_else_opens(season_site: Flask, drawing: Database) -> None:
    test_two_people_draw_and_only_they_read_who_was_drawn(season_site, drawing)
    number = task(drawing, "expert_reply")  # the chair's, who is asked first
    assert [enter(season_site, who).get(f"/tasks/{number}").status_code for who in ("manager", "member")] == [403, 403]
    with drawing.reading() as session:
        instance = session.get_one(Task, number).instance_id
    assert enter(season_site, "manager").get(f"/instances/{instance}").status_code in (403, 404)
    chair = enter(season_site, "chair")

    page = chair.get(f"/tasks/{number}").text
    assert re.search("参评确认", page)
    assert "放回" not in page
    assert chair.post(f"/tasks/{number}/unclaim").status_code == 403
    status, said = complete(chair, number, decision="decline")
    assert (status, "不能参评的原因" in said) == (422, True)
    status, said = complete(chair, number, decision="accept", secrecy=True)
    assert status == 200, said
    assert "同意参评" in enter(season_site, "draw.operator").get(PAGE).text


def test_strangers_find_no_draw(season_site: Flask, drawing: Database) -> None:
    clerk = enter(season_site, "clerk.institute")

    assert (clerk.get("/draws").status_code, clerk.get(PAGE).status_code) == (403, 404)
    assert clerk.post(f"{PAGE}/witness_draw").status_code == 404
