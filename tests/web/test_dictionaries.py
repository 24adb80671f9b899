"""Dictionaries: an entry is added, renamed, retired and restored, at once everywhere; what is wrong is refused."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import clock
from app.db import Database
from app.domain import dictionaries
from app.models.declaration import Declaration
from tests.support import crowd
from tests.support.website import enter, statements
from tests.web.test_administration import plain

PAGE = "/administration/dictionaries"
ROBOTS = {"code": "robotics", "label": "机器人", "belongs": "engineering", "reason": "新设专业"}


pytestmark = pytest.mark.parametrize("season", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def as_shipped() -> Iterator[None]:
    """What one database holds must not be left to a test that asks none."""
    yield
    dictionaries._own.set({})


def offered(database: Database) -> dict[str, str]:
    with database.reading() as session:
        clock.now(session)
        return {each["value"]: each["label"] for each in dictionaries.options("specialty", series="engineering")}


def test_entry_lives_from_its_first_page_to_its_last(season: Database, season_site: Flask):
    """Another process (a second Database on the file) knows at its next transaction; the first reads no row twice."""
    crowd.walk(season, crowd.SUBMITTED)
    admin, elsewhere = enter(season_site, "admin"), Database(str(season.engine.url))
    assert "robotics" not in offered(elsewhere)
    assert admin.post(f"{PAGE}/specialty", data=ROBOTS).status_code == 302
    assert offered(elsewhere)["robotics"] == "机器人"
    assert "机器人robotics工程本部署增加可选" in plain(admin.get(f"{PAGE}/specialty").text)
    with statements(season) as sent:
        offered(season)
    assert len(sent) == 1  # the clock's own
    with season.transaction() as session:
        for each in session.query(Declaration):
            each.specialty = "robotics"
    looked = plain(admin.get(f"{PAGE}/specialty/robotics").text)
    assert "使用情况：申报3，" in looked
    change = {"reason": "规范名称", "act": "rename", "label": "智能机器人"}
    assert admin.post(f"{PAGE}/specialty/robotics", data=change).status_code == 302
    assert admin.post(f"{PAGE}/specialty/robotics", data={**change, "act": "retire"}).status_code == 302
    assert "robotics" not in offered(elsewhere)
    with season.reading() as session:
        clock.now(session)
        assert dictionaries.label("specialty", "robotics") == "智能机器人"
    assert "停用后不再供选择" in admin.get(f"{PAGE}/specialty/robotics").text
    assert admin.post(f"{PAGE}/specialty", data=ROBOTS).status_code == 422  # its code stays taken
    assert admin.post(f"{PAGE}/specialty", data={**ROBOTS, "code": "robots", "label": "智能机器人"}).status_code == 302
    assert "已有同名的项" in admin.post(f"{PAGE}/specialty/robotics", data={**change, "act": "restore"}).text
    shown = plain(admin.get(f"{PAGE}/specialty").text)
    assert "改名robotics由“机器人”改为“智能机器人”规范名称" in shown
    assert "共4条" in shown
    with pytest.raises(DBAPIError, match="append-only"), season.engine.begin() as connection:
        connection.execute(text("DELETE FROM dictionary_change"))
    elsewhere.dispose()


def test_what_a_dictionary_does_not_take(season: Database, season_site: Flask):
    admin = enter(season_site, "admin")
    wrong = admin.post(
        f"{PAGE}/specialty", data={"code": "9机器", "label": "字" * 21, "belongs": "kites", "reason": " "}
    )
    assert wrong.status_code == 422
    for words in ("代码用小写字母", "名称为1至20字", "请选择所属职称系列", "请填写原因"):
        assert words in wrong.text, words
    assert 'value="9机器"' in wrong.text
    for change in ({"code": "other"}, {"code": "software"}, {"label": " 软件 "}, {"code": "x" * 41}):
        assert admin.post(f"{PAGE}/specialty", data={**ROBOTS, **change}).status_code == 422, change
    for bound in ("level", "title"):
        refused = admin.post(f"{PAGE}/{bound}", data=ROBOTS)
        assert (refused.status_code, "此处只供查看" in refused.text) == (422, True)
        assert admin.post(f"{PAGE}/{bound}/junior", data={"act": "retire", "reason": "试"}).status_code in (404, 422)
    arts, change = f"{PAGE}/series/arts", {"act": "rename", "reason": "试"}
    assert "名称没有变化" in admin.post(arts, data={**change, "label": "艺术"}).text
    assert "没有停用" in admin.post(arts, data={**change, "act": "restore"}).text
    assert admin.post(arts, data={**change, "label": "文化艺术"}).status_code == 302
    assert "文化艺术" in plain(admin.get(PAGE).text)
    strange = ("kites", "specialty/kites", "kites/arts")
    assert [admin.get(f"{PAGE}/{each}").status_code for each in strange] == [404] * 3
    assert admin.post(arts, data={**change, "act": "drop"}).status_code == 422
    assert enter(season_site, "manager").get(PAGE).status_code == 403
