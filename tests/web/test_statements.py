"""No query in a loop: a page asks the database as often in a season with three times the rows."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.routing import Rule

from app.config import Settings
from app.db import Database
from tests.support.multiply import multiply
from tests.support.website import site, statements
from tests.web import parties, seasons
from tests.web.seasons import Season

TIMES = 3
WITHOUT = (
    "static",
    "attachments.show",  # a file's bytes are no page
    "health.figures",  # answers by the state of the machine; a test of its own counts its statements
    "studio_recording.show",  # a scenario is played in a process of its own
    "studio_recording.played",
)
# a batch with more names is no longer what was publicised: what was shown is then read, by one statement
READ_BACK = ("recommendation.batch", "restarts.show")
Sites = tuple[tuple[Season, Database], tuple[Season, Database]]


@pytest.fixture(scope="module", params=list(seasons.SEASONS))
def sites(
    request: pytest.FixtureRequest, sqlite_season: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sites]:
    """The season as it was played, and its copy in which every row stands three times."""
    folder = tmp_path_factory.mktemp("statements")
    with seasons.built(request.param, sqlite_season, folder) as small:
        file = folder / "large.db"
        seasons.copy(small.file, file)
        database = Database(f"sqlite:///{file}")
        with database.transaction() as session:
            multiply(session, TIMES)
        app = site(Settings("demo", str(database.engine.url), folder, b"t" * 32), database)
        large = replace(small, site=app, file=file)
        yield (small, small.site.extensions["database"]), (large, database)
        database.dispose()


def test_a_page_asks_no_more_for_more_rows(sites: Sites) -> None:
    """By two who may open it, each page once to warm up and once counted."""
    grown, asked = [], 0
    for rule in sites[0][0].doors("GET"):
        if rule.endpoint in WITHOUT:
            continue
        visitors = [each.account for each in parties.PARTIES if sites[0][0].lets(each.account, rule.endpoint)]
        for account in [*visitors[:1], *visitors[1:][-1:]]:
            few, many = (_asked(season, database, account, rule) for season, database in sites)
            asked += 1
            if many > few + (rule.endpoint in READ_BACK):
                grown.append((rule.endpoint, account, few, many))
    assert grown == [], grown
    assert asked > 60


def _asked(season: Season, database: Database, account: str, rule: Rule) -> int:
    client, address = season.enter(account), season.address(rule)
    client.get(address)
    with statements(database) as sent:
        answer = client.get(address)
    assert answer.status_code < 400, (rule.endpoint, account, answer.status_code)
    return len(sent)
