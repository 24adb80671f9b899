"""Boards, lists and files of an office count and name what lies at its own posts and below, nothing of another's."""

import csv
import shutil
from io import StringIO
from pathlib import Path

from flask.testing import FlaskClient
from lxml import html

from app.config import Settings
from app.db import Database
from app.processes import figures
from tests.support.walk import N2, N4, SUBMIT, play
from tests.support.website import enter, site
from tests.web import parties

CITY, DISTRICT = "张林", "王浩"  # one declares to the city's committee, one to the district's
WANG = {"applicant": "wang.hao", "base": "district_engineer", "committee": 76}
# how many declarations the season board counts under each notice: an office's own committees, a superior's committees
# that it approves, and beyond that what came to its posts
SEASONS = {
    "manager": (1, 1),
    "committee": (1, 0),
    "municipal.tro": (1, 0),
    "committee.dadukou": (0, 1),
    "tro.jiangan": (0, 0),
    "committee.beside": (0, 0),
}
# whose cases have come to an office's posts
LISTED = {
    "manager": {CITY, DISTRICT},
    "committee": set(),
    "committee.dadukou": {DISTRICT},
    "committee.beside": set(),
}


def test_office_counts_and_lists_its_own_alone(settings: Settings, sqlite_season: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_season, tmp_path / "season.db")
    database = Database(f"sqlite:///{tmp_path / 'season.db'}")
    play(database, SUBMIT, declaration=WANG, notice=N4, clock="2022-11-14 10:00")
    play(database, SUBMIT)
    with database.transaction() as session:
        parties.add(session)
    figures.refresh(database, at_once=True)
    app = site(settings, database)
    clients = {account: enter(app, account) for account in SEASONS}
    assert {who: (_declared(client, N2), _declared(client, N4)) for who, client in clients.items()} == SEASONS
    for account, names in LISTED.items():
        client = clients[account]
        rows = list(csv.reader(StringIO(client.get("/instances/export?format=csv").text)))[1:]
        assert {name for name in (CITY, DISTRICT) if any(name in cell for row in rows for cell in row)} == names
        page = client.get("/instances").text
        assert {name for name in (CITY, DISTRICT) if name in page} == names
        assert _running(client) == len(rows)
    database.dispose()


def _declared(client: FlaskClient, notice: str) -> int:
    """The first step of the funnel."""
    page = html.fromstring(client.get(f"/season?notice={notice}").text)
    return int(page.xpath("string(//*[@aria-labelledby='funnel']//tbody/tr[1]/td[2])"))


def _running(client: FlaskClient) -> int:
    """What all processes together have under way, as the list of processes counts it."""
    page = html.fromstring(client.get("/definitions").text)
    return sum(int(each.text) for each in page.xpath("//tbody/tr/td[2]"))
