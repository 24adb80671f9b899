"""我的业绩库: kept once, picked with its files into a declaration, taken over from the last one; nobody else's."""

import json
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.cli.scenarios import world
from app.cli.scenarios.case import moment
from app.db import Database
from app.domain import declarations
from app.models.attachment import Attachment
from app.models.declaration import Declaration
from app.models.process import Task
from tests.support.walk import SUBMIT, play
from tests.support.website import enter

AWARD: dict[str, Any] = {"_id": "w1", "awarded": "2021-12", "award": "科技进步奖", "evidence": []}


def own_task(season: Database, declaration_id: int) -> int:
    with season.reading() as session:
        return session.scalars(
            select(Task.id).where(Task.declaration_id == declaration_id, Task.element_id == "fill_form")
        ).one()


def values_on(page: str) -> dict[str, Any]:
    found = re.search(r'id="form-values">(.*?)</script>', page, re.S)
    assert found is not None
    return dict(json.loads(found[1]))


def keep(client: FlaskClient, token: str | None = None, **rows: Any) -> Any:
    return client.post("/achievements/draft", json={"values": rows, "token": token})


def test_it_keeps_what_is_filled_in_and_guards_it_against_a_second_window(season_site: Flask):
    client = enter(season_site, "zhang.lin")
    first = keep(client, awards=[AWARD])
    assert first.status_code == 200
    assert keep(client, "another", awards=[]).status_code == 409
    assert values_on(client.get("/achievements").text)["awards"][0]["award"] == "科技进步奖"
    assert keep(client, first.json["token"], unknown=[]).status_code == 422
    assert values_on(enter(season_site, "li.yue").get("/achievements").text) == {}


def test_a_save_without_an_answer_is_repeated_under_its_key(season_site: Flask):
    client, said = enter(season_site, "zhang.lin"), {"values": {"awards": [AWARD]}, "token": None}
    first, second = (client.post("/achievements/draft", json=said, headers={"X-Request-Key": "k1"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json["token"] == first.json["token"]
    assert keep(client, first.json["token"], awards=[]).status_code == 200


def test_it_belongs_to_the_person_and_not_to_an_office(season_site: Flask):
    officer = enter(season_site, "clerk.institute")
    assert officer.get("/achievements").status_code == 403
    assert keep(officer, awards=[AWARD]).status_code == 403


def test_rows_of_the_last_declaration_are_taken_over_once(season: Database, season_site: Flask):
    play(season, SUBMIT)
    client = enter(season_site, "zhang.lin")
    for _ in range(2):
        assert client.post("/achievements/taken-over").status_code == 302
    rows = values_on(client.get("/achievements").text)
    assert [len(rows[key]) for key in ("education", "achievements", "patents")] == [1, 1, 0]
    assert "已用于2023年的申报" in client.get("/achievements").text


def test_a_picked_row_brings_its_files_as_the_declarations_own(season: Database, season_site: Flask):
    first = play(season, SUBMIT)
    client = enter(season_site, "zhang.lin")
    client.post("/achievements/taken-over")
    second = play(season)
    task = own_task(season, second)
    offered = client.get(f"/tasks/{task}/achievements?table=achievements").json["rows"]
    assert [each["years"] for each in offered] == [[2023]]
    picked = client.post(
        f"/tasks/{task}/achievements", json={"table": "achievements", "ids": [offered[0]["row"]["_id"]]}
    ).json
    (row,) = picked["rows"]
    with season.reading() as session:
        old, new = (session.get_one(Attachment, each["evidence"][0]) for each in (offered[0]["row"], row))
        assert (old.declaration_id, new.declaration_id, old.digest == new.digest) == (first, second, True)
    assert list(picked["attachments"]) == [str(new.id)]


def test_only_the_applicant_picks_and_only_into_his_own_form(season: Database, season_site: Flask):
    task = own_task(season, play(season))
    for account in ("li.yue", "clerk.institute", "manager"):
        client = enter(season_site, account)
        assert client.get(f"/tasks/{task}/achievements?table=patents").status_code == 403
        assert client.post(f"/tasks/{task}/achievements", json={"table": "patents", "ids": []}).status_code == 403
    own = enter(season_site, "zhang.lin")
    assert own.post(f"/tasks/{task}/achievements", json={"table": "policies", "ids": []}).status_code == 404
    assert own.post(f"/tasks/{task}/achievements", json={"table": 3}).status_code == 422


def test_a_new_year_begins_with_last_years_content(season: Database, season_site: Flask):
    before = play(season, SUBMIT)
    with season.transaction() as session:
        world.freeze(session, moment("2023-10-10 09:00"))
    client = enter(season_site, "zhang.lin")
    said = {"notice": "n2_2023_bigdata", "committee": "1", "target_title": "engineer", "specialty": "big_data",
            "category": "city_public", "work_place": "chongqing", "archive_place": "chongqing",
            "unit_id": "山城数智研究院", "department_id": "市示范产业主管部门"}  # fmt: skip
    assert "带入我上一次申报的内容（2023年" in client.get("/filing", query_string=said).text
    answer = client.post("/filing", data={**said, "carry": "yes"})
    assert answer.status_code == 302, answer.text
    with season.reading() as session:
        old = session.get_one(Declaration, before)
        new = session.scalars(select(Declaration).order_by(Declaration.id.desc()).limit(1)).one()
        was, now = declarations.record_of(old), declarations.record_of(new)
        assert new.id != old.id
        assert [row["content"] for row in now["achievements"]] == [row["content"] for row in was["achievements"]]
        assert {key: now.get(key) for key in ("undertaking", "redaction_confirmed", "ce_hours")} == dict.fromkeys(
            ("undertaking", "redaction_confirmed", "ce_hours")
        )
        files = [each for row in now["achievements"] for each in row["evidence"]]
        owners = session.scalars(select(Attachment.declaration_id).where(Attachment.id.in_(files))).all()
        assert set(owners) == {new.id}
