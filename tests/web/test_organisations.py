"""Bodies in the administrator's hands: found, looked at, founded, renamed, moved and merged, each looked at before."""

import re

import pytest
from flask import Flask

from app.db import Database
from app.domain import organisations
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
