"""委托评审函 from its recording to the step that asks for it."""

from datetime import date
from io import BytesIO
from typing import Any

from flask import Flask

from app.cli.scenarios.case import of_dict
from app.cli.scenarios.player import Player
from app.db import Database
from app.domain import declarations
from app.models.entrustment import EntrustedName, EntrustmentLetter
from tests.support.walk import N2, SCENARIOS, play
from tests.support.website import enter
from tests.web.test_documents import text_of

STATIONED = {"applicant": "zheng.na", "base": "stationed_engineer", "committee": 1, "without": ["entrustment_letter"]}
UPLOADED = {"applicant": "zheng.na", "base": "stationed_engineer", "committee": 1}
NEW = "/entrustments/new/n2_2023_bigdata"
LETTER = {
    "number": "远职函〔2023〕12号",
    "series": "engineering",
    "specialty": "大数据智能化",
    "level": "intermediate",
    "contact_name": "俞清和",
    "contact_phone": "023-55550110",
    "address": "虚构省虚构路1号",
    "issued_on": "2023-10-08",
    "decision": "submit",
}
COLUMNS = ("number", "series", "specialty", "level", "contact_name", "contact_phone", "address")
RECOMMENDED = [
    {"complete": "fill_form"},
    {"complete": "unit_check", "with": {"decision": "pass"}},
    {"play": "recommend", "with": {"start": "2023-10-10", "close": "2023-10-17", "count": 1}},
]


def record(site: Flask, key: int) -> None:
    client = enter(site, "entrusting")
    upload = {"file": (BytesIO(b"%PDF-1.4 sealed"), "委托评审函.pdf"), "field": "sealed_letter"}
    sealed = client.post("/attachments", data=upload, content_type="multipart/form-data").json["id"]
    row = {"_id": str(key), "listed": "yes", "note": "第一批"}
    answer = client.post(NEW, json={"values": {**LETTER, "sealed_letter": [sealed], "people": [row]}})
    assert (answer.status_code, answer.json) == (200, {"location": "/entrustments"})


def test_a_letter_recorded_once_is_no_more_uploaded_by_each(season: Database, season_site: Flask):
    key = play(season, declaration=STATIONED)
    assert "驻渝单位人员申报须提供" in refused(season, key, {"complete": "fill_form"})

    record(season_site, key)

    go_on(season, key, {"complete": "fill_form"})
    page = enter(season_site, "top.body").get("/entrustments").text
    assert "远职函〔2023〕12号" in page
    assert "1人：郑娜" in page
    text = text_of(enter(season_site, "entrusting").get("/entrustments/1.pdf"))
    assert "重庆市工程系列大数据智能化专业中级职称评审委员会" in text
    assert "郑娜等1名同志职称（名单附后）" in text
    assert "第一批" in text
    assert enter(season_site, "clerk.institute").get("/entrustments/1.pdf").status_code == 403
    assert enter(season_site, "clerk.institute").get(NEW).status_code == 404
    assert "申报人员都已列入" in enter(season_site, "entrusting").get(NEW).text


def test_who_is_not_on_the_list_does_not_pass_the_top_body(season: Database, season_site: Flask):
    key = play(season, RECOMMENDED, declaration=UPLOADED)
    with season.transaction() as session:
        found = declarations.get(session, key)
        letter = EntrustmentLetter(
            notice_key=found.notice_key,
            entrusting_id=found.data["entrusting_unit_id"],
            issued_on=date(2023, 10, 8),
            recorded_at=found.created_at,
            recorded_by=found.person_id,
            **{name: LETTER[name] for name in COLUMNS},
        )
        session.add(letter)
    checked = {"complete": "top_body_check", "with": {"decision": "pass"}}

    words = "申报人不在远川集团职称工作办公室委托评审函（远职函〔2023〕12号）所附的名单中"
    assert words in refused(season, key, checked)
    with season.transaction() as session:
        session.add(EntrustedName(letter_id=1, declaration_id=key))
    go_on(season, key, checked)

    with season.reading() as session:
        assert declarations.get(session, key).status == "AT_COMMITTEE"


def player_of(season: Database, key: int, step: dict[str, Any]) -> Player:
    """The player of a declaration that is on its way."""
    said = {"case": "walk", "notice": N2, "clock": "2023-10-09 09:00", "declaration": STATIONED, "steps": [step]}
    player = Player(of_dict(said, SCENARIOS / "walk.yaml"), season)
    player.declarations.update({"declaration": key})
    return player


def go_on(season: Database, key: int, step: dict[str, Any]) -> None:
    player = player_of(season, key, step)
    player.complete(player.case.steps[0])


def refused(season: Database, key: int, step: dict[str, Any]) -> str:
    player = player_of(season, key, step)
    return player.refused(player.case.steps[0])
