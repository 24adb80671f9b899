"""评审缴费: the cashier's list from upload to booking, ticking off, arrears and receipts."""

import csv
import re
from io import BytesIO, StringIO

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db import Database
from app.errors import DiagramFault
from app.models.cashier import CashierList, CashierRow
from app.models.office import Payment
from app.models.process import Incident, Task
from app.processes import incidents
from tests.support import crowd
from tests.support.website import enter
from tests.web.test_registers import PAID, plain

HEAD = "受理编号,申报人,身份证号,实缴金额,缴费日期,票据号码\n"


def upload(client: FlaskClient, text: str) -> TestResponse:
    data = {"file": (BytesIO(text.encode()), "清单.csv")}
    return client.post("/registers/payments/lists", data=data, content_type="multipart/form-data")


def reasons(database: Database) -> list[str | None]:
    with database.reading() as session:
        return list(session.scalars(select(CashierRow.reason).order_by(CashierRow.line)))


def number(database: Database) -> str:
    with database.reading() as session:
        return session.scalars(select(Payment.receipt_no)).one() or ""


def paid(database: Database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(Payment).where(Payment.status == "paid")).all())


def acceptance_no(client: FlaskClient) -> str:
    page = client.get("/registers/payments?format=csv").data.decode("utf-8-sig")
    return next(csv.DictReader(StringIO(page)))["受理编号"]


def test_list_is_looked_at_before_anything_is_booked(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PAYING)
    client = enter(season_site, "finance")
    no = acceptance_no(client)
    rows = [
        f"{no},张林,,240,2023-11-16,A1",
        f"{no},张林,,240,2023-11-16,A2",
        f"{no},张琳,,240,2023-11-16,A3",
        f"{no},张林,,420,2023-11-16,A4",
        f"{no},张林,,240.5,2023-11-16,A5",
        f"{no},张林,,240,2023-11-15,A6",
        f"{no},张林,,240,2023-11-17,A7",
        f"{no},张林,,240,,A8",
        f"{no},张林,,240,2023-11-16,",
        f"{no},张林,11010119900307803X,240,2023-11-16,A9",
        "没有,张林,,240,2023-11-16,A10",
    ]
    answer = upload(client, HEAD + "\n".join(rows))
    assert answer.status_code == 302
    page = plain(client.get(answer.location).text)
    assert "可以登记1行，不符10行。尚未登记任何缴费" in page
    for words in (
        "与第2行重复",
        "姓名不符：该编号的申报人为张林",
        "金额不符：应缴240元，清单为420元",
        "金额“240.5”不是整元",
        "缴费日期2023-11-15不在缴费时间2023-11-16至2023-11-20内",
        "缴费日期2023-11-17晚于今天",
        "缺缴费日期，或日期无法识别",
        "缺票据号码",
        "身份证号不符",
        "没有编号为“没有”的缴费事项",
    ):
        assert words in page
    assert paid(season) == 0
    only = plain(client.get(f"{answer.location}?only=mismatch").text)
    assert ("与第2行重复" in only, "可以登记" in only.split("说明", 1)[1]) == (True, False)


def test_confirmed_list_is_booked_once(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PAYING)
    client = enter(season_site, "finance")
    text = HEAD + f"{acceptance_no(client)},张林,,240,2023-11-16,A1\n没有,李四,,240,2023-11-16,A2"
    shown = upload(client, text).location
    assert client.post(f"{shown}/confirm", data={"expected": "2"}).status_code == 422
    assert paid(season) == 0
    with season.transaction() as session:  # a fault of the diagram stopped the same task before
        task = session.scalars(select(Task).where(Task.element_id == "pay")).one()
        incidents.record(session, DiagramFault("pay", 1, "x"), task_id=task.id, instance_id=task.instance_id)
    assert client.post(f"{shown}/confirm", data={"expected": "1"}).location == shown
    page = plain(client.get(shown).text)
    assert "已登记缴费1人；不符1行。" in page
    assert number(season) == "A1"
    with season.reading() as session:
        done = session.scalars(select(Task).where(Task.element_id == "pay")).one()
        assert (done.status, done.values["receipt_no"] if done.values else None) == ("completed", "A1")
        assert session.scalars(select(Incident.status)).all() == ["solved"]
    assert upload(client, text).location == shown  # the same rows: the same list, whatever the file is called
    client.post(f"{shown}/confirm", data={"expected": "1"})
    client.post(f"{shown}/book")
    assert paid(season) == 1
    again = upload(client, text + "\n").location
    assert again == shown
    with season.reading() as session:
        assert len(session.scalars(select(CashierList)).all()) == 1


def test_row_paid_meanwhile_is_refused_with_its_reason(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PAYING)
    client = enter(season_site, "finance")
    no = acceptance_no(client)
    first = upload(client, HEAD + f"{no},张林,,240,2023-11-16,A1").location
    second = upload(client, HEAD + f"{no},张林,,240,2023-11-16,B1").location
    client.post(f"{second}/confirm", data={"expected": "1"})
    refused = client.post(f"{first}/confirm", data={"expected": "1"})
    assert "现有0行可以登记，您确认的为1行" in refused.text
    assert "已登记缴费，票据号码B1" in client.get(first).text
    assert number(season) == "B1"


def test_file_that_cannot_be_read_keeps_the_page(season: Database, season_site: Flask):
    client = enter(season_site, "finance")
    answer = upload(client, "姓名,金额\n张林,240")
    assert answer.status_code == 422
    assert "没有找到表头“受理编号”、“缴费日期”、“票据号码”" in answer.text
    missing = client.post("/registers/payments/lists", data={}, content_type="multipart/form-data")
    assert (missing.status_code, "请选择要导入的清单文件" in missing.text) == (422, True)


def test_list_belongs_to_the_office_that_collects(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PAYING)
    client = enter(season_site, "finance")
    shown = upload(client, HEAD + f"{acceptance_no(client)},张林,,240,2023-11-16,A1").location
    for account in ("committee", "clerk.institute", "manager"):
        other = enter(season_site, account)
        assert other.get(shown).status_code == 403
        assert other.post(f"{shown}/confirm", data={"expected": "1"}).status_code == 403
        assert upload(other, HEAD).status_code == 403
    assert paid(season) == 0


def test_people_ticked_on_the_screen_are_listed_and_booked(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PAYING)
    client = enter(season_site, "finance")
    page = client.get("/registers/payments").text
    task = re.search(r'name="task" value="(\d+)"', page)
    assert task is not None
    said = {"task": task[1], "paid_on": "2023-11-16", "method": "on_site", f"receipt_no-{task[1]}": "S1"}
    shown = client.post("/registers/payments/ticked", data=said).location
    assert "张林2402023-11-16S1可以登记" in plain(client.get(shown).text)
    client.post(f"{shown}/confirm", data={"expected": "1"})
    assert number(season) == "S1"
    nobody = client.post("/registers/payments/ticked", data={"paid_on": "2023-11-16"})
    assert (nobody.status_code, "请先勾选" in nobody.text) == (422, True)


def test_arrears_are_listed_with_their_reminder_and_taken_along(season: Database, season_site: Flask):
    crowd.walk(season, [*crowd.PAYING, {"at": "2023-11-17 09:00"}])
    client = enter(season_site, "finance")
    taken = client.get("/registers/payments?state=arrears&format=csv")
    assert "%E6%AC%A0%E8%B4%B9" in taken.headers["Content-Disposition"]
    (row,) = csv.DictReader(StringIO(taken.data.decode("utf-8-sig")))
    assert (row["申报人"], row["缴费状态"], row["催缴时间"]) == ("张林", "待缴费", "2023-11-17")
    crowd_paid = client.get("/registers/payments?state=paid").text
    assert "没有符合条件" in plain(crowd_paid)


def test_receipt_prints_the_amount_in_capitals(season: Database, season_site: Flask):
    declaration = crowd.walk(season, crowd.PAYING)["zhang"]
    client = enter(season_site, "finance")
    assert client.get(f"/payments/{declaration}/receipt").status_code == 404
    shown = upload(client, HEAD + f"{acceptance_no(client)},张林,,240,2023-11-16,A1").location
    client.post(f"{shown}/confirm", data={"expected": "1"})
    for reader in (client, enter(season_site, "zhang.lin", personal=True)):
        page = plain(reader.get(f"/payments/{declaration}/receipt").text)
        assert "票据号码A1" in page
        assert "渝数职改收〔2023〕1号" in page
        assert "¥240.00" in page
        assert "贰佰肆拾元整" in page
    assert enter(season_site, "li.yue", personal=True).get(f"/payments/{declaration}/receipt").status_code == 403


def test_applicant_finds_the_receipt(season: Database, season_site: Flask):
    declaration = crowd.walk(season, PAID)["zhang"]
    page = enter(season_site, "zhang.lin", personal=True).get(f"/declarations/{declaration}").text
    assert f'href="/payments/{declaration}/receipt"' in page
