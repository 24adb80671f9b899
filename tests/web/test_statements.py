"""No query in a loop: a page asks the database as often in a season with three times the rows."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.config import Settings
from app.db import Database
from app.web import session as web_session
from tests.support.multiply import multiply
from tests.support.website import site, statements
from tests.web import test_permission_walk as walk
from tests.web import things
from tests.web.test_permission_walk import Season

TIMES = 3
WITHOUT = (
    "static",
    "attachments.show",  # a file's bytes are no page
    "studio_recording.show",  # a scenario is played in a process of its own
    "studio_recording.played",
)
Sites = tuple[tuple[Season, Database], tuple[Season, Database]]


@pytest.fixture(scope="module", params=list(walk.SEASONS))
def sites(
    request: pytest.FixtureRequest, sqlite_season: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sites]:
    """The season as it was played, and its copy in which every row stands three times."""
    folder = tmp_path_factory.mktemp("statements")
    small, large = folder / "small.db", folder / "large.db"
    shutil.copy(sqlite_season, small)
    database = Database(f"sqlite:///{small}")
    steps, relations = walk.SEASONS[request.param]
    declaration = walk.play(database, steps)
    with database.transaction() as session:
        arguments = things.arguments(session, declaration)
    things.rehearse(folder, arguments["draft_id"])
    database.dispose()
    shutil.copy(small, large)
    databases = [Database(f"sqlite:///{path}") for path in (small, large)]
    with databases[1].transaction() as session:
        multiply(session, TIMES)
    apps = [site(Settings("demo", str(each.engine.url), folder, b"t" * 32), each) for each in databases]
    web_session.limiter.enabled = False
    first = Season(apps[0], small, arguments, relations)
    yield (first, databases[0]), (replace(first, site=apps[1], file=large), databases[1])
    web_session.limiter.enabled = True
    for each in databases:
        each.dispose()


def test_a_page_asks_no_more_for_more_rows(sites: Sites) -> None:
    """By two who may open it, each page once to warm up and once counted."""
    grown, asked = [], 0
    for rule in walk._doors(sites[0][0].site, "GET"):
        if rule.endpoint in WITHOUT:
            continue
        visitors = [account for account in walk.EVERYBODY if sites[0][0].lets(account, rule.endpoint)]
        for account in [*visitors[:1], *visitors[1:][-1:]]:
            few, many = (_asked(season, database, account, rule) for season, database in sites)
            asked += 1
            if many > few:
                grown.append((rule.endpoint, account, few, many))
    assert grown == []
    assert asked > 60


def _asked(season: Season, database: Database, account: str, rule: walk.Rule) -> int:
    client, address = season.enter(account), walk._address(season, rule)
    client.get(address)
    with statements(database) as sent:
        answer = client.get(address)
    assert answer.status_code < 400, (rule.endpoint, account, answer.status_code)
    return len(sent)
