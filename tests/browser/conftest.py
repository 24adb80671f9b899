"""The demo's website in a real Chromium: a fresh database for each test, and visitors who are watched for every fault.

A test fails when a page of its visitors breaks one of the rules of `tests.browser.watch`.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from app.domain import notices
from app.domain.drafts import cloning
from app.models.people import Person
from tests.browser import serving
from tests.browser.visitor import TIMEOUT, Visitor, Website

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--in-process-gpu",
    "--js-flags=--no-opt --no-maglev",  # no page lives long enough to earn what its scripts' optimisation costs
)
SCREENS = Path(__file__).parents[2] / "build" / "screens"
PHONE = 390

expect.set_options(timeout=TIMEOUT)


# what takes longest begins first, each at a worker of its own; the rest fills what is left
LONG = (
    "test_designer",
    "test_paid_to_certificate",
    "test_accessibility",
    "test_reviewers_day",
    "test_a1_walk",
    "test_fortnight",
    "test_managers_morning",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    places = [place for place, item in enumerate(items) if here in item.path.parents]
    mine = [items[place] for place in places]
    mine.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))  # each is handed one stretch of the list
    dealt = [item for worker in range(workers) for item in mine[worker::workers]]
    for place, item in zip(places, dealt, strict=True):
        items[place] = item
        item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The system's Chromium (tools/find-chromium.sh provides one), never a downloaded one."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found is not None, f"browser tests need one of {', '.join(NAMES)}: run tools/find-chromium.sh"
    return {"executable_path": found, "args": list(FLAGS)}


@pytest.fixture(scope="session")
def demo_season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's database and the evidence of its drafts."""
    return serving.fill(tmp_path_factory.mktemp("demo"), drafts=True)


@pytest.fixture(scope="session")
def bare_season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without drafts, for tests that bring their own declarations."""
    return serving.fill(tmp_path_factory.mktemp("bare"), drafts=False)


@pytest.fixture
def website(demo_season: Path, tmp_path: Path) -> Iterator[Website]:
    """The demo as a visitor finds it; a module that needs another state brings a fixture of the same name."""
    with serving.served(demo_season, tmp_path) as site:
        yield site


@pytest.fixture
def draft(website: Website) -> int:
    """A draft of next year's N2."""
    with website.database.transaction() as session:
        by = session.scalars(select(Person.id).where(Person.name == "杜思齐")).one()
        version = notices.latest(session, "n2_2023_bigdata").id
        said, files = cloning.of_version(session, version)
        said = replace(cloning.next_year(said), number="待编号")
        return cloning.begin(session, said, files, by=by, based_on=version).id


@pytest.fixture
def visit(browser: Browser, website: Website) -> Iterator[Callable[..., Visitor]]:
    """`visit("zhang.lin")`: a browser of its own in which that demo account is logged in; None stays a stranger."""
    visitors: list[Visitor] = []

    def open_browser(account: str | None = None, *, phone: bool = False) -> Visitor:
        visitor = Visitor(browser, website, SCREENS, (PHONE, 844) if phone else (1280, 900))
        visitors.append(visitor)
        if account is not None:
            visitor.log_in(account)
        return visitor

    yield open_browser
    for visitor in visitors:
        visitor.close()
    faults = [fault for visitor in visitors for fault in visitor.watch.faults]
    assert not faults, "\n".join(faults)
