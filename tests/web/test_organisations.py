"""Bodies in the administrator's hands: the tree and its search, one body's page."""

import re

import pytest
from flask import Flask

from app.db import Database
from app.domain import organisations
from tests.support import crowd
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
