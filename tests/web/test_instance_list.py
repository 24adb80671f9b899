"""办理监控, the list: filters that combine in the address, columns, pages, and the same as a table to take along."""

import csv
import re
from io import BytesIO, StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select, update

from app.db import Database
from app.domain import people
from app.models.declaration import Declaration
from app.models.notice import Committee
from app.models.people import Organisation, Person
from app.models.process import Deadline, ProcessInstance, Task
from app.processes import monitor
from tests.support import crowd
from tests.support.website import enter

on_sqlite = pytest.mark.parametrize("season", ["sqlite"], indirect=True)
HEADINGS = "流程,通知,申报人（单位）,办理阶段,当前环节,当前办理人,等待自,期限,状态"


def listed(client: FlaskClient, query: str) -> list[int]:
    page = client.get(f"/instances?{query}").text
    return [int(each) for each in re.findall(r'<td><a class="fw-bold" href="/instances/(\d+)"', page)]


@pytest.fixture
def walked(season: Database) -> Database:
    """Three declarations, two of them in a batch that is publicised, one objected to: instances 1 to 5."""
    crowd.walk(season, crowd.OBJECTED)
    return season


@on_sqlite
def test_every_filter_narrows_and_all_combine(walked: Database, season_site: Flask):
    client = enter(season_site, "manager")
    with walked.transaction() as session:
        unit = session.scalars(select(Organisation).where(Organisation.key == crowd.UNIT)).one()
        task = session.scalars(select(Task).where(Task.element_id == "unit_check", Task.status == "open")).one()
        clerk = people.by_account(session, "clerk.institute")
        assert clerk is not None
        task.person_id = clerk.id
        due = session.get_one(Deadline, task.deadline_id)
        due.due_at = task.created_at
        version, committee = session.scalars(select(func.max(ProcessInstance.notice_version_id))).one(), due.instance_id
        row = session.get_one(Declaration, task.declaration_id)
        committee, applicant = row.committee_id, row.person_id
        waiting = session.get_one(ProcessInstance, 1).waits["active"][-1][1]
    everything = listed(client, "")
    assert everything == [5, 4, 3, 2, 1]
    for query in ("season=2023", f"version={version}", "notice=n2_2023_bigdata", "status=running"):
        assert listed(client, query) == everything, query
    assert listed(client, f"committee={committee}") == [5, 3, 2, 1]
    for query in (
        *(f"office={unit.id}", f"office={unit.name}", "office=数智", f"holder={clerk.name}", f"holder={clerk.id}"),
        *("overdue=1", "element=unit_check", f"applicant={applicant}", "q=李", "stage=SUBMITTED"),
    ):
        assert 3 in listed(client, query), query
    assert listed(client, f"office=数智&overdue=1&holder={clerk.name}&season=2023&stage=SUBMITTED") == [3]
    assert listed(client, "overdue=1&q=邓") == []
    assert 1 in listed(client, f"element={waiting}")
    assert listed(client, "q=山城") == [4]  # a unit by the beginning of its name or by any part
    with walked.transaction() as session:
        session.execute(update(Deadline).where(Deadline.id == due.id).values(due_at=task.created_at))
    assert listed(client, "overdue=2") == []
    page = client.get(f"/instances?applicant={applicant}&q=李&column=about&column=since").text
    for kept in (f'name="applicant" value="{applicant}"', 'value="李"', 'name="column" value="since"'):
        assert kept in page  # no form loses what the others have chosen
    assert (
        f'href="/instances?applicant={applicant}&amp;column=about&amp;column=since" aria-label="去掉条件 名称"' in page
    )


@on_sqlite
def test_what_is_no_more_is_said_and_numbers_stay_out_of_the_address(walked: Database, season_site: Flask):
    client = enter(season_site, "manager")
    for query, words in (
        ("office=99999", "没有编号为99999的机构，可能已被删除"),
        ("office=撤并医院", "没有名称含“撤并医院”的机构"),
        ("notice=gone", "没有“gone”这一通知，可能已被删除。"),
        ("season=1999", "没有“1999”这一年度"),
        ("version=99", "没有“99”这一通知版本"),
        ("committee=99", "所选评委会已不存在"),
        ("stage=GONE", "没有“GONE”这一办理阶段。"),
        ("status=gone", "没有“gone”这一状态。"),
        ("holder=无此人", "没有姓名为“无此人”的人员"),
        ("overdue=x", "逾期的工作日数须为1至999的整数。"),
        ("applicant=99999", "没有您可以查看的该申报人的办理事项。"),
    ):
        page = client.get(f"/instances?q=李&{query}")
        assert (page.status_code, words in page.text, "去掉这一条件" in page.text) == (200, True, True), query
        assert "没有符合条件" not in page.text
    with walked.transaction() as session:
        person = session.scalars(select(Person).where(Person.account == "li.yue")).one()
        number = person.identity_number
    assert number is not None
    found = client.post("/instances/applicant?q=李", data={"number": number})
    assert (found.status_code, found.location) == (
        302,
        f"/instances?q=李&applicant={person.id}".replace("李", "%E6%9D%8E"),
    )
    office = enter(season_site, "committee")  # sees none of her files yet, and so learns nothing of her
    for said in (number, "50010119900101123X"):
        answer = office.post("/instances/applicant", data={"number": said}, follow_redirects=True)
        assert "没有找到该身份证号的办理事项" in answer.text
    assert "没有您可以查看的该申报人" in office.get(f"/instances?applicant={person.id}").text


@on_sqlite
def test_a_file_holds_what_the_screen_shows(walked: Database, season_site: Flask, monkeypatch: pytest.MonkeyPatch):
    client = enter(season_site, "manager")
    with walked.transaction() as session:
        session.execute(update(Person).where(Person.account == "li.yue").values(name="=1+1"))
        session.execute(update(Committee).values(name="评委会"))
    usual = client.get("/instances/export?format=csv&process=declaration")
    assert usual.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(usual.data.decode("utf-8-sig"))))
    assert ",".join(rows[0]) == HEADINGS
    assert [row[0] for row in rows[1:]] == ["职称申报 #3", "职称申报 #2", "职称申报 #1"]
    assert rows[1][2:7] == ["'=1+1", "已提交，待单位审核", "单位审核", "山城数智研究院", "2023年10月9日09:00"]
    assert rows[3][4] == "等待：本批推荐结果"
    chosen = "column=identity&column=about&column=committee&q=%3D1"
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(f"/instances/export?format=xlsx&{chosen}").data))
    (headings, values) = book.get_sheet_by_index(0).to_python()
    assert headings == ["评委会", "申报人（单位）", "身份证号"]
    assert (values[:2], re.fullmatch(r"\d{3}\*{11}[\dX]{4}", values[2]) is not None) == (["评委会", "=1+1"], True)
    assert values[2] in client.get(f"/instances?{chosen}").text
    monkeypatch.setattr("app.web.instance_list.MOST", 2)
    cut = client.get("/instances/export").data.decode("utf-8-sig").splitlines()
    assert (len(cut), "共5件，本表只列出最近开始的2件" in cut[-1]) == (4, True)
    assert enter(season_site, "clerk.institute").get("/instances/export").status_code == 403


@on_sqlite
def test_filters_about_a_task_mean_one_and_the_same(walked: Database, season_site: Flask):
    client = enter(season_site, "manager")
    with walked.transaction() as session:
        here = session.scalars(select(Task).where(Task.element_id == "unit_check", Task.status == "open")).one()
        there = session.scalars(select(Organisation.id).where(Organisation.id != here.organisation_id)).first()
        late = session.scalars(
            select(Task).where(Task.status == "open", Task.deadline_id.is_not(None), Task.id != here.id)
        ).first()
        assert late is not None
        session.get_one(Deadline, late.deadline_id).due_at = late.created_at
        late.instance_id, late.organisation_id, late.engine_task_id = here.instance_id, there, "beside"
        session.get_one(Deadline, late.deadline_id).instance_id = here.instance_id
    assert listed(client, f"office={there}&overdue=1") == [here.instance_id]
    assert listed(client, f"office={here.organisation_id}&overdue=1") == []


@on_sqlite
def test_pages_are_turned_from_where_one_stands(walked: Database, season_site: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(monitor, "PAGE", 2)
    client = enter(season_site, "manager")
    assert (listed(client, ""), listed(client, "before=4"), listed(client, "before=2")) == ([5, 4], [3, 2], [1])
    assert (listed(client, "after=1"), listed(client, "after=3&process=declaration")) == ([3, 2], [])
    middle = client.get("/instances?before=4&status=running").text
    assert 'href="/instances?after=3&amp;status=running">上一页' in middle
    assert 'href="/instances?before=2&amp;status=running">下一页' in middle
    for name, few in (("MANY", 2), ("FEW", 1), ("GATHERED", 1)):  # as if the list were long
        monkeypatch.setattr(monitor, name, few)
    for query, expected in (
        ("process=declaration", [3, 2]),
        ("stage=SUBMITTED", [3]),
        ("office=数智", [5, 4]),
        ("element=unit_check&office=数智", [3]),
        ("q=山城", [4]),
        ("incident=1", []),
    ):
        assert listed(client, query) == expected
    page = client.get("/instances").text
    assert "超过2件" in page
    assert '<option value="objection">公示异议核实</option>' in page
    monkeypatch.setattr(monitor, "GATHERED", 100)
    assert listed(client, "office=数智&season=2023&process=declaration") == [3]


@on_sqlite
@pytest.mark.bad_input
def test_a_number_that_no_database_holds_is_no_fault(walked: Database, season_site: Flask):
    client, number = enter(season_site, "manager"), "9" * 30
    for name in ("season", "version", "committee", "office", "holder", "overdue", "applicant", "before", "page"):
        assert client.get(f"/instances?{name}={number}").status_code == 200, name
    for address in ("/season?committee=", "/batch-actions?author=", "/batch-actions?page=", "/incidents?page="):
        assert client.get(address + number).status_code == 200, address
    assert client.get(f"/season/ledger?office={number}").status_code == 404


DATED = {
    "manager": ("/batch-actions?since=", "/batch-actions?until=", "/instances?before=", "/tasks?due=",
                "/tasks/done?since=", "/tasks/started?since=", "/deadlines?day=", "/deadlines?month="),
    "admin": ("/outbox?since=", "/administration/login-log?since=", "/administration/login-log?until="),
}  # fmt: skip


@on_sqlite
@pytest.mark.bad_input
@pytest.mark.parametrize("who", DATED)
def test_a_day_that_no_clock_shows_is_no_fault(walked: Database, season_site: Flask, who: str):
    client = enter(season_site, who)
    for address in DATED[who]:
        for day in ("0001-01-01", "9999-12-31", "2023-02-30", "gestern"):
            assert client.get(address + day).status_code in (200, 404), address + day
