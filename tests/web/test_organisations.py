"""Bodies in the administrator's hands: found, looked at, founded, renamed, moved and merged, each looked at before."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import Database
from app.domain import organisations, spreadsheets
from tests.support import crowd
from tests.support.walk import N2
from tests.support.website import enter

pytestmark = pytest.mark.parametrize("season", ["sqlite"], indirect=True)


def plain(page: str) -> str:
    main = page[page.index('<main id="content"') :]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", main))


def body(season: Database, key: str) -> int:
    with season.reading() as session:
        return organisations.by_key(session, key).id


def test_body_is_found_and_its_page_says_who_works_and_what_waits_there(season: Database, season_site: Flask):
    crowd.walk(season, crowd.SUBMITTED)
    client, unit = enter(season_site, "admin"), body(season, crowd.UNIT)
    found = plain(client.get("/administration?q=数智研究&kind=institution").text)
    assert "共1个机构" in found
    assert "山城数智研究院上级：" in found
    under = plain(client.get(f"/administration?under={unit}").text)
    assert "共1个机构" in under
    page = plain(client.get(f"/administration/organisations/{unit}").text)
    for words in (
        "类别事业单位",
        "单位审核单位职称管理员3",
        "单位职称管理员白若溪clerk.institute自",
        "沿革没有变更记录",
    ):
        assert words in page
    for address in ("/administration?under=999999", "/administration/organisations/999999"):
        assert client.get(address).status_code == 404
    for address in ("/administration?kind=castle&page=99999999999999999999", f"/administration?under={'9' * 30}"):
        assert client.get(address).status_code == 200


def seen(page: str) -> dict[str, str]:
    """What the page that asks again carries, as somebody else would send it."""
    said = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)) | {"sure": "yes"}
    return {name: value for name, value in said.items() if name != "request_key"}


def test_body_is_founded_renamed_and_moved_after_a_look_at_what_that_touches(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PUBLICISED)
    client, unit = enter(season_site, "admin"), body(season, crowd.UNIT)
    address = f"/administration/organisations/{unit}"
    said = {"name": "山城数智科学院", "kind": "institution", "registered": "yes", "reason": "机构改革"}
    refused = client.post("/administration/organisations/new", data={**said, "contact_phone": "1", "parent": "9" * 30})
    assert (refused.status_code, "联系电话有误" in refused.text) == (422, True)
    page = client.post("/administration/organisations/new", data={**said, "key": "cq_new", "parent": unit}).text
    assert "上级机构山城数智研究院" in plain(page)
    made = client.post("/administration/organisations/new", data=seen(page))
    assert "沿革时间事项内容原因经办人" in plain(client.get(made.location).text)

    form = client.get(f"{address}/change").text
    code = re.search(r'name="credit_code"[^>]*value="([^"]*)"', form)
    assert code is not None
    page = client.post(f"{address}/change", data={**said, "credit_code": code[1]}).text
    words = plain(page)
    assert "名称山城数智研究院→山城数智科学院" in words
    assert "正在进行的公示1" in words
    assert "正在进行的公示内容已经固定，公示结束前仍显示原名称。" in words
    late = {**seen(page), "name": "山城数智大学"}
    assert client.post(f"{address}/change", data=seen(page)).status_code == 302
    assert "曾用名山城数智研究院" in plain(client.get(address).text)
    assert "山城数智科学院" in plain(client.get("/administration?q=山城数智研究院").text)
    beaten = client.post(f"{address}/change", data={**late, "credit_code": code[1]})
    assert (beaten.status_code, "刚刚已由他人变更" in beaten.text) == (409, True)
    assert "名称山城数智科学院→山城数智大学" in plain(beaten.text)

    assert client.post(f"{address}/move", data={"reason": "调整"}).status_code == 422
    district = body(season, "dadukou_tro")
    assert f'value="{district}"' in client.get(f"{address}/move?q=大渡口").text
    page = client.post(f"{address}/move", data={"other": district, "reason": "调整"}).text
    assert "能看到其在办事项的上级" in plain(page)
    assert client.post(f"{address}/move", data=seen(page)).status_code == 302
    assert "调整隶属上级机构" in plain(client.get(address).text)


def test_merge_is_looked_at_then_done_once_and_the_desk_goes_on(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PUBLICISED)
    client, unit = enter(season_site, "admin"), body(season, crowd.UNIT)
    with season.transaction() as session:
        other = organisations.create(session, "successor", "山城数据集团", "institution", registered=True).id
    address = f"/administration/organisations/{unit}"
    assert client.post(f"{address}/merge", data={"reason": "改制"}).status_code == 422
    page = client.post(f"{address}/merge", data={"other": other, "reason": "改制"}).text
    words = plain(page)
    for said in ("转到山城数据集团", "任职2", "在办的推荐批次1", "合并后不能撤销。", "正在进行的公示1"):
        assert said in words
    assert client.post(f"{address}/merge", data=seen(page)).status_code == 302
    again = client.post(f"{address}/merge", data=seen(page))
    assert (again.status_code, "已经并入其他机构" in again.text) == (409, True)
    assert "本机构已并入山城数据集团" in plain(client.get(address).text)
    clerk = enter(season_site, "clerk.institute")
    assert "山城数据集团" in clerk.get("/identity").text
    assert "申报人3名，1名等待本单位办理" in plain(clerk.get("/recommendation").text)
    assert "公示中" in plain(clerk.get(f"/recommendation/unit/{N2}").text)
    assert client.get("/administration?merged=yes").text.count("已并入山城数据集团") == 1


def sent(client: FlaskClient, kind: str, text: str, name: str = "名单.csv") -> TestResponse:
    data = {"file": (BytesIO(text.encode()), name)}
    return client.post(f"/administration/import/{kind}", data=data, content_type="multipart/form-data")


def test_registers_are_taken_from_files_after_a_look_row_by_row(season: Database, season_site: Flask):
    client = enter(season_site, "admin")
    assert "统一社会信用代码" in client.get("/administration/import/organisations?template=csv").get_data(as_text=True)
    for text, name in (
        ("", "空.csv"),
        ("甲,乙\n", "名单.csv"),
        ("名称,类别\n", "名单.doc"),
        ('"' + "长" * 140_000, "长.csv"),
    ):
        assert sent(client, "organisations", text, name).status_code == 422
    wrong = sent(client, "organisations", "名称,类别,代号\n甲所,城堡,\n乙所,事业单位,b\n")
    page = client.get(wrong.location).text
    assert "共2行，有2处错误，全部没有导入" in plain(page)
    assert "没有“城堡”这一机构类别" in client.get(f"{wrong.location}?format=csv").get_data(as_text=True)
    assert client.post(f"{wrong.location}/apply", data={"reason": "导入"}).status_code == 422

    rows = "甲所,事业单位,a,b\n乙所,事业单位,b,山城数智研究院\n"
    right = sent(client, "organisations", f"名称,类别,代号,上级机构\n{rows}")
    page = client.get(f"{right.location}?outcome=created&page=1").text
    assert "共2行，没有错误：新增2行，修改0行，不变0行" in plain(page)
    said = {"reason": "新设", "seen": seen(page)["seen"]}
    assert client.post(f"{right.location}/apply", data={**said, "seen": "0"}).status_code == 409
    assert client.post(f"{right.location}/apply", data=said).status_code == 302
    assert client.post(f"{right.location}/apply", data=said).status_code == 409
    assert "新增2行" in plain(client.get(right.location).text)
    assert "甲所上级：乙所事业单位" in plain(client.get("/administration?q=甲所").text)


def test_accounts_are_taken_from_files_and_choose_a_password_of_their_own(season: Database, season_site: Flask):
    client = enter(season_site, "admin")
    people = sent(client, "accounts", "账号,姓名,机构,岗位\nnew.clerk,新经办,山城数智研究院,职称管理员\n")
    page = client.get(people.location).text
    assert "山城数智研究院单位职称管理员（长期）" in plain(page)
    client.post(f"{people.location}/apply", data={"reason": "新设", "seen": seen(page)["seen"]})
    handed = client.post(f"{people.location}/passwords")
    told = spreadsheets.cells("初始密码.xlsx", handed.data)
    assert told[1][:3] == ["山城数智研究院", "新经办", "new.clerk"]
    fresh = season_site.test_client()
    entered = fresh.post("/login", data={"account": "new.clerk", "password": told[1][3]})
    assert entered.status_code == 302
    assert fresh.get("/inbox").status_code == 302  # first a password of his own
    assert enter(season_site, "manager").get("/administration/import/accounts").status_code == 403
    assert client.get("/administration/import/accounts/999999").status_code == 404
