"""The experts' room on a tablet: from the device's code to 已计入, each page within its screen and accessible."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.domain import ballots
from app.models.review import ReviewSession
from tests.browser import serving
from tests.browser.accessibility import violations
from tests.browser.conftest import SCREENS
from tests.browser.visitor import Visitor, Website
from tests.support import ballots as voting
from tests.support import room as rooms
from tests.support.room import Room

TABLET = (768, 1024)


@pytest.fixture
def website(bare_season: Path, tmp_path: Path) -> Iterator[Website]:
    with serving.served(bare_season, tmp_path) as site:
        yield site


@pytest.fixture
def tablet(browser: Browser, website: Website) -> Iterator[Visitor]:
    visitor = Visitor(browser, website, SCREENS, TABLET)
    yield visitor
    visitor.close()
    assert not visitor.watch.faults, "\n".join(visitor.watch.faults)


def test_an_expert_signs_in_reads_and_votes(tablet: Visitor, website: Website) -> None:
    room = rooms.prepare(website.database, website.files / "site" / "attachments", items=3, present=9)
    page = tablet.page

    tablet.go("/room")
    _sound(tablet, "登记评审专用设备")
    page.get_by_label("设备码").fill(room.devices[1])
    page.get_by_role("button", name="登记本设备").click()
    _sound(tablet, "席位码")
    page.get_by_label("席位码").fill(room.codes[1])
    page.get_by_role("button", name="进入席位").click()
    _sound(tablet, "申报回避", "我与其余申报人没有应当回避的关系")
    page.get_by_label("我与其余申报人没有应当回避的关系").check()
    page.get_by_role("button", name="确认").click()

    _sound(tablet, "0 / 3")
    page.locator("a.room-open").first.click()
    _sound(tablet, "第 1 / 3 份")
    page.get_by_role("link", name="获奖证书.png").click()
    _sound(tablet, "佐证材料 1 / 1")
    expect(page.locator(".room-evidence img")).to_be_visible()
    page.get_by_role("link", name="返回材料").click()
    page.get_by_label("评议意见", exact=True).fill("业绩突出，建议通过。")
    page.get_by_role("button", name="保存意见，下一份").click()
    _sound(tablet, "第 2 / 3 份", "已写意见 1 / 3")

    page.get_by_role("link", name="无记名投票").click()
    _sound(tablet, "投票未开始")
    _open(website, room)
    expect(page.locator(".room-sheet")).to_be_visible()  # by itself
    _sound(tablet, "未计入")
    for item in room.items:
        page.locator(f'input[name="item.{item}"][value="yes"]').check()
    page.get_by_role("button", name="核对选票").click()
    _sound(tablet, "同意 3，不同意 0，弃权 0")
    page.get_by_role("button", name="确认投票（确认后不可更改）").click()
    _sound(tablet, "已计入")


def _sound(tablet: Visitor, *words: str) -> None:
    """The page says so, stays within the screen and breaks no rule of accessibility."""
    tablet.see(*words)
    assert tablet.page.evaluate("document.documentElement.scrollWidth") <= TABLET[0], words
    assert violations(tablet.page) == [], words


def _open(website: Website, room: Room) -> None:
    with website.database.transaction() as session:
        review = session.get_one(ReviewSession, room.meeting.review.id)
        ballots.open(session, review, room.items, room.meeting.season.people["clerk"], voting.officers(session))
