"""One visitor with a browser of his own: the few things people do on these pages, in the words they read there."""

import re
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, Locator, Page, expect

from app.db import Database
from tests.browser.watch import Watch

NARROW = 600  # points; a screen below is a telephone's, and touched
TIMEOUT = 20_000  # milliseconds: a page does it at once, a burdened machine much later
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
# the headless shell has no viewer of PDFs: the pages are to treat it as a browser that has one
VIEWS_PDF = "Object.defineProperty(Navigator.prototype, 'pdfViewerEnabled', { get: () => true });"
# a timer that runs out after the form's own TYPING_DELAY: until then the bar speaks of what was typed earlier
TAKEN_OVER = "new Promise((done) => setTimeout(done, 200))"


@dataclass(frozen=True)
class Website:
    """The served application; `files` is a folder for what a test uploads."""

    url: str
    database: Database
    files: Path


class Visitor:
    """`page` is the tab in front; faults are collected in `watch`."""

    def __init__(self, browser: Browser, website: Website, screens: Path, size: tuple[int, int]) -> None:
        viewport = {"width": size[0], "height": size[1]}
        self._context = browser.new_context(
            base_url=website.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport=viewport,
            has_touch=size[0] < NARROW,
            reduced_motion="reduce",
        )
        self._context.add_init_script(VIEWS_PDF)
        self.watch = Watch(self._context, website.url)
        self.website, self._screens = website, screens
        self._context.set_default_timeout(TIMEOUT)
        self._attached: dict[Page, CDPSession] = {}
        self.page = self._context.new_page()

    def close(self) -> None:
        """Look once more at every open page, then leave."""
        for page in self._context.pages:
            page.evaluate("window.__look?.()")
        self._context.close()

    def log_in(self, account: str) -> None:
        """What the login page's button of that demo account does, without drawing that page; some tests press it."""
        token = TOKEN.search(self._context.request.get("/login").text())
        assert token is not None
        form = {"csrf_token": token[1], "account": account}
        entered = self._context.request.post("/login/demo", form=form, max_redirects=0)
        self.go(entered.headers["location"])
        assert self.path() != "/login", account

    def go(self, path: str) -> None:
        self.page.goto(path)

    def second_tab(self) -> "Visitor":
        """The same browser and login with a new tab in front."""
        other = copy(self)
        other.page = self._context.new_page()
        return other

    def path(self) -> str:
        """The address of the page in front, without the host."""
        return urlsplit(self.page.url).path

    def see(self, *words: str) -> None:
        """The page shows each of `words`, or does within a while, and is loaded: it answers to clicks and keys."""
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each)
        self.page.wait_for_load_state()

    def focused(self) -> None:
        """The page has put the focus on something, as it does a moment after it was loaded: keys arrive there."""
        self.page.wait_for_load_state()
        expect(self.page.locator("body :focus")).to_have_count(1)

    def shot(self, name: str) -> None:
        """The whole page, as if the window were as high as it, into build/screens."""
        size = self.page.viewport_size
        height = self.page.evaluate("Math.min(6000, document.documentElement.scrollHeight)")
        self.page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
        taken = self._tools().send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
        self._screens.mkdir(parents=True, exist_ok=True)
        (self._screens / f"{name}.png").write_bytes(b64decode(taken["data"]))
        self.page.set_viewport_size(size)

    def _tools(self) -> CDPSession:
        """The browser's own tools for the page in front, whose picture costs half of what Playwright's does."""
        if self.page not in self._attached:
            self._attached[self.page] = self._context.new_cdp_session(self.page)
        return self._attached[self.page]

    def click(self, words: str) -> None:
        """A link or button with exactly these words."""
        self._clickable(words).click()

    def menu(self, words: str) -> None:
        """An entry of the menu, wherever the width put it."""
        entry = self.page.get_by_role("navigation").get_by_role("link", name=words, exact=True, include_hidden=True)
        expect(entry).to_have_count(1)
        if not entry.is_visible():
            self.page.get_by_role("button", name="更多").click()
        entry.click()

    def open_task(self, title: str) -> None:
        """From the inbox, the task whose title begins with `title`; its form is drawn when this returns."""
        self.find_task(title).click()
        self.form()

    def find_task(self, title: str) -> Locator:
        """The inbox's link to that task.

        What somebody else has just sent may arrive a moment after his answer: the inbox is looked at until it is there.
        """
        waiting = self.page.locator("main table").get_by_role("link", name=title).first
        until = time.monotonic() + TIMEOUT / 1000
        self.go("/tasks")
        while not waiting.is_visible() and time.monotonic() < until:
            self.go("/tasks")
        expect(waiting).to_be_visible()
        return waiting

    def form(self) -> Locator:
        """The page's form, drawn."""
        island = self.page.locator('[data-island="form"][data-ready]')
        expect(island).to_be_visible()
        return island

    def field(self, label: str) -> Locator:
        """The form's field of exactly that label, with or without the star of what must be filled."""
        named = self.form().get_by_label(re.compile(rf"^{re.escape(label)}\s*\*?$"))
        return named.and_(self.page.locator("input, select, textarea"))

    def fill(self, label: str, text: str) -> None:
        self.field(label).fill(text)
        self.field(label).blur()

    def value(self, label: str) -> str:
        return self.field(label).input_value()

    def fill_day(self, label: str, day: str) -> None:
        """`day` as the field shows it: 2023/10/17."""
        self.field(label).fill(day)
        self.field(label).press("Enter")

    def fill_moment(self, label: str, day: str, time: str) -> None:
        self.fill_day(label, day)
        clock = self.form().locator('.fjs-form-field-datetime input[id$="-time"]')
        clock.fill(time)
        clock.press("Enter")

    def tokens(self) -> list[str]:
        """The elements of the page's diagram that carry the token."""
        marks = self.page.locator('[data-island="diagram"] .diagram-token')
        expect(marks.first).to_be_attached()
        near = "mark => mark.closest('[data-container-id]').dataset.containerId"
        return [mark.evaluate(near) for mark in marks.all()]

    def upload(self, label: str, path: Path) -> None:
        """Into the evidence field of that label; waits until the file's name stands there as a link."""
        self.evidence(label).locator('input[type="file"]').set_input_files(path)
        expect(self.evidence(label).get_by_role("link", name=path.name)).to_be_visible()

    def evidence(self, label: str) -> Locator:
        return self.form().locator(".fjs-form-field-evidence").filter(has_text=label)

    def decide(self, words: str) -> None:
        """The button of the decision bar."""
        self.page.locator("[data-decision-bar]").get_by_role("button", name=words, exact=True).click()

    def decide_and_go(self, words: str) -> None:
        """The same, and on to the page that follows."""
        here = self.page.url
        self.decide(words)
        self.page.wait_for_url(lambda url: url != here)

    def saved(self) -> None:
        """The decision bar says that the draft is saved, with what was typed last."""
        self.page.evaluate(TAKEN_OVER)
        expect(self.page.locator('.decision-status[data-state="saved"]')).to_be_visible()

    def problems(self) -> list[str]:
        """The sentences of the list above the form, once it is shown."""
        listed = self.page.locator(".problems li")
        expect(listed.first).to_be_visible()
        return [each.evaluate("line => line.firstChild.textContent") for each in listed.all()]

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Within, answers of these statuses are what the test wants, and no fault."""
        self.watch.allowed |= set(statuses)
        yield
        self.watch.allowed -= set(statuses)

    def fast_forward(self) -> None:
        """The banner's button, and the page after it."""
        with self.page.expect_navigation():
            self._banner().get_by_role("button", name="快进到下一期限").click()

    def set_clock(self, moment: str) -> None:
        """The banner's 指定时间; `moment` as the field takes it, seconds allowed."""
        self._banner().get_by_text("指定时间", exact=True).first.click()
        field = self._banner().locator('input[name="moment"]')
        field.evaluate("(input, value) => { input.step = '1'; input.value = value; }", moment)
        with self.page.expect_navigation():
            self._banner().get_by_role("button", name="确定").click()
        self.see("演示时钟已到")

    def clock(self) -> str:
        """The banner's wall time as YYYY-MM-DDTHH:MM."""
        return self._banner().locator("input[name=moment]").input_value()

    def _banner(self) -> Locator:
        return self.page.locator(".demo-clock")

    def _clickable(self, words: str) -> Locator:
        main = self.page.locator("body")
        return main.get_by_role("link", name=words, exact=True).or_(main.get_by_role("button", name=words, exact=True))

    def edit_row(self, table: str, row: int = 1) -> Locator:
        """The side panel of one row of a table of records."""
        records = self.form().locator(f'.records[data-field="{table}"]')
        records.locator("tr[data-row]").nth(row - 1).get_by_role("button", name="编辑").click()
        panel = self.page.locator("dialog.record-panel")
        expect(panel).to_be_visible()
        return panel

    def save_row(self) -> None:
        self.page.locator("dialog.record-panel").get_by_role("button", name="保存本行").click()
        expect(self.page.locator("dialog.record-panel")).to_have_count(0)
