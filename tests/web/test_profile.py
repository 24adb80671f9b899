"""Registering as an individual, and 注册单位 with its refusals (R-105, R-106)."""

import io

from flask import Flask
from sqlalchemy import select

from app.db import Database
from app.domain import people
from app.models.people import BindingRequest, Organisation, RoleGrant
from tests.support.walk import SUBMIT, play
from tests.support.website import enter

PERSON = {
    "name": "林小满",
    "id_type": "resident_id",
    "id_number": "11010519491231002X",
    "mobile": "13900002222",
    "account": "lin.xiaoman",
    "password": "a-good-long-one",
    "again": "a-good-long-one",
}
UNIT = {
    "credit_code": "91500104MA6FAKE1A9",
    "name": "重庆新枫示范信息有限公司",
    "kind": "non_public",
    "role": "unit_clerk",
    "superior": "大渡口区职改办",
    "contact_name": "林小满",
    "contact_phone": "023-55550188",
}


def certificate() -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"%PDF-1.4 ..."), "证件.pdf"


def test_person_registers_and_logs_in(season: Database, season_site: Flask):
    client = season_site.test_client()
    assert client.post("/register", data=PERSON).location == "/login"
    logged_in = client.post("/login", data={"account": "lin.xiaoman", "password": PERSON["password"]})
    page = client.get("/profile").text
    assert logged_in.status_code == 302
    assert "110***********002X" in page
    assert "139****2222" in page
    assert PERSON["id_number"] not in page


def test_all_faults_are_told_at_once_and_nothing_is_kept(season: Database, season_site: Flask):
    said = {**PERSON, "id_number": "110105194912310021", "mobile": "12", "again": "another", "account": "zhang.lin"}
    page = season_site.test_client().post("/register", data=said)
    assert page.status_code == 422
    assert "身份证号校验未通过，请核对第18位附近的数字；应为18位。" in page.text
    assert "账号“zhang.lin”已被使用。" in page.text
    assert "两次输入的密码不一致" in page.text
    assert 'value="林小满"' in page.text
    with season.reading() as session:
        assert people.by_account(session, "lin.xiaoman") is None


def test_a_taken_number_is_sent_to_the_login(season: Database, season_site: Flask):
    with season.reading() as session:
        taken = people.by_account(session, "zhang.lin")
        assert taken is not None
        number = taken.identity_number
    page = season_site.test_client().post("/register", data={**PERSON, "id_number": number})
    assert "该证件号码已注册账号，请直接登录。" in page.text


def test_unit_is_registered_by_its_superior(season: Database, season_site: Flask):
    asker = enter(season_site, "liu.yang")
    assert asker.post("/bindings/new", data={**UNIT, "certificate": certificate()}).status_code == 302
    with season.reading() as session:
        request = session.scalars(select(BindingRequest)).one()
    superior, stranger = enter(season_site, "tro.dadukou"), enter(season_site, "tro.jiangan")
    assert stranger.post(f"/bindings/{request.id}/approve").status_code == 403
    assert UNIT["name"] in superior.get("/bindings/new").text
    assert superior.post(f"/bindings/{request.id}/approve").status_code == 302
    with season.reading() as session:
        body = session.scalars(select(Organisation).where(Organisation.name == UNIT["name"])).one()
        grant = session.scalars(select(RoleGrant).where(RoleGrant.organisation_id == body.id)).one()
        person = people.by_account(session, "liu.yang")
    assert person is not None
    assert (body.registered, grant.person_id, grant.role) == (True, person.id, "unit_clerk")
    assert "已同意" in asker.get("/bindings/new").text


def test_applicant_may_not_bind_a_body_of_his_own_route(season: Database, season_site: Flask):
    play(season, SUBMIT)
    with season.reading() as session:
        unit = session.scalars(select(Organisation).where(Organisation.key == "cq_data_institute")).one()
    said = {**UNIT, "credit_code": unit.credit_code, "name": unit.name, "kind": unit.kind, "superior": ""}
    page = enter(season_site, "zhang.lin").post("/bindings/new", data={**said, "certificate": certificate()})
    assert page.status_code == 422
    assert "您不得申请绑定该机构的职称管理员权限" in page.text
    with season.reading() as session:
        assert session.scalars(select(BindingRequest)).all() == []


def test_request_without_certificate_keeps_what_was_typed(season_site: Flask):
    page = enter(season_site, "liu.yang").post("/bindings/new", data=UNIT)
    assert page.status_code == 422
    assert "请上传组织机构代码证等证件。" in page.text
    assert UNIT["name"] in page.text


def test_request_is_sent_back_with_a_reason(season: Database, season_site: Flask):
    asker = enter(season_site, "liu.yang")
    asker.post("/bindings/new", data={**UNIT, "certificate": certificate()})
    with season.reading() as session:
        request = session.scalars(select(BindingRequest)).one()
    superior = enter(season_site, "tro.dadukou")
    assert superior.post(f"/bindings/{request.id}/refuse", data={"note": " "}).status_code == 422
    assert superior.post(f"/bindings/{request.id}/refuse", data={"note": "证件不清晰，请重新上传"}).status_code == 302
    page = asker.get("/bindings/new").text
    assert "退回修改" in page
    assert "证件不清晰，请重新上传" in page
