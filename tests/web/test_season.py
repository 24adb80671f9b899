"""评审季看板 for those who see all, for a committee's office and for an office on the way; alerts; ledgers."""

import re

from flask import Flask
from sqlalchemy import func, select

from app.db import Database
from app.jobs.counting import count
from app.models.figures import AlertCrossing
from app.models.notification import Notification
from tests.support import crowd
from tests.support.figuring import count_all
from tests.support.website import enter, statements
from tests.web.test_instances import plain


def told(database: Database) -> int:
    with database.reading() as session:
        alerts = select(func.count()).select_from(Notification).where(Notification.template == "figures_alert")
        return session.scalar(alerts) or 0


def csrf(page: str) -> dict[str, str]:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return {"csrf_token": found[1]}


def test_season_is_shown_to_each_as_far_as_he_answers_for_it(season: Database, season_site: Flask) -> None:
    ids = crowd.walk(season, crowd.PUBLICISED)
    count_all(season)
    manager = enter(season_site, "manager")
    page = plain(manager.get("/season").text)
    assert "单位公示中2" in page
    assert "填报3100%提交3100%受理00%" in page
    assert "网上申报2023年10月7日至2023年10月31日24时还有15个工作日截止填报中0件" in page
    assert "审核2023年11月1日至2023年11月15日24时还有16个工作日开始未受理3件" in page
    assert "山城数智研究院" in page
    office = plain(enter(season_site, "committee").get("/season").text)
    assert "单位公示中2" in office  # counts of its own committee, before any of its files has come
    district = plain(enter(season_site, "tro.jiangan").get("/season").text)
    assert "范围：到过本机构的申请书" in district
    assert "还没有申请书" in district
    chart = manager.get("/season/calendar?notice=n4_2022_dadukou")
    assert "共77个评委会" in chart.text
    assert "网上申报 11.14 09:30–11.29 17:30" in chart.text or "11.7–11.25" in chart.text
    assert manager.get("/season?notice=nothing").status_code == 404
    counts = []
    for more in (0, 12):
        with season.transaction() as session:
            crowd.stand(session, more)
        count_all(season)
        with statements(season) as sent:
            manager.get("/season")
        counts.append(len(sent))
    assert counts[0] == counts[1]
    _ledgers(season_site, ids)


def _ledgers(site: Flask, ids: dict[str, int]) -> None:
    own = enter(site, "zhang.lin")
    page = plain(own.get(f"/declarations/{ids['zhang']}/ledger").text)
    assert "山城数智研究院单位职称管理员正在办理" in page
    assert "申报人填写申请书2023年10月9日09:00" in page
    assert own.get(f"/declarations/{ids['li']}/ledger").status_code == 403
    file = own.get(f"/declarations/{ids['zhang']}/ledger?format=csv")
    assert file.data.startswith("\ufeff办理主体,任务,接收时间".encode())
    manager = enter(site, "manager")
    assert "张林" in manager.get("/instances/1/ledger").text
    assert manager.get("/instances/4/ledger").status_code == 404  # a batch is no declaration
    office = plain(manager.get("/season/ledger").text)
    assert "山城数智研究院" in office
    assert "单位审核" in office
    assert manager.get("/season/ledger?office=999999").status_code == 404
    assert manager.get("/season/ledger?format=xlsx").data.startswith(b"PK")


def test_threshold_is_told_once_a_crossing(season: Database, season_site: Flask) -> None:
    crowd.walk(season, crowd.SUBMITTED)
    client = enter(season_site, "manager")
    form = csrf(client.get("/season/alerts").text)
    wrong = client.post("/season/alerts", data={**form, "queue": "许多", "overdue": "0"})
    assert (wrong.status_code, wrong.text.count("请填写1至100000之间的整数")) == (422, 2)
    assert 'value="许多"' in wrong.text
    client.post("/season/alerts", data={**form, "queue": "3"})
    for _ in range(2):
        count_all(season)
        count(season)
    assert told(season) == 1
    assert "山城数智研究院待办3件" in client.get("/season/alerts").text
    crowd.walk(season, crowd.CHECKED[3:5], {"zhang": 1, "deng": 2, "li": 3})
    count_all(season)
    count(season)
    with season.reading() as session:
        assert session.scalar(select(func.count()).select_from(AlertCrossing)) == 0
    client.post("/season/alerts", data={**form, "queue": "1"})
    count_all(season)
    count(season)
    assert told(season) == 2
