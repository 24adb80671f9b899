"""The login log, open logins, and what whoever comes back by an ended one reads."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from app import clock
from app.config import Settings
from app.db import Database
from app.domain import devices, login_log
from app.domain.demo_people import PASSWORD
from app.jobs.upkeep import tidy
from app.models.access import LoginRecord
from app.models.people import LoginSession, Person
from app.web import create_app
from tests.support.website import enter, site
from tests.web.test_administration import plain

LOG, OPEN = "/administration/login-log", "/administration/logins"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0"


pytestmark = pytest.mark.parametrize("season", ["sqlite"], indirect=True)


def come(app: Flask, account: str, password: str = PASSWORD, agent: str = PHONE) -> FlaskClient:
    browser = app.test_client()
    said = {"account": account, "password": password}
    browser.post("/login", data=said, headers={"User-Agent": agent}, environ_base={"REMOTE_ADDR": "203.0.113.77"})
    return browser


def attempt(at: datetime, account: str) -> LoginRecord:
    return LoginRecord(at=at, account=account, outcome="wrong", address="", device="")


def test_every_attempt_is_logged_with_its_reason_and_no_password(season: Database, season_site: Flask):
    typed = ("finance", "finance", "nobody", "hunter2hunter2", "FINANCE ")
    for account in typed:
        come(season_site, account, "a wrong password")
    come(season_site, "finance")  # locked by now? three wrong ones are not five
    with season.transaction() as session:
        session.execute(update(Person).where(Person.account == "li.yue").values(disabled_at=clock.now(session)))
    come(season_site, "li.yue")
    admin = enter(season_site, "admin")
    page = plain(admin.get(LOG).text)
    assert "li.yue李悦账号已停用203.0.113.*安卓·微信" in page
    assert "finance钱进宝登录成功203.0.113.*安卓·微信" in page
    assert page.count("密码有误203") == 3
    assert "nobody没有这一账号" in page
    assert "hunte…没有这一账号" in page
    assert "hunter2" not in page
    assert "wrong password" not in page
    few = plain(admin.get(f"{LOG}?account=FIN&outcome=wrong").text)
    assert (few.count("203.0.113"), "没有这一账号203" in few) == (3, False)
    assert "没有登录记录" in admin.get(f"{LOG}?until=2001-01-01").text
    odd = admin.get(f"{LOG}?since=kites&outcome=kites&before={'9' * 40}&account=%25")
    assert (odd.status_code, "没有登录记录" in odd.text) == (200, True)
    file = admin.get(f"{LOG}/export?outcome=unknown").data.decode("utf-8-sig")
    assert file.splitlines()[0] == "时间,账号,姓名,结果,来源,设备"
    assert len(file.splitlines()) == 3
    with season.transaction() as session:
        session.add_all(
            LoginRecord(at=clock.real(session), account="many", outcome="wrong", address="", device="")
            for _ in range(120)
        )
    newest = admin.get(f"{LOG}?account=many").text
    older = re.search(r'rel="next" href="([^"]+)"', newest)
    assert older is not None
    second = admin.get(older[1].replace("&amp;", "&")).text
    assert ("上一页" in second, "下一页" in second) == (True, True)


def test_the_log_is_kept_and_let_go_of(season: Database):
    with season.transaction() as session:
        login_log.note(session, "someone", None, "wrong", None)
        now = clock.real(session)
        for days in (170, 200, 400):
            session.add(
                LoginRecord(at=now - timedelta(days=days), account=f"old{days}", outcome="wrong", address="", device="")
            )
    for statement in ("UPDATE login_record SET account = 'x'", "DELETE FROM login_record WHERE account = 'old170'"):
        with pytest.raises(DBAPIError, match="kept"), season.engine.begin() as connection:
            connection.execute(text(statement))
    tidy(season, 365)
    with season.reading() as session:
        assert session.scalars(select(LoginRecord.account).order_by(LoginRecord.id)).all() == [
            "someone",
            "old170",
            "old200",
        ]


def test_open_logins_are_listed_and_ended_with_a_sentence(season: Database, season_site: Flask):
    admin, clerk, second = (come(season_site, each) for each in ("admin", "finance", "finance"))
    other = come(season_site, "clerk.institute", agent="kites")
    page = plain(admin.get(f"{OPEN}?q=FINANCE").text)
    assert (page.count("钱进宝finance"), "共2个登录" in page) == (2, True)
    own = plain(clerk.get("/profile/logins").text)
    assert (own.count("安卓·微信"), "本设备" in own, "登录成功" in own) == (4, True, True)
    with season.reading() as session:
        mine = session.scalars(
            select(LoginSession.id).join(Person).where(Person.account == "finance").order_by("id")
        ).all()
        foreign = session.scalars(select(LoginSession.id).join(Person).where(Person.account == "clerk.institute")).one()
    assert clerk.post("/profile/logins", data={"login": str(foreign)}).status_code == 404
    assert clerk.post("/profile/logins", data={"login": str(mine[1])}).status_code == 302
    assert clerk.post("/profile/logins", data={"login": str(mine[0])}).status_code == 404  # the one in use
    asked = second.get("/tasks?stage=x")
    assert asked.location == "/login?next=/tasks?stage%3Dx" or asked.location.startswith("/login?next=")
    told = second.get(asked.location).text
    assert "此登录已由您本人在其他设备上结束" in told
    assert "登录后回到原来的页面" in told
    assert admin.post(OPEN, data={"login": str(foreign)}).status_code == 422
    assert admin.post(OPEN, data={"login": str(foreign), "reason": "设备遗失"}).status_code == 302
    assert admin.post(OPEN, data={"login": str(foreign), "reason": "设备遗失"}).status_code == 404
    answer = other.post("/identity", data={"grant": ""}, headers={"Accept": "application/json"})
    assert (answer.status_code, "已由系统管理员结束" in answer.json["message"]) == (401, True)
    assert admin.post(OPEN, data={"which": "everybody", "reason": "升级"}).status_code == 302
    assert (clerk.get("/tasks").status_code, admin.get("/tasks").status_code) == (302, 200)
    with season.transaction() as session:
        past = clock.real(session) - timedelta(minutes=1)
        session.execute(update(LoginSession).where(LoginSession.revoked_at.is_(None)).values(expires_at=past))
        assert session.scalar(select(func.count(LoginSession.id))) == 4
    assert "超过8小时没有操作" in admin.get("/login").text


def test_address_is_the_visitors_own_only_where_a_proxy_of_ours_says_so(season: Database, settings: Settings):
    assert [devices.shortened(each) for each in ("2001:db8:1:2::9", "::1", "kites")] == ["2001:db8:1::*", "本机", ""]
    assert devices.words("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Edg/120") == "Windows · Edge"
    assert devices.words("") == "其他设备"
    app = create_app(replace(settings, proxies=1), season)
    app.config["WTF_CSRF_ENABLED"] = False
    for proxied in (app, site(settings, season)):
        said = {"account": "nobody", "password": "x"}
        proxied.test_client().post("/login", data=said, headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.77"})
    with season.reading() as session:
        assert session.scalars(select(LoginRecord.address).order_by(LoginRecord.id)).all() == ["203.0.113.*", "本机"]
