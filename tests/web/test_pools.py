"""The pool's page, what is taken along of it, the register of committees, and the integrity archive."""

import csv
from io import BytesIO, StringIO

import pytest
from flask import Flask
from sqlalchemy import select

from app.cli.scenarios import world
from app.cli.scenarios.case import moment
from app.db import Database
from app.domain import campaigns, demo_experts, recommended_sheets
from app.models.expert import Expert, IntegrityEntry, PoolEntry, ReviewCommittee
from app.models.people import Person
from app.processes.tick import tick
from tests.domain.test_recommended_sheets import number
from tests.support.website import enter, statements
from tests.web.test_registers import plain

SENIOR = 1
HIDDEN = 2


def test_a_pool_with_its_health_search_and_export(season: Database, season_site: Flask):
    client = enter(season_site, "committee")
    assert client.get("/pools").location == f"/pools/{SENIOR}"
    page = client.get(f"/pools/{SENIOR}")
    shown = plain(page.text)
    for words in (
        "建库人数为单数117人单数符合",
        "组建单位推荐占比70人，占59.8%约占60%符合",
        "党政机关领导1人原则上1人，不得超过2人符合",
        "任期1人90日内届满届满前换届或续聘提示",
        "共120人",
        "核准备案有效期2021年9月1日至2024年8月31日",
        "林致远",
    ):
        assert words in shown, shown[:2500]
    assert "第1/3页" in shown
    with statements(season) as many:
        client.get(f"/pools/{SENIOR}?page=2")
    with statements(season) as few:
        client.get(f"/pools/{SENIOR}?state=out")
    assert len(many) == len(few) < 30
    left = plain(client.get(f"/pools/{SENIOR}?state=out").text)
    assert "共2人" in left
    assert "本人申请退出" in left
    narrowed = f"/pools/{SENIOR}?q=研究院&source=social&specialty=big_data"
    found = plain(client.get(narrowed).text)
    answer = client.get(f"{narrowed}&format=csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))
    assert f"共{len(rows)}人" in found
    assert {row["来源"] for row in rows} == {"社会遴选"}
    assert all("大数据" in row["专业"] and "*" in row["身份证号"] for row in rows)
    assert client.get(f"/pools/{SENIOR}?format=xlsx").data.startswith(b"PK")
    assert "没有符合条件的专家" in plain(client.get(f"/pools/{SENIOR}?q=没有这个人").text)
    assert client.get(f"/pools/{HIDDEN}").status_code == 403
    assert enter(season_site, "committee.dadukou").get("/pools").location == f"/pools/{HIDDEN}"


def test_a_committee_is_suspended_renewed_and_on_record(season: Database, season_site: Flask):
    client = enter(season_site, "municipal.tro")
    shown = plain(client.get("/review-committees").text)
    assert demo_experts.SENIOR in shown
    assert "已核准备案" in shown
    refused = client.post(f"/review-committees/{SENIOR}/status", data={"status": "suspended", "reason": " "})
    assert refused.status_code == 422
    assert "请填写依据和原因" in plain(refused.text)
    done = client.post(f"/review-committees/{SENIOR}/status", data={"status": "suspended", "reason": "整改逾期"})
    assert done.status_code == 302
    assert "暂停评审工作" in plain(client.get("/review-committees").text)
    dates = {"approved_from": "2023-09-01", "approved_to": "2023-08-31", "executing_size": "13"}
    wrong = client.post(f"/review-committees/{SENIOR}/renew", data=dates)
    assert "有效期截止日期不能早于起始日期" in plain(wrong.text)
    right = {**dates, "approved_to": "2026-08-31", "approval_number": "渝职改办〔2023〕99号"}
    assert client.post(f"/review-committees/{SENIOR}/renew", data=right).status_code == 302
    with season.reading() as session:
        kept = session.get_one(ReviewCommittee, SENIOR)
        assert (kept.status, kept.approval_number) == ("suspended", "渝职改办〔2023〕99号")
        assert session.scalars(select(IntegrityEntry.kind)).all() == ["committee_suspended"]
    assert enter(season_site, "committee").post(f"/review-committees/{SENIOR}/status").status_code == 403


def test_the_integrity_archive_only_grows(season_site: Flask):
    client = enter(season_site, "municipal.tro")
    entry = {"subject_kind": "person", "subject": "nobody", "kind": "review_discipline", "text": "泄露", "basis": "N1"}
    refused = client.post("/registers/integrity", data=entry)
    assert refused.status_code == 422
    assert "没有找到该记录对象" in plain(refused.text)
    for kind, subject in (("person", "member"), ("organisation", "山城数智研究院")):
        client.post("/registers/integrity", data={**entry, "subject_kind": kind, "subject": subject})
    assert "共2条" in plain(client.get("/registers/integrity").text)
    found = plain(client.get("/registers/integrity?q=许慎行&kind=review_discipline").text)
    assert "共1条" in found
    assert "违反评审纪律" in found


def test_a_solicitation_from_its_beginning_to_the_imported_list(season: Database, season_site: Flask, monkeypatch):
    office, tro = enter(season_site, "committee"), enter(season_site, "municipal.tro")
    begun = {"committee": SENIOR, "executing": "13", "term_from": "2024-09-01"}
    assert office.post("/solicitations", data=begun).status_code == 403
    address = tro.post("/solicitations", data=begun).location
    assert "正在进行，不能重复开始" in plain(tro.post("/solicitations", data=begun).text)
    tick(season)
    assert "推荐专家基本信息表" in plain(office.get(address).text)
    monkeypatch.setattr(recommended_sheets.check_on, "__defaults__", (2,))
    lines = ["姓名,身份证号,本人移动电话号码", "甲,110101199003070257,13900001234", "乙,110101199003070258,13900001235"]
    bad = "\n".join([*lines, "丙,110101199003070257,139"]).encode()
    shown = office.post(f"{address}/sheets", data={"file": (BytesIO(bad), "推荐表.csv")})
    assert "已核对2行，共3行" in plain(office.get(shown.location).text)
    office.post(f"{shown.location}/check")
    told = plain(office.get(shown.location).text)
    assert "共3行，有3处错误（身份证号2处，本人移动电话号码1处），整表没有导入" in told
    assert "4身份证号身份证号与第2行重复。" in told
    assert office.get(f"{shown.location}?format=csv").data.startswith(b"\xef\xbb\xbf")
    good = office.post(f"{address}/sheets", data={"file": (BytesIO("\n".join(lines[:2]).encode()), "推荐表.csv")})
    assert "1行全部正确，已列入推荐名单" in plain(office.get(good.location).text)
    assert "已列入推荐表（1）" in plain(tro.get(address).text)
    assert "现不在审议环节" in plain(tro.post(f"{address}/decisions", data={}).text)
    assert enter(season_site, "committee.dadukou").get(address).status_code == 403
    applicant = enter(season_site, "zhang.lin")
    assert "正在征选的评审委员会" in plain(applicant.get("/expert-applications").text)
    late = applicant.post("/expert-applications", data={"campaign": address.rsplit("/", 1)[1]})
    assert "个人自愿申请的时间已经截止" in plain(late.text)


def test_an_event_of_an_expert_suspends_him_and_asks_the_office(season: Database, season_site: Flask):
    office = enter(season_site, "committee")
    address = f"/pools/{SENIOR}/experts/4"
    assert "高远" in office.get(address).text
    refused = office.post(f"{address}/events", data={"event": "discipline", "reason": ""})
    assert "请填写事实情况" in plain(refused.text)
    assert office.post(f"{address}/events", data={"event": "discipline", "reason": "泄密"}).status_code == 302
    tick(season)
    assert "暂停参评违反评审纪律：泄密" in plain(office.get(address).text)
    assert "评审专家情况处理" in plain(office.get("/tasks").text)
    assert "登记并暂停参评" not in office.get(address).text
    assert office.get(f"/pools/{HIDDEN}/experts/4").status_code == 404


@pytest.mark.bad_input
@pytest.mark.parametrize("season", ["sqlite"], indirect=True)
def test_a_long_sheet_shows_how_far_it_is_and_then_all_its_errors(season: Database, season_site: Flask):
    with season.transaction() as session:
        world.freeze(session, moment("2021-07-12 09:00"))
        senior = session.scalars(select(ReviewCommittee).where(ReviewCommittee.name == demo_experts.SENIOR)).one()
        plan = {"executing": 13, "term_from": "2021-09-01"}
        address = f"/solicitations/{campaigns.begin(session, senior, campaigns.NOTICE, plan).id}"
    tick(season)
    rows = [f"专家{place},{number(place)},139{place:08d}" for place in range(2100)]
    rows[7] = f"错码,{number(7)[:17]}{'0' if number(7)[17] != '0' else '1'},13900000007"
    rows[2099] = f"重复,{number(3)},13912345678"
    content = "\n".join(["姓名,身份证号,本人移动电话号码", *rows]).encode()
    office = enter(season_site, "committee")

    page = office.post(f"{address}/sheets", data={"file": (BytesIO(content), "推荐表.csv")}, follow_redirects=True)

    assert "已核对1000行，共2100行" in page.text
    assert '<progress class="progress w-100" max="2100" value="1000"' in page.text
    check = f"{page.request.path}/check"
    for _ in range(2):
        page = office.post(check, follow_redirects=True)
    words = plain(page.text)
    assert "共2100行，有2处错误" in words
    assert "第18位附近的数字" in words
    assert "身份证号与第5行重复" in words


@pytest.mark.parametrize("season", ["sqlite"], indirect=True)
def test_an_expert_is_marked_and_reads_it_and_a_poor_mark_suspends_him(season: Database, season_site: Flask):
    with season.reading() as session:
        found = session.execute(
            select(PoolEntry.review_committee_id, PoolEntry.id)
            .join(Expert, Expert.id == PoolEntry.expert_id)
            .join(Person, Person.id == Expert.person_id)
            .where(Person.account == "member")
        ).first()
    assert found is not None
    address = f"/pools/{found[0]}/experts/{found[1]}"
    office = enter(season_site, "committee")
    assert "请写明考核依据" in office.post(f"{address}/assessments", data={"mark": "high"}).text
    office.post(f"{address}/assessments", data={"mark": "high", "text": "评议意见详实"})
    assert "优秀" in plain(office.get(address).text)
    own = plain(enter(season_site, "member", personal=True).get("/expert-applications").text)
    assert "评议意见详实" in own
    office.post(f"{address}/assessments", data={"mark": "poor", "text": "多次漏评"})
    tick(season)
    with season.reading() as session:
        assert session.get_one(PoolEntry, found[1]).status == "suspended"
    assert enter(season_site, "clerk.firm").post(f"{address}/assessments", data={"mark": "high"}).status_code == 403
