"""The desk of a session and the projected screen follow what happens in the room; on the screen stands no name."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.domain.reviews import agenda, seats
from tests.browser import serving
from tests.browser.accessibility import violations
from tests.browser.conftest import SCREENS
from tests.browser.visitor import Visitor, Website
from tests.support import room as rooms

DESKTOP = (1360, 900)


@pytest.fixture
def website(bare_season: Path, tmp_path: Path) -> Iterator[Website]:
    with serving.served(bare_season, tmp_path) as site:
        yield site


@pytest.fixture
def office(browser: Browser, website: Website) -> Iterator[Visitor]:
    visitor = Visitor(browser, website, SCREENS, DESKTOP)
    yield visitor
    visitor.close()
    assert not visitor.watch.faults, "\n".join(visitor.watch.faults)


def test_the_desk_and_the_screen_follow_the_room(office: Visitor, website: Website) -> None:
    files = website.files / "site" / "attachments"
    review = rooms.prepare(website.database, files, seats=13, items=2, present=9).meeting.review.id
    with website.database.reading() as session:
        names = [line.name for line in seats.lines(session, review)]
        names += [line.applicant for line in agenda.lines(session, review)]
        last = seats.present(session, review)[-1].id
    office.log_in("committee")
    office.go(f"/sessions/{review}")
    office.see("达到法定出席人数", "若1人离席：9→8人到会", names[0])
    assert violations(office.page) == []
    screen = office.second_tab()
    screen.go(f"/sessions/{review}/screen")
    screen.see("实到 9 人", "下一位：第1号")
    assert violations(screen.page) == []
    with website.database.transaction() as session:
        seats.leave(session, seats.get(session, last))
    expect(screen.page.locator("#board")).to_contain_text("未达法定出席人数（9人）")
    expect(office.page.locator("#lamp")).to_contain_text("还差1人")
    assert not [name for name in names if name in screen.page.locator("body").inner_text()]
    office.page.reload()
    expect(office.page.get_by_role("button", name="开始投票")).to_be_disabled()
    office.shot("session_desk")
