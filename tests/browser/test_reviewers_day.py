"""A reviewer's day: 45 files from the first key to the empty queue, and no press of the mouse."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import serving
from tests.browser.visitor import Visitor, Website
from tests.support import fortnight

Visit = Callable[..., Visitor]
FILES = 45
OPINION, NAME = "材料真实齐备，同意推荐。", "白若溪"
# pressed or clicked by anything but a key: a key's click has no place on the screen
POINTED = """addEventListener('pointerdown', () => sessionStorage.setItem('pointed', 'yes'), true);"""


@pytest.fixture
def website(bare_season: Path, tmp_path: Path) -> Iterator[Website]:
    """45 declarations that wait for the check of one unit."""
    with serving.served(bare_season, tmp_path) as site:
        fortnight.submit(site.database, FILES, tmp_path / "site" / "attachments")
        yield site


class Keyboard:
    """Nothing but keys, once the visitor has his page."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.page.context.add_init_script(POINTED)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.insert_text(words)

    def go(self, key: str) -> None:
        """A key that leads to another page."""
        here = self.page.url
        self.press(key)
        self.page.wait_for_url(lambda url: url != here)
        if "/tasks/" in self.page.url:
            self.visitor.form()

    def place(self, number: int) -> None:
        expect(self.page.get_by_label("同类事项")).to_contain_text(f"第 {number} / {FILES} 件")

    def fill(self) -> None:
        """审核要点, opinion and signature."""
        self.press("a", "f")
        self.type(OPINION)
        self.press("Tab")
        self.type(NAME)


def test_45_files_without_a_mouse(visit: Visit) -> None:
    clerk = visit()
    clerk.go("/login")
    keys = Keyboard(clerk)
    clerk.page.locator('button[name="account"][value="clerk.institute"]').focus()
    keys.go("Enter")
    clerk.go("/tasks")
    claim_three(keys)
    keys.go("Enter")
    keys.place(1)
    read_the_keys(keys)
    look_at_the_evidence(keys)
    skip_and_come_back(keys)
    for number in range(1, FILES + 1):
        keys.place(number)
        keys.fill()
        if number == 2:  # 不予推荐: the number asks before it is done
            keys.press("Alt+3")
            expect(clerk.page.get_by_role("dialog", name="请确认")).to_contain_text("确定办理“不予推荐”？")
            clerk.shot("70_keyboard_confirm")
            keys.press("Tab") if clerk.page.evaluate("document.activeElement.textContent") == "取消" else None
            keys.go("Enter")
        else:
            keys.go("Control+Enter")
    expect(clerk.page.locator("main")).to_contain_text("择优确定推荐人选")
    clerk.go("/tasks/done?page=3")
    clerk.see(f"共{FILES}件", "不予推荐")
    assert clerk.page.evaluate("sessionStorage.getItem('pointed')") is None


def claim_three(keys: Keyboard) -> None:
    """Tick three, claim them at once; the next key goes on from the list."""
    for _ in range(3):
        keys.press("j", "x")
    expect(keys.page.get_by_role("form", name="勾选的事项")).to_contain_text("已选 3 件")
    keys.visitor.shot("71_keyboard_ticked")
    keys.press("c")
    keys.visitor.see("已认领3件。")
    keys.press("j", "c")  # no longer ticked: the row itself is given back
    keys.visitor.see("已放回，本岗位其他人员可以认领。")
    expect(keys.page.locator("tbody tr").first.get_by_role("link")).to_be_focused()


def read_the_keys(keys: Keyboard) -> None:
    keys.press("?")
    help_ = keys.page.get_by_role("dialog", name="键盘快捷键")
    for words in (
        "审核通过，填写中也可使用",
        "退回补充完善（先确认）",
        "查看佐证材料",
        "审核要点全部符合",
        "下一件或下一页",
    ):
        expect(help_).to_contain_text(words)
    keys.visitor.shot("72_keyboard_help")
    keys.press("Escape")
    expect(help_).to_have_count(0)
    keys.press("f")
    keys.type("n?v2")  # in a box letters are letters
    keys.press("n", "2", "?")
    expect(help_).to_have_count(0)
    assert keys.page.evaluate("document.activeElement.value") == "n?v2n2?"
    keys.press("Control+a", "Backspace")
    keys.visitor.saved()


def look_at_the_evidence(keys: Keyboard) -> None:
    """Each file beside the form; what was looked at is told and stays told."""
    keys.page.evaluate("document.activeElement.blur()")
    left = keys.page.locator("[data-evidence-left]")
    before = int("".join(each for each in left.inner_text() if each.isdecimal()))
    keys.press("v")
    viewer = keys.page.get_by_role("region", name="查看佐证材料")
    expect(viewer.locator("iframe")).to_be_visible()
    keys.press("]", "o")
    expect(viewer.get_by_label("原件已核对")).to_be_checked()
    keys.visitor.shot("73_keyboard_evidence")
    keys.press("Escape")
    expect(viewer).to_be_hidden()
    expect(left).to_contain_text(f"还有{before - 2}份未看")
    keys.page.reload()
    keys.visitor.form()
    expect(left).to_contain_text(f"还有{before - 2}份未看")


def skip_and_come_back(keys: Keyboard) -> None:
    """下一件 saves what was begun; the one before brings it back."""
    keys.press("f")
    keys.type("待核")
    keys.page.evaluate("document.activeElement.blur()")
    keys.go("n")
    keys.place(2)
    keys.go("p")
    keys.place(1)
    assert keys.visitor.value("单位审核意见") == "待核"
    keys.press("f")
    keys.press("Shift+Tab", "Control+a", "Backspace")
    keys.page.evaluate("document.activeElement.blur()")
