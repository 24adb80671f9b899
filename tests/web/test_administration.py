"""Bodies and accounts, substitutes, the working calendar and supplementary notices, each with its effect beforehand."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.db import Database
from app.domain import permissions
from app.models.calendar import CalendarDay
from app.models.notice import NoticeVersion
from app.models.notification import Notification
from app.models.people import Person, RoleGrant, Substitute
from app.models.process import Deadline, Task
from tests.support import crowd
from tests.support.walk import N2
from tests.support.website import enter

REST = {"what": "day", "day": "2023-10-13", "working": "no", "note": "临时放假", "source": "虚构放假通知"}
WORK = {"what": "day", "day": "2023-10-14", "working": "yes", "note": "调休上班", "source": "虚构放假通知"}
EXTENDED = {
    "notice": N2,
    "committee": "1",
    "window": "check",
    "opens_on": "2023-11-01",
    "closes_on": "2023-11-22",
    "number": "渝大数据函〔2023〕9号",
    "legal_basis": "市职改办同意",
    "reason": "审核量大",
    "keep_old": "nobody",
}


def plain(page: str) -> str:
    main = page[page.index('<main id="content"') :]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", main))


def due(database: Database, rule: str) -> set[str]:
    """When the open deadlines of a rule fall due."""
    with database.reading() as session:
        rows = session.scalars(select(Deadline).where(Deadline.rule == rule, Deadline.closed_at.is_(None))).all()
        return {clock.local(row.due_at).strftime("%m-%d %H:%M") for row in rows if row.due_at}


def test_tree_and_accounts_say_who_holds_what(season: Database, season_site: Flask):
    client = enter(season_site, "admin")
    page = plain(client.get("/administration").text)
    assert "└山城数智研究院事业单位" in page
    found = plain(client.get("/administration/accounts?q=白若溪").text)
    assert "白若溪clerk.institute山城数智研究院单位职称管理员唯一任职人指定代办人" in found


def test_substitute_acts_from_the_first_day_and_is_told(season: Database, season_site: Flask):
    crowd.walk(season, crowd.SUBMITTED)
    with season.reading() as session:
        absent = session.scalars(
            select(RoleGrant).join(Person, Person.id == RoleGrant.person_id).where(Person.account == "clerk.institute")
        ).one()
        stand_in = session.scalars(select(Person).where(Person.account == "head.institute")).one()
        task = session.scalars(select(Task).where(Task.name == "单位审核", Task.status == "open")).first()
        assert task is not None
        assert permissions.may_act(session, stand_in.id, task) is False
    address = f"/administration/grants/{absent.id}/substitute"
    client = enter(season_site, "admin")
    said = {"substitute_id": str(stand_in.id), "from_on": "2023-10-09", "to_on": "2023-10-20", "reason": "出差"}
    assert client.post(address, data=said).status_code == 302
    with season.reading() as session:
        row = session.scalars(select(Substitute)).one()
        assert (row.substitute_id, row.role, row.reason) == (stand_in.id, "unit_clerk", "出差")
        assert clock.local(row.to_at).strftime("%m-%d %H:%M") == "10-21 00:00"
        assert permissions.may_act(session, stand_in.id, task) is True
        told = session.scalars(select(Notification).where(Notification.template == "substitute_named")).one()
        assert (told.person_id, "2023年10月20日24时" in told.body) == (stand_in.id, True)
    assert "贺兰山代办至2023年10月20日24时" in plain(client.get("/administration/accounts?q=白若溪").text)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": " "}, "请填写指定代办人的原因。"),
        ({"to_on": "2023-10-08"}, "截止日期不能早于起始日期，也不能早于今天。"),
        ({"substitute_id": ""}, "请选择代办人。"),
        ({"from_on": ""}, "请填写代办的起止日期。"),
        ({"to_on": "9999-12-31"}, "请填写代办的起止日期。"),
    ],
)
def test_substitute_needs_person_dates_and_reason(
    season: Database, season_site: Flask, change: dict[str, str], words: str
):
    said = {"substitute_id": "1", "from_on": "2023-10-09", "to_on": "2023-10-20", "reason": "出差", **change}
    refused = enter(season_site, "admin").post("/administration/grants/1/substitute", data=said)
    assert (refused.status_code, words in refused.text) == (422, True)
    with season.reading() as session:
        assert session.scalar(select(func.count(Substitute.id))) == 0


def test_calendar_shows_working_and_rest_days_of_a_year(season: Database, season_site: Flask):
    client = enter(season_site, "admin")
    page = client.get("/calendar?year=2023").text
    assert 'title="2023年10月6日：休息日（国庆节）"' in page
    assert 'class="day is-makeup" title="2023年10月7日：工作日"' in page
    assert "2099年放假安排未公布" in plain(client.get("/calendar?year=2099").text)


def test_rest_day_is_rehearsed_then_moves_the_running_publicity(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PUBLICISED)
    client = enter(season_site, "admin")
    assert due(season, "unit_publicity") == {"10-17 00:00"}
    looked = plain(client.post("/calendar/preview", data=REST).text)
    assert "2023年10月13日调整为休息日（虚构放假通知）" in looked
    assert "2023年10月16日24时2023年10月17日24时" in looked
    assert due(season, "unit_publicity") == {"10-17 00:00"}
    with season.reading() as session:
        assert session.scalars(select(CalendarDay)).all() == []
    assert client.post("/calendar", data=REST).status_code == 302
    assert due(season, "unit_publicity") == {"10-18 00:00"}


def test_announced_date_is_shortened_only_when_a_manager_approves(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PUBLICISED)
    client, manager = enter(season_site, "admin"), enter(season_site, "manager")
    assert "较已告知的提前1个，须" not in plain(client.post("/calendar/preview", data=REST).text)
    looked = plain(client.post("/calendar/preview", data=WORK).text)
    assert "较已告知的提前1个" in looked
    assert "核准前按原日期执行" in looked
    client.post("/calendar", data=WORK)
    assert due(season, "unit_publicity") == {"10-17 00:00"}
    waiting = manager.get("/calendar/shortenings").text
    assert "2023年10月16日24时2023年10月14日24时" in plain(waiting)
    ticked = {"deadline": re.findall(r'name="deadline" value="(\d+)"', waiting)}
    refused = manager.post("/calendar/shortenings", data={**ticked, "decision": "approve"})
    assert (refused.status_code, "请填写理由。" in refused.text) == (422, True)
    assert client.post("/calendar/shortenings", data={**ticked, "reason": "市局同意"}).status_code == 403
    manager.post("/calendar/shortenings", data={**ticked, "decision": "approve", "reason": "市局同意"})
    assert due(season, "unit_publicity") == {"10-15 00:00"}
    assert "没有待核准的期限" in plain(manager.get("/calendar/shortenings").text)


def test_announced_date_stands_where_a_manager_keeps_it(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PUBLICISED)
    enter(season_site, "admin").post("/calendar", data=WORK)
    manager = enter(season_site, "manager")
    manager.post("/calendar/shortenings", data={"all": "yes", "decision": "keep", "reason": "已经公告"})
    assert due(season, "unit_publicity") == {"10-17 00:00"}
    assert "没有待核准的期限" in plain(manager.get("/calendar/shortenings").text)


def test_pasted_arrangement_makes_a_year_known_and_its_days_too(season: Database, season_site: Flask):
    client = enter(season_site, "admin")
    said = {"what": "year", "year": "2099", "source": "虚构放假通知", "text": "元旦：1月1日至3日放假。1月4日上班。"}
    refused = client.post("/calendar/preview", data={**said, "text": "元旦：1月1日（周五）放假。"})
    assert (refused.status_code, "第1行的2099年1月1日是周四，原文写周五，请核对。" in refused.text) == (422, True)
    assert "请粘贴放假安排的文字" in client.post("/calendar/preview", data={**said, "text": " "}).text
    assert "元旦放假2099年1月1日、2099年1月2日、2099年1月3日" in plain(client.post("/calendar/preview", data=said).text)
    client.post("/calendar", data=said)
    page = client.get("/calendar?year=2099").text
    assert 'title="2099年1月2日：休息日（元旦）"' in page
    assert 'class="day is-makeup is-own" title="2099年1月4日：工作日"' in page
    assert "2099年放假安排未公布" not in plain(page)


def test_calendar_change_needs_day_kind_note_and_source(season: Database, season_site: Flask):
    refused = enter(season_site, "admin").post("/calendar/preview", data={"what": "day"})
    assert refused.status_code == 422
    for words in ("请按年月日填写日期", "请选择工作日或休息日", "请填写说明", "请填写依据的文件"):
        assert words in refused.text


def test_supplementary_notice_is_rehearsed_then_extends_one_window(season: Database, season_site: Flask):
    crowd.walk(season, crowd.CHECKED)
    client = enter(season_site, "admin")
    form = plain(client.get(f"/supplements/new?notice={N2}&committee=1").text)
    assert "现行审核时间2023年11月1日00:00至2023年11月15日24时" in form
    assert due(season, "route_deadline") == {"11-16 00:00"}
    looked = plain(client.post("/supplements/preview", data=EXTENDED).text)
    assert "2023年11月1日00:00至2023年11月15日24时2023年11月1日00:00至2023年11月22日24时" in looked
    assert "2023年11月15日24时2023年11月22日24时" in looked
    told = re.search(r"将通知\d+人：([^<]*?)返回修改", looked)
    assert told is not None
    assert set(told[1].split("、")) == {"张林", "邓可", "李悦", "白若溪"}
    assert due(season, "route_deadline") == {"11-16 00:00"}
    with season.reading() as session:
        assert session.scalar(select(func.count(NoticeVersion.id)).where(NoticeVersion.amends.is_not(None))) == 0
    assert client.post("/supplements", data=EXTENDED).status_code == 302
    assert due(season, "route_deadline") == {"11-23 00:00"}
    with season.reading() as session:
        assert session.scalar(select(func.count(Notification.id)).where(Notification.template == "window_changed")) > 0
    assert "渝大数据函〔2023〕9号" in plain(client.get(f"/supplements/new?notice={N2}").text)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"number": ""}, "请填写补充通知的文号。"),
        ({"reason": ""}, "请填写补充通知的事由。"),
        ({"closes_on": ""}, "请填写新的起止日期。"),
        ({"closes_on": "2023-10-01"}, "截止时间不能早于开始时间。"),
        ({"committee": "99"}, "本通知没有第99号评委会。"),
    ],
)
def test_supplementary_notice_says_what_is_missing(
    season: Database, season_site: Flask, change: dict[str, str], words: str
):
    refused = enter(season_site, "admin").post("/supplements/preview", data={**EXTENDED, **change})
    assert (refused.status_code, words in refused.text) == (422, True)


def test_administration_is_the_administrators(season_site: Flask):
    client = enter(season_site, "manager")
    for address in ("/administration", "/administration/accounts", "/calendar", "/supplements/new"):
        assert client.get(address).status_code == 403
    assert client.post("/calendar", data=REST).status_code == 403
    assert client.post("/supplements", data=EXTENDED).status_code == 403
