"""投诉举报 by anybody, under a receipt code."""

import re

from flask import Flask
from sqlalchemy import select, update

from app.db import Database
from app.models.complaint import Complaint
from app.models.declaration import Declaration
from app.models.process import Deadline, Task
from app.processes.tick import tick
from tests.support.walk import SUBMIT, play
from tests.support.website import enter

TEXT = "该申报人的业绩由他人完成"


def number(season: Database, declaration_id: int) -> str:
    with season.reading() as session:
        return str(session.get_one(Declaration, declaration_id).number)


def test_complaint_by_number_starts_its_own_investigation(season: Database, season_site: Flask):
    declaration = play(season, SUBMIT)
    client = season_site.test_client()
    answer = client.post("/complaints/new", data={"number": number(season, declaration), "text": TEXT, "contact": ""})
    receipt = client.get(answer.location).text
    tick(season)
    with season.reading() as session:
        kept = session.scalars(select(Complaint)).one()
        tasks = session.scalars(select(Task).where(Task.instance_id == kept.instance_id)).all()
    assert (kept.declaration_id, kept.text, kept.contact) == (declaration, TEXT, None)
    assert [(task.element_id, task.role) for task in tasks] == [("lead_verify", "committee_office")]
    assert kept.receipt_code in receipt
    found = client.post("/complaints/find", data={"code": kept.receipt_code.lower()}).text
    assert "正在核实" in found


def test_applicant_reads_of_the_hold_and_not_of_the_complaint(season: Database, season_site: Flask):
    declaration = play(season, [*SUBMIT, {"complain": {"text": TEXT}}])
    with season.transaction() as session:
        entry = {"reason": "complaint", "since": "2023-10-09T01:00:00+00:00", "until": None, "by": None}
        session.execute(update(Deadline).values(held_by=[entry], due_at=None))
    page = enter(season_site, "zhang.lin").get(f"/declarations/{declaration}").text
    assert "计时暂停：正在核实" in page
    assert not re.search("投诉|举报|线索", page[page.index('<main id="content"') :])


def test_unknown_number_and_missing_text_keep_what_was_typed(season: Database, season_site: Flask):
    declaration = play(season, SUBMIT)
    client = season_site.test_client()
    unknown = client.post("/complaints/new", data={"number": "2023999999", "text": TEXT})
    empty = client.post("/complaints/new", data={"number": number(season, declaration), "text": " ", "contact": "信箱"})
    assert (unknown.status_code, empty.status_code) == (422, 422)
    assert "没有找到该编号的申报" in unknown.text
    assert f"{TEXT}</textarea>" in unknown.text
    assert "请写明反映的问题。" in empty.text
    assert 'value="信箱"' in empty.text


def test_drafts_have_no_number_to_complain_about(season: Database, season_site: Flask):
    play(season)
    assert season_site.test_client().post("/complaints/new", data={"number": "", "text": TEXT}).status_code == 422


def test_guessing_numbers_is_slowed(season_site: Flask):
    client = season_site.test_client()
    codes = [client.post("/complaints/find", data={"code": f"X{n}"}).status_code for n in range(11)]
    assert codes == [404] * 10 + [429]
