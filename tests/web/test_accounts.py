"""One account: granting a post, its scope, ending it, closing the account, a new password; and what is refused."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.domain import organisations, people
from app.models.access import AccountChange
from app.models.declaration import Declaration
from app.models.people import Person, RoleGrant
from app.models.process import Event, Task
from tests.support import crowd
from tests.support.website import enter
from tests.web.test_administration import plain

ADMIN = "/administration"


pytestmark = pytest.mark.parametrize("season", ["sqlite"], indirect=True)


def person(database: Database, account: str) -> int:
    with database.reading() as session:
        found = people.by_account(session, account)
        assert found is not None
        return found.id


def post_of(database: Database, account: str) -> int:
    with database.reading() as session:
        wanted = select(RoleGrant.id).join(Person).where(Person.account == account, RoleGrant.revoked_at.is_(None))
        return session.scalars(wanted).first() or 0


def grant(client: FlaskClient, who: int, **said: str):  # type: ignore[no-untyped-def]
    form = {"from_on": "2023-10-09", "reason": "任命文件", **said}
    return client.post(f"{ADMIN}/accounts/{who}/posts", data=form)


def test_post_is_granted_works_at_once_and_is_ended_with_its_tasks(season: Database, season_site: Flask):
    crowd.walk(season, crowd.SUBMITTED)
    admin, zhou = enter(season_site, "admin"), person(season, "zhou.wen")
    with season.reading() as session:
        unit = organisations.by_key(session, crowd.UNIT).id
    assert "山城数智研究院" in admin.get(f"{ADMIN}/accounts/{zhou}/posts?q=数智").text
    said = {"role": "unit_clerk", "organisation_id": str(unit), "specialties": "software"}
    assert grant(admin, zhou, **said).status_code == 302
    page = plain(admin.get(f"{ADMIN}/accounts/{zhou}").text)
    assert "山城数智研究院单位职称管理员软件2023年10月9日09:00长期在任" in page
    assert "授予任职山城数智研究院单位职称管理员，自2023年10月9日09:00起长期，软件任命文件" in page
    held = post_of(season, "zhou.wen")
    admin.post(f"{ADMIN}/grants/{held}/scope", data={"reason": "全部专业"})
    clerk = enter(season_site, "zhou.wen")
    assert clerk.get("/tasks").text.count("单位审核") >= 3
    with season.transaction() as session:
        mine = session.scalars(select(Task).where(Task.name == "单位审核", Task.status == "open")).all()
        mine[0].person_id = zhou
    old = post_of(season, "clerk.institute")
    looked = plain(admin.get(f"{ADMIN}/grants/{old}/end").text)
    assert "没有由其认领的事项" in looked
    assert "无人可办没有" in looked
    looked = plain(admin.get(f"{ADMIN}/grants/{held}/end").text)
    assert "1件由其认领的事项放回该岗位" in looked
    assert admin.post(f"{ADMIN}/grants/{held}/end", data={"reason": " "}).status_code == 422
    assert admin.post(f"{ADMIN}/grants/{held}/end", data={"reason": "调离"}).status_code == 302
    assert "单位审核" not in plain(clerk.get("/tasks").text)
    with season.reading() as session:
        assert session.get_one(Task, mine[0].id).person_id is None
        moved = session.scalars(select(Event).where(Event.kind == "reassigned")).one()
        assert (moved.said["reason"], moved.said["from"][-2:]) == ("调离", "周雯")
        kinds = session.scalars(select(AccountChange.kind).where(AccountChange.person_id == zhou))
        assert list(kinds) == ["granted", "scoped", "ended"]
    assert admin.post(f"{ADMIN}/grants/{held}/end", data={"reason": "再次"}).status_code == 404
    looked = plain(admin.get(f"{ADMIN}/grants/{old}/end").text)
    assert re.search(r"无人可办3件没有其他任职人，办理后无人可办", looked)


def test_account_is_closed_opened_and_given_a_password_for_one_login(season: Database, season_site: Flask):
    admin, clerk, who = enter(season_site, "admin"), enter(season_site, "finance"), person(season, "finance")
    assert clerk.get("/tasks").status_code == 200
    assert "没有由其认领的事项" in plain(admin.get(f"{ADMIN}/accounts/{who}/disable").text)
    assert admin.post(f"{ADMIN}/accounts/{who}/disable", data={"reason": "退休"}).status_code == 302
    assert clerk.get("/tasks").status_code == 302
    assert "已停用" in plain(admin.get(f"{ADMIN}/accounts/{who}").text)
    assert admin.post(f"{ADMIN}/accounts/{who}/password", data={"reason": "忘记"}).status_code == 422
    assert admin.post(f"{ADMIN}/accounts/{who}/enable", data={"reason": "返聘"}).status_code == 302
    answer = admin.post(f"{ADMIN}/accounts/{who}/password", data={"reason": "忘记"}).text
    given = re.search(r'font-monospace" data-own-words>([a-z0-9-]{19})<', answer)
    assert given is not None
    assert given[1] not in admin.get(f"{ADMIN}/accounts/{who}").text
    browser = season_site.test_client()
    browser.post("/login", data={"account": "finance", "password": given[1]})
    assert browser.get("/tasks").location == "/profile/password"
    assert browser.post("/identity", data={"grant": ""}).status_code == 422
    same = {"old": given[1], "password": given[1], "again": "x"}
    refused = browser.post("/profile/password", data=same)
    assert refused.status_code == 422
    assert {"两次输入的新密码不一致", "新密码不能与原密码相同"} == set(
        re.findall("两次输入的新密码不一致|新密码不能与原密码相同", refused.text)
    )
    new = "一个只有我知道的密码"
    assert browser.post("/profile/password", data={"old": given[1], "password": new, "again": new}).status_code == 302
    assert browser.get("/tasks").status_code == 200


def test_what_nobody_may_be_granted_and_what_nobody_may_end(season: Database, season_site: Flask):
    """All faults of a form at once; one's own account; the last administrator; posts that exclude each other."""
    admin, me, zhou = enter(season_site, "admin"), person(season, "admin"), person(season, "zhou.wen")
    with season.reading() as session:
        office = organisations.by_key(session, "cq_bigdata_bureau").id
    faulty = grant(admin, zhou, role="chair", from_on="2023-10-01", to_on="2023-09-01", reason="").text
    for words in ("不能在此授予", "任职不能追溯", "截止日期不能早于", "请填写原因"):
        assert words in faulty, words
    for no_day in ("20231", "0001-01-01"):
        assert "请按年月日填写" in grant(admin, zhou, role="manager", from_on=no_day).text
    assert "不能给自己授予任职" in grant(admin, me, role="manager").text
    assert "须在机构中任职" in grant(admin, zhou, role="finance").text
    assert "不在机构中任职" in grant(admin, zhou, role="manager", organisation_id=str(office)).text
    assert "没有找到该机构" in grant(admin, zhou, role="finance", organisation_id="999").text
    narrow = {"role": "patrol", "organisation_id": str(office), "specialties": "software"}
    assert "须至少有一名不限专业的任职人" in grant(admin, zhou, **narrow).text
    assert "请从所列专业中选择" in grant(admin, zhou, **{**narrow, "specialties": "kites"}).text
    assert grant(admin, zhou, role="draw_operator", organisation_id=str(office)).status_code == 302
    assert "不能同时担任抽取单位纪检监督部门" in grant(admin, zhou, role="discipline", organisation_id=str(office)).text
    assert "已担任该岗位" in grant(admin, zhou, role="draw_operator", organisation_id=str(office)).text
    assert grant(admin, zhou, role="system_admin", to_on="2023-12-31").status_code == 302
    other = enter(season_site, "zhou.wen")  # acts for the office first
    other.post("/identity", data={"grant": str(_last_post(season, zhou))})
    mine = post_of(season, "admin")
    for address in (f"accounts/{me}/disable", f"grants/{mine}/end"):
        assert "这是最后一名系统管理员" in other.post(f"{ADMIN}/{address}", data={"reason": "试试"}).text
        assert "不能" in admin.post(f"{ADMIN}/{address}", data={"reason": "试试"}).text
    strange = ("accounts/999999", "accounts/9999999999999999999999", "grants/0/end", "grants/77777/scope")
    assert [admin.get(f"{ADMIN}/{each}").status_code for each in strange] == [404] * 4
    assert admin.get(f"{ADMIN}/accounts?organisation={'9' * 30}").status_code == 200


def _last_post(database: Database, who: int) -> int:
    with database.reading() as session:
        return max(session.scalars(select(RoleGrant.id).where(RoleGrant.person_id == who)))


def test_what_somebody_sees_is_asked_of_the_permissions_and_put_on_record(season: Database, season_site: Flask):
    """A clerk before and after his post is limited; the applicant himself; a stranger; secret invitations; nonsense."""
    crowd.walk(season, crowd.SUBMITTED)
    admin, who, post = (
        enter(season_site, "admin"),
        person(season, "clerk.institute"),
        post_of(season, "clerk.institute"),
    )
    with season.transaction() as session:
        case = session.scalars(select(Task).where(Task.name == "单位审核")).first()
        assert case is not None
        secret = Task(process_key="expert_invitation", engine_task_id="secret", element_id="x", name="参评确认")
        secret.role, secret.instance_id, secret.person_id = "member", case.instance_id, who
        secret.created_at = case.created_at
        session.add(secret)
    number, page = f"#{case.instance_id}", f"{ADMIN}/accounts/{who}/sight"
    assert "请填写原因" in admin.post(page, data={"identity": str(post)}).text

    def look(address: str, **said: str) -> str:
        return plain(admin.post(address, data={"reason": "来电询问", **said}).text)

    seen = look(page, identity=str(post), number=number)
    assert "待办3" in seen  # and not the invitation
    assert "山城数智研究院单位职称管理员3" in seen
    assert "可以查看本件有事项在其任职机构或下级机构的同一岗位（山城数智研究院单位职称管理员）" in seen
    assert "单位审核山城数智研究院单位职称管理员可以办理" in seen
    assert "单位推荐单位职称管理员" in seen
    assert "不能查看该身份没有任职" in look(page, number=number)
    assert "不能查看该身份没有任职" in look(page, identity=str(post), number=number, on="2001-01-01")
    assert "请按年月日填写日期" in look(page, on="2023-13-01")
    for nothing in ("渝职改受〔1999〕1号", "#999999", "#" + "9" * 30):
        assert "没有这一编号" in look(page, number=nothing)
    assert "是其本人的申报" in look(f"{ADMIN}/accounts/{person(season, 'zhang.lin')}/sight", number=_own(season))
    with season.transaction() as session:
        session.get_one(RoleGrant, post).specialties = ["software"]
    assert "专业不在其限定专业之内" in look(page, identity=str(post), number=_own(season))
    with season.reading() as session:
        looks = session.scalars(select(AccountChange).where(AccountChange.kind == "looked")).all()
        assert looks[0].details == {"about": f"以“山城数智研究院 单位职称管理员”身份，{number}"}
        assert len(looks) == 8


def test_a_role_is_told_by_menus_diagrams_and_rules(season: Database, season_site: Flask):
    admin = enter(season_site, "admin")
    role = plain(admin.get(f"{ADMIN}/roles/committee_office").text)
    assert "受理登记" in role
    assert "收费人员的事项所涉申报" in role
    assert "office_actions" in role
    assert "评委会审核受理" in plain(admin.get(f"{ADMIN}/roles").text) + role
    assert admin.get(f"{ADMIN}/roles/kites").status_code == 404


def _own(database: Database) -> str:
    """张林's declaration, which is of big data."""
    with database.reading() as session:
        mine = session.scalars(select(Declaration).join(Person).where(Person.account == "zhang.lin")).one()
        assert mine.specialty == "big_data"
        return f"#{mine.instance_id}"
