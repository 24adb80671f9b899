"""The pool's page, what is taken along of it, the register of committees, and the integrity archive."""

import csv
from io import StringIO

from flask import Flask
from sqlalchemy import select

from app.db import Database
from app.domain import demo_experts
from app.models.expert import IntegrityEntry, ReviewCommittee
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
        "任期1人90日内届满届满前换届或续聘须说明",
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
