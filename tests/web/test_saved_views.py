"""常用筛选 above a list: kept, shown to whom it is shared with, renamed and taken away."""

import re

import pytest
from flask import Flask

from tests.support.website import enter


def links(page: str) -> list[tuple[str, str]]:
    part = re.search(r'<ul class="saved-views-list">.*?</ul>', page, re.DOTALL)
    found = re.findall(r'href="([^"]+)"[^>]*>([^<]+)', part[0]) if part else []
    return [(address.replace("&amp;", "&"), name) for address, name in found]


@pytest.mark.parametrize("season", ["sqlite"], indirect=True)
def test_a_view_is_kept_shared_renamed_and_taken_away(season_site: Flask):
    manager, office = enter(season_site, "manager"), enter(season_site, "committee")
    said = {"list": "instances", "query": "process=declaration&page=2", "name": "在办申报", "role": "committee_office"}
    kept = manager.post("/views", data=said)
    assert (kept.status_code, kept.location) == (302, "/instances?process=declaration")
    page = manager.get(kept.location).text
    assert links(page) == [("/instances?process=declaration", "在办申报")]
    assert 'aria-current="true">在办申报' in page
    shared = office.get("/instances").text
    assert links(shared) == [("/instances?process=declaration", "在办申报")]
    assert "保存为常用筛选" not in shared  # no condition, nothing to keep
    assert office.post("/views/1", data={"name": "改名"}).status_code == 404
    assert office.post("/views/1/delete").status_code == 404
    assert enter(season_site, "clerk.institute").post("/views", data=said).status_code == 403
    assert manager.post("/views", data={**said, "list": "nothing"}).status_code == 404
    back = manager.post("/views", data={**said, "name": " "}, follow_redirects=True)
    assert (back.request.query_string, "请填写常用筛选的名称。" in back.text) == (b"process=declaration", True)
    manager.post("/views/1", data={"name": "申报", "role": ""})
    assert links(office.get("/instances").text) == []
    assert "已删除常用筛选“申报”。" in manager.post("/views/1/delete", follow_redirects=True).text
    assert links(manager.get("/instances").text) == []
