"""移到新版本 in the browser's eyes: planned with its list, followed, undone; for designers alone."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.config import Settings
from app.db import Database
from app.models.migration import Migration
from app.models.process import ProcessInstance
from app.processes import migrations
from tests.support import desk
from tests.support.website import enter, site

DESIGNER = "designer"


@pytest.fixture
def versions(database: Database) -> tuple[Database, int, int]:
    """One case on the first version of the desk's notice, and a second version."""
    with database.transaction() as session:
        first = desk.open_desk(session)
        desk.arrive(session, first)
        return database, first, desk.publish(session, check="单位复核")


def test_a_designer_moves_what_runs_and_takes_it_back(versions: tuple[Database, int, int], settings: Settings) -> None:
    database, first, second = versions
    client = enter(site(settings, database), DESIGNER)
    page = client.get(f"/studio/versions/{second}/migrations")
    assert "有<strong>1</strong>个实例在其他版本上办理" in page.text
    refused = client.post(f"/studio/versions/{second}/migrations", data={"reason": " "})
    assert (refused.status_code, "请填写移到新版本的理由" in refused.text) == (422, True)

    planned = client.post(f"/studio/versions/{second}/migrations", data={"reason": "改名"})
    address = planned.headers["Location"]
    assert "将移动<strong>1</strong>个实例" in client.get(address).text
    client.post(f"{address}/start")
    assert 'data-state="running"' in client.get(f"{address}/progress").text
    migrations.take_up(database)
    assert "已移入 1" in client.get(address).text
    assert pinned(database) == second

    client.post(f"{address}/undo")
    assert "已撤销 1" in client.get(address).text
    assert pinned(database) == first


def test_others_are_refused(versions: tuple[Database, int, int], settings: Settings) -> None:
    database, _, second = versions
    with database.transaction() as session:
        session.add(Migration(notice_version_id=second, reason="改名", planned_at=datetime(2023, 10, 9, tzinfo=UTC)))
    client = enter(site(settings, database), desk.CLERK)
    for address in (f"/studio/versions/{second}/migrations", "/studio/migrations/1", "/studio/migrations/1/progress"):
        assert client.get(address).status_code == 403
    for address in ("start", "stop", "undo"):
        assert client.post(f"/studio/migrations/1/{address}").status_code == 403


def pinned(database: Database) -> int:
    with database.reading() as session:
        return session.scalars(select(ProcessInstance.notice_version_id)).one()
