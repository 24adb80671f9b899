"""The login page and what keeps a visitor in or out: password, demo buttons, identities, CSRF, headers, limits."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.config import Settings
from app.db import Database
from app.domain import accounts, demo_people, organisations, people
from app.models.people import LoginSession, Person
from app.web import create_app, session

WRONG = "账号或密码有误，请核对后重新登录。"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    with sqlite_database.transaction() as work:
        demo_people.load_demo_people(work)
    return sqlite_database


@pytest.fixture
def app(settings: Settings, database: Database) -> Iterator[Flask]:
    app = create_app(settings, database)
    session.limiter.reset()
    yield app
    session.limiter.reset()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/login", follow_redirects=True).text)
    assert found is not None
    return found[1]


def post(client: FlaskClient, path: str, **form: str):
    return client.post(path, data={"csrf_token": token(client), **form})


def enter(client: FlaskClient, account: str = "clerk.institute") -> None:
    response = post(client, "/login", account=account, password=demo_people.PASSWORD)
    assert (response.status_code, response.location) == (302, "/tasks")


def test_password_opens_the_house_as_the_own_office(client: FlaskClient):
    enter(client)
    page = client.get("/identity").text
    assert "当前身份：山城数智研究院 单位职称管理员" in page
    assert "白若溪 · 山城数智研究院" in page


def test_wrong_password_keeps_the_account_and_counts(client: FlaskClient, database: Database):
    response = post(client, "/login", account="zhang.lin", password="guess")
    assert response.status_code == 422
    assert WRONG in response.text
    assert 'value="zhang.lin"' in response.text
    assert client.get("/identity").status_code == 302
    with database.reading() as work:
        counted = select(Person.account, Person.failures).where(Person.failures > 0)
        assert work.execute(counted).all() == [("zhang.lin", 1)]


def test_demo_button_needs_no_password(client: FlaskClient):
    assert post(client, "/login/demo", account="zhang.lin").status_code == 302
    assert "当前身份：个人" in client.get("/identity").text


def test_demo_page_lists_every_account_by_role(client: FlaskClient):
    page = client.get("/login").text
    listed = re.findall(r'name="account" value="([^"]+)"', page)
    assert set(listed) == demo_people.account_names()
    assert demo_people.PASSWORD in page
    roles = re.findall(r'<h3 class="card-title">([^<]+)</h3>', page)
    assert roles[:3] == ["申报人", "单位职称管理员", "单位负责人"]


def test_production_shows_no_demo_account_and_opens_no_demo_door(settings: Settings, database: Database):
    client = create_app(replace(settings, mode="production"), database).test_client()
    secure = {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/login"}}
    page = client.get("/login", **secure).text
    assert "演示账号" not in page
    assert demo_people.PASSWORD not in page
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found is not None
    form = {"csrf_token": found[1], "account": "admin"}
    assert client.post("/login/demo", data=form, **secure).status_code == 404


def test_page_without_login_leads_to_the_login_and_back(client: FlaskClient):
    response = client.get("/identity?from=mail")
    assert (response.status_code, response.location) == (302, "/login?next=/identity?from%3Dmail")
    response = post(client, "/login/demo", account="zhang.lin", next="/identity?from=mail")
    assert response.location == "/identity?from=mail"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", ""])
def test_next_never_leaves_the_house(client: FlaskClient, target: str):
    assert post(client, "/login/demo", account="zhang.lin", next=target).location == "/tasks"


def test_revoked_login_is_shut_out_at_once(client: FlaskClient, database: Database):
    enter(client)
    with database.transaction() as work:
        work.execute(update(LoginSession).values(revoked_at=LoginSession.created_at))
    assert client.get("/identity").location == "/login?next=/identity"


def test_logout_ends_the_login_on_the_server(client: FlaskClient, app: Flask, database: Database):
    enter(client)
    cookie = client.get_cookie("zhiping")
    assert cookie is not None
    assert post(client, "/logout").location == "/login"
    thief = app.test_client()
    thief.set_cookie("zhiping", cookie.value)
    assert thief.get("/identity").location == "/login?next=/identity"


def test_switch_identity_changes_what_one_acts_as(client: FlaskClient, database: Database):
    enter(client)
    with database.reading() as work:
        grant = work.scalars(select(LoginSession.acting_grant_id)).one()
    post(client, "/identity", grant="")
    assert "当前身份：个人" in client.get("/identity").text
    post(client, "/identity", grant=str(grant))
    assert "当前身份：山城数智研究院 单位职称管理员" in client.get("/identity").text
    assert post(client, "/identity", grant=str(grant + 1)).status_code == 403


def test_acting_body_shows_in_the_list_once(client: FlaskClient, database: Database):
    with database.transaction() as work:
        clerk = people.by_account(work, "clerk.institute")
        assert clerk is not None
        for role, key in (("unit_head", "cq_data_institute"), ("agency", "dadukou_agency")):
            people.grant(work, clerk.id, role, organisations.by_key(work, key).id, (demo_people.SINCE, None))
    enter(client)
    page = client.get("/identity").text
    names = re.findall(r'<button class="btn[^>]*>([^<]+)</button>', page.split('class="identities"')[1])
    assert names == ["山城数智研究院", "大渡口区就业和人才中心", "个人"]
    assert "当前身份：山城数智研究院 单位职称管理员、山城数智研究院 单位负责人" in page


def test_post_without_the_page_s_token_is_refused(client: FlaskClient):
    form = {"account": "zhang.lin", "password": demo_people.PASSWORD}
    response = client.post("/login", data=form)
    assert response.status_code == 400
    assert "页面停留过久，为保障安全请刷新页面后重新提交。" in response.text


def test_headers_allow_only_our_own_scripts(client: FlaskClient):
    headers = client.get("/login").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["frame-ancestors"]) == ("'self'", "'self'", "'none'")
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")
    assert "<script>" not in client.get("/login").text


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient):
    cookie = client.get("/login").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}


def test_one_address_may_not_hammer_the_door(client: FlaskClient):
    csrf = token(client)
    form = {"csrf_token": csrf, "account": "nobody"}
    statuses = [client.post("/login/demo", data=form).status_code for _ in range(31)]
    assert statuses == [404] * 30 + [429]


def test_use_renews_the_login(client: FlaskClient, database: Database):
    enter(client)
    with database.transaction() as work:
        before = work.scalars(select(LoginSession.expires_at)).one() - accounts.LIFETIME / 2
        work.execute(update(LoginSession).values(expires_at=before))
    client.get("/identity")
    with database.reading() as work:
        assert work.scalars(select(LoginSession.expires_at)).one() > before + accounts.LIFETIME / 4


def test_switch_in_the_header_keeps_the_page_and_changes_the_menu(client: FlaskClient):
    enter(client)
    page = client.get("/tasks?q=张").text
    assert re.findall(r"(个人中心|单位中心)</button>", page) == ["个人中心", "单位中心"]
    assert '<input type="hidden" name="next" value="/tasks?q=张">' in page
    assert "单位推荐</a>" in page
    response = post(client, "/identity", grant="", next="/tasks?q=张")
    assert response.location == "/tasks?q=%E5%BC%A0"
    page = client.get(response.location).text
    assert "我的申请书</a>" in page
    assert "单位推荐</a>" not in page
