"""A form sent twice takes effect once, and the second sending is answered as the first."""

import io
import re

from flask import Flask
from sqlalchemy import func, select

from app.db import Database
from app.models.attachment import Attachment
from app.models.process import Event
from app.models.recommendation import Objection, Publicity
from tests.support import crowd
from tests.support.website import enter

PDF = b"%PDF-1.4\n%%EOF\n"


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_every_form_carries_a_key_of_its_own(season_site: Flask) -> None:
    client = enter(season_site, "admin")
    pages = client.get("/calendar").text + client.get("/calendar").text
    keys = re.findall(r'name="request_key" value="(\w{32})"', pages)
    assert len(set(keys)) == len(keys) >= 2


def test_objection_sent_twice_is_raised_once_under_one_receipt(season: Database, season_site: Flask) -> None:
    ids = crowd.walk(season, crowd.PUBLICISED)
    with season.reading() as session:
        shown = session.scalars(select(Publicity)).one()
    address = f"/publicity/{shown.id}/names/{ids['deng']}/objection"
    said = {"text": "反映业绩不实", "request_key": "a" * 32}
    client = season_site.test_client()
    client.post("/publicity", data={"code": shown.access_code})
    receipts = []
    for _ in range(2):
        assert client.post(address, data=said).location == "/objections/receipt"
        receipts.append(re.findall(r"<strong[^>]*>([^<]+)<", client.get("/objections/receipt").text))
    assert receipts[0] == receipts[1]
    assert count(season, Objection) == 1
    client.post(address, data={**said, "request_key": "b" * 32})
    assert count(season, Objection) == 2


def test_repeated_form_goes_back_to_its_page_and_says_so(season: Database, season_site: Flask) -> None:
    ids = crowd.walk(season, crowd.SUBMITTED)
    client = enter(season_site, "zhang.lin")
    page = f"/declarations/{ids['zhang']}"
    for _ in range(2):
        done = client.post(
            f"{page}/urge", data={"request_key": "c" * 32}, headers={"Referer": f"http://localhost{page}"}
        )
        assert (done.status_code, done.location) == (302, page)
    assert "没有重复办理" in client.get(page).text
    with season.reading() as session:
        assert len(session.scalars(select(Event.id).where(Event.kind == "urged")).all()) == 1


def test_key_of_another_person_stops_nobody(season: Database, season_site: Flask) -> None:
    ids = crowd.walk(season, crowd.SUBMITTED)
    for account, label in (("zhang.lin", "zhang"), ("deng.ke", "deng")):
        enter(season_site, account).post(f"/declarations/{ids[label]}/urge", data={"request_key": "d" * 32})
    with season.reading() as session:
        assert len(session.scalars(select(Event.id).where(Event.kind == "urged")).all()) == 2


def test_upload_sent_twice_is_one_attachment(season: Database, season_site: Flask) -> None:
    client = enter(season_site, "zhang.lin", personal=True)
    before = count(season, Attachment)
    answers = []
    for _ in range(2):
        data = {"file": (io.BytesIO(PDF), "学历证书.pdf"), "field": "proof"}
        headers = {"X-Request-Key": "e" * 32, "Accept": "application/json"}
        answers.append(client.post("/attachments", data=data, headers=headers).get_json())
    assert answers[0]["id"] == answers[1]["id"]
    assert count(season, Attachment) == before + 1
