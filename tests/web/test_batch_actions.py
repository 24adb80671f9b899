"""批量操作 from the browser's side: chosen by ticks or by the filter, looked at, started, its results taken along."""

import pytest
from flask.testing import FlaskClient

from app.config import Settings
from app.db import Database
from app.processes.tick import tick
from tests.processes.test_batch_actions import cases
from tests.support import clockwork
from tests.support.clockwork import Freeze, Works
from tests.support.website import enter, site, statements


def chosen(client: FlaskClient, **said: object) -> str:
    answer = client.post("/batch-actions", data={"action": "remind", **said})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


@pytest.fixture
def works(sqlite_database: Database, freeze: Freeze) -> Works:
    return clockwork.build(sqlite_database, freeze)


def test_chosen_looked_at_started_and_taken_along(works: Works, settings: Settings) -> None:
    ids, app = cases(works), site(settings, works.database)
    manager, clerk = enter(app, "manager"), enter(app, clockwork.CLERK)
    listed = manager.get("/instances?q=张林").text
    assert 'name="query" value="q=' in listed
    assert f'name="instance" value="{ids[0]}"' in listed

    page = chosen(manager, all="1", query="?q=张林&process=asks")
    assert "将对<strong>1</strong>件办理事项执行“催办”" in manager.get(page).text
    page = chosen(manager, instance=[*map(str, ids), "x", "999"])
    shown = manager.get(page).text
    assert "将对<strong>3</strong>件办理事项执行“催办”" in shown
    assert "first（市大数据研究院）" in shown or "first（" in shown
    assert "催办：…。" in shown
    assert clerk.get(page).status_code == clerk.post("/batch-actions", data={"instance": "1"}).status_code == 403
    nothing = manager.post("/batch-actions", data={"action": "remind"})
    assert (nothing.status_code, "请先勾选" in nothing.text) == (422, True)

    assert manager.post(f"{page}/start", data={"reason": "临近截止"}).status_code == 302
    assert 'hx-trigger="load delay:700ms"' in manager.get(f"{page}/progress").text
    tick(works.database)
    after = manager.get(f"{page}/progress").text
    assert "hx-get" not in after
    assert "已结束：3 / 3" in after
    assert "原因：<span data-own-words>临近截止</span>" in after
    rows = manager.get(f"{page}/results").data.decode("utf-8-sig").splitlines()
    assert [row.split(",")[4] for row in rows] == ["结果", "已执行", "已执行", "已执行"]
    assert "没有这种结果" in manager.get(f"{page}?outcome=failed").text
    assert "已执行3" in manager.get("/batch-actions?action=remind&state=ended").text
    assert "批量操作第2号：催办" in manager.get(f"/instances/{ids[0]}?tab=timeline").text

    one = chosen(manager, instance=str(ids[0]))
    with statements(works.database) as short:
        manager.get(one)
    with statements(works.database) as long:
        manager.get(page)
    assert len(long) <= len(short) + 1  # with what people will be told the shorter list says more
    assert "取消" in manager.post(f"{one}/cancel", follow_redirects=True).text
