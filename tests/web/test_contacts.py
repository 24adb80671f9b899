"""机构联系方式: kept by the body's own administrator, step by step; wanted before the body may stand on a route."""

from flask import Flask

from app.db import Database
from app.domain import organisations
from tests.support.website import enter
from tests.web.test_filing import BODIES, ask


def body(database: Database, key: str = "cq_bigdata_bureau") -> int:
    with database.reading() as session:
        return organisations.by_key(session, key).id


def test_administrator_writes_contacts_by_step(season: Database, season_site: Flask):
    client, own = enter(season_site, "committee"), body(season)
    assert client.get("/organisations/contacts").location == f"/organisations/{own}/contacts"
    page = client.get(f"/organisations/{own}/contacts").text
    assert ("机关代字" in page, 'value="渝数职改"' in page, "缴费（不填则同本机构）" in page) == (True, True, True)
    said = {
        "name": "罗知行",
        "phone": "023-55550103",
        "name-payment": "钱进宝",
        "phone-payment": "023-55550163",
        "document_code": "渝数据职改",
    }
    assert client.post(f"/organisations/{own}/contacts", data=said).status_code == 302
    with season.reading() as session:
        found = organisations.by_key(session, "cq_bigdata_bureau")
        assert str(organisations.contact_of(found, "payment")) == "市大数据应用发展管理局023-55550163"
        assert organisations.contact_of(found, "acceptance").phone == "023-55550103"
        assert found.document_code == "渝数据职改"
    client.post(f"/organisations/{own}/contacts", data={**said, "name-payment": "", "phone-payment": ""})
    with season.reading() as session:
        assert organisations.by_key(session, "cq_bigdata_bureau").contacts == {}


def test_wrong_phone_is_named_and_nothing_is_lost(season: Database, season_site: Flask):
    client, own = enter(season_site, "committee"), body(season)
    said = {"name": "罗知行", "phone": "12", "name-payment": "", "phone-payment": "", "document_code": "渡职改办"}
    refused = client.post(f"/organisations/{own}/contacts", data=said)
    assert (refused.status_code, "机关代字“渡职改办”已由“大渡口区职改办”使用" in refused.text) == (422, True)
    refused = client.post(f"/organisations/{own}/contacts", data={**said, "document_code": ""})
    assert ("联系电话有误" in refused.text, 'value="12"' in refused.text) == (True, True)
    with season.reading() as session:
        assert organisations.by_key(session, "cq_bigdata_bureau").contact_phone == "023-55550103"


def test_other_bodies_contacts_stay_closed(season: Database, season_site: Flask):
    client = enter(season_site, "dept.city")
    assert client.get(f"/organisations/{body(season)}/contacts").status_code == 403
    assert client.post(f"/organisations/{body(season)}/contacts", data={"name": "甲"}).status_code == 403
    assert enter(season_site, "admin").get(f"/organisations/{body(season)}/contacts").status_code == 200


def test_body_without_a_phone_is_named_when_the_route_is_shown(season: Database, season_site: Flask):
    with season.transaction() as session:
        organisations.by_key(session, "cq_industry_department").contact_phone = None
    page = ask(enter(season_site, "zhang.lin"), **BODIES)
    assert "“市示范产业主管部门”尚未登记“主管部门审核推荐”环节的联系人和联系电话" in page
