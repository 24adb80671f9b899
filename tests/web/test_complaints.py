"""投诉举报 by anybody, under a receipt code."""

import re

from flask import Flask
from sqlalchemy import select, update

from app.db import Database
from app.models.complaint import Complaint, ComplaintNote, ComplaintReporter, ReporterReading
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
        reporters = session.scalars(select(ComplaintReporter)).all()
    assert (kept.declaration_id, kept.text, list(reporters)) == (declaration, TEXT, [])
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


def test_office_and_reporter_write_to_each_other_and_reading_who_he_is_stays_on_record(
    season: Database, season_site: Flask
):
    declaration = play(season, SUBMIT)
    client = season_site.test_client()
    said = {"number": number(season, declaration), "text": TEXT, "name": "某职工", "contact": "信箱甲"}
    client.post("/complaints/new", data=said)
    tick(season)
    with season.reading() as session:
        kept = session.scalars(select(Complaint)).one()
    page = f"/complaints/{kept.id}"
    office = enter(season_site, "committee")
    assert f"第{kept.id}号" in office.get("/complaints").text
    shown = office.get(page).text
    assert TEXT in shown
    assert not re.search(f"某职工|信箱甲|{kept.receipt_code}", shown)

    assert "请填写内容" in office.post(f"{page}/notes", data={"note": " "}).text
    office.post(f"{page}/notes", data={"note": "请补充项目名称"})
    asked = client.post("/complaints/find", data={"code": kept.receipt_code}).text
    assert "请补充项目名称" in asked
    assert "罗知行" not in asked
    client.post("/complaints/notes", data={"code": kept.receipt_code, "note": "智慧园区项目"})
    assert "智慧园区项目" in office.get(page).text

    assert office.post(f"{page}/reporter", data={"reason": ""}).status_code == 422
    opened = office.post(f"{page}/reporter", data={"reason": "当面核实"}).text
    assert "某职工" in opened
    assert "信箱甲" in opened
    with season.reading() as session:
        readings = session.scalars(select(ReporterReading)).all()
        notes = session.scalars(select(ComplaintNote).order_by(ComplaintNote.id)).all()
    assert [(each.complaint_id, each.reason) for each in readings] == [(kept.id, "当面核实")]
    assert [each.by is None for each in notes] == [False, True]
    again = office.get(page).text
    assert "当面核实" in again
    assert "某职工" not in again


def test_only_the_offices_concerned_see_a_complaint_and_only_who_investigates_its_reporter(
    season: Database, season_site: Flask
):
    play(season, [*SUBMIT, {"complain": {"text": TEXT, "contact": "信箱甲"}}])
    with season.reading() as session:
        page = f"/complaints/{session.scalars(select(Complaint.id)).one()}"
    for account in ("committee.dadukou", "clerk.institute", "zhang.lin", "manager"):
        assert enter(season_site, account).get(page).status_code in (403, 404), account
    city, discipline = enter(season_site, "municipal.tro"), enter(season_site, "discipline")
    assert TEXT in city.get(page).text
    assert city.post(f"{page}/reporter", data={"reason": "了解"}).status_code == 403
    assert "信箱甲" in discipline.post(f"{page}/reporter", data={"reason": "核查"}).text


def test_experts_named_in_a_complaint_stay_unconfirmed(season: Database, season_site: Flask):
    client = season_site.test_client()
    form = client.get("/complaints/new").text
    committee = re.search(r'<option value="(\d+)"', form)
    assert committee is not None
    said = {"kind": "expert", "committee": committee[1], "about": "查无此人", "text": "接受宴请"}
    assert client.post("/complaints/new", data={**said, "committee": ""}).status_code == 422
    assert client.post("/complaints/new", data={**said, "about": ""}).status_code == 422
    assert client.post("/complaints/new", data=said).status_code == 302
    tick(season)
    with season.reading() as session:
        kept = session.scalars(select(Complaint)).one()
        tasks = session.scalars(select(Task.element_id).where(Task.instance_id == kept.instance_id)).all()
    assert (kept.kind, kept.about, kept.expert_id, tasks) == ("expert", "查无此人", None, ["complaint_accept"])
