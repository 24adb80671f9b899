"""Every kind of page is looked over by axe, with the people who work on it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser import serving
from tests.browser.accessibility import expected, violations
from tests.browser.visitor import Visitor, Website
from tests.support import walk

Visit = Callable[..., Visitor]
PEOPLE = ("zhang.lin", "clerk.institute", "dept.city", "committee", "finance", "discipline", "manager", "admin", None)
OBJECTED = [*walk.PUBLICISE, {"at": "2023-10-11 09:00"}, {"object": {"text": "业绩系他人完成"}}]
NO_PAGES = re.compile(r"^/static/|\.(ics|xlsx|csv|pdf|pem|json)$|^/attachments/|^/documents/|/export")


@pytest.fixture
def website(demo_season: Path, tmp_path: Path) -> Iterator[Website]:
    """The demo, and a declaration in publicity with an objection."""
    with serving.served(demo_season, tmp_path) as site:
        walk.play(site.database, OBJECTED, declaration={**walk.ENGINEER, "applicant": "wang.hao"})
        yield site


def kind(address: str) -> str:
    """The same for every page of one kind: numbers and names of things do not count, nor do filters."""
    path = urlsplit(address).path
    return re.sub(r"/[A-Za-z0-9_-]*\d[A-Za-z0-9_-]*|(?<=/wordings)/\w+", "/N", path)


def test_no_page_breaks_a_rule(visit: Visit) -> None:
    wrong, seen = [], set()
    for account in PEOPLE:
        visitor = visit(account)
        expected(visitor.page)
        waiting = ["/", "/tasks"] if account else ["/login", "/complaints/new", "/publicity", "/register"]
        mine = {kind(each) for each in waiting}
        while waiting:
            address = waiting.pop(0)
            visitor.go(address)
            if address.startswith("/tasks/"):
                expect(visitor.page.locator("[data-island]:not([data-ready])")).to_have_count(0)
            if (kind(address) not in seen) or kind(address) == "/tasks/N":
                seen.add(kind(address))
                wrong += [f"{account} {address} {each}" for each in violations(visitor.page)]
            links = visitor.page.evaluate("[...document.querySelectorAll('a[href]')].map((a) => a.href)")
            for link in links:
                parts = urlsplit(link)
                path = f"{parts.path}?{parts.query}" if parts.query else parts.path
                new = parts.scheme.startswith("http") and kind(path) not in mine | seen
                if new and not NO_PAGES.search(parts.path):
                    mine.add(kind(path))
                    waiting.append(path)
    assert not wrong, "\n".join(wrong)
    assert len(seen) > 30
