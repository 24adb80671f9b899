"""A diagram whose script fails: the clerk reads what happened and a number to tell, and keeps what he wrote."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.models.process import Incident
from tests.browser import serving
from tests.browser.visitor import Visitor, Website
from tests.support import desk


@pytest.fixture
def website(bare_season: Path, tmp_path: Path) -> Iterator[Website]:
    """A made-up notice with one declaration at the unit's check; the opinion "break" leads to a failing script."""
    with serving.served(bare_season, tmp_path) as site:
        with site.database.transaction() as session:
            desk.arrive(session, desk.open_desk(session))
        yield site


def test_a_failing_script_tells_its_number_and_keeps_the_content(
    visit: Callable[..., Visitor], website: Website
) -> None:
    clerk = visit(desk.CLERK)
    clerk.open_task("单位审核")
    clerk.fill("单位审核意见", "break")
    with clerk.expecting(500):
        clerk.decide("审核通过")
        clerk.see("故障编号")
    clerk.shot("59_failing_script")
    assert clerk.value("单位审核意见") == "break"
    with website.database.reading() as session:
        incident = session.scalars(select(Incident)).one()
    assert (incident.element_id, incident.status) == ("broken", "open")
    clerk.page.reload()
    expect(clerk.field("单位审核意见")).to_have_value("break")
    clerk.fill("单位审核意见", "材料真实")
    clerk.decide_and_go("审核通过")
    clerk.see("已办理：单位审核·张林")
