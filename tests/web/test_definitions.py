"""流程统计: a process with its counts on the diagram and in the table, for those who see all and for an office."""

import json
import re

from flask import Flask

from app.db import Database
from tests.support import crowd
from tests.support.figuring import count_all
from tests.support.website import enter, statements
from tests.web.test_instances import plain


def state(page: str) -> dict[str, object]:
    found = re.search(r'id="diagram-state">(.*?)</script>', page, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def test_process_shows_what_stands_where_and_how_long_it_took(season: Database, season_site: Flask) -> None:
    crowd.walk(season, crowd.TO_SUBMIT)
    client = enter(season_site, "manager")
    assert "尚未统计" in client.get("/definitions").text
    count_all(season)
    index = plain(client.get("/definitions").text)
    assert (
        "职称申报关于开展2023年重庆市工程技术大数据智能化专业职称申报评审工作的通知第1版渝大数据发〔2023〕54号300"
        in index
    )
    assert "没有仍在旧版本上办理的事项" in client.get("/definitions?old=1").text
    version = re.search(r"/definitions/(\d+)/declaration", client.get("/definitions").text)
    assert version
    base = f"/definitions/{version[1]}"
    whole = client.get(f"{base}/declaration").text
    assert state(whole)["counts"] == {"handling": {"open": 3, "overdue": 0, "incidents": 0}}
    assert "填写申请书00033000" in plain(whole)
    level = client.get(f"{base}/check_level?heat=days&element=check").text
    assert state(level)["labels"] == {"check": "0日"}
    assert "“审核”用时最长的事项办理事项#1：0个工作日" in plain(level)
    batch = client.get(f"{base}/unit_recommendation?heat=days&element=unit_close").text
    assert "结束公示0001155" in plain(batch)
    assert client.get(f"{base}/nothing").status_code == 404
    assert client.get(f"{base}/declaration?element=nothing").status_code == 404
    with statements(season) as sent:
        client.get(f"{base}/declaration")
    assert len(sent) < 25
    own = enter(season_site, "committee").get(f"{base}/declaration").text
    assert state(own)["counts"] == {}
