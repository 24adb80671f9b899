"""Every page and every act with every role: what is not granted answers 403 or 404, changes nothing, is in no list.

Who may pass is written down in `doors.py`, who walks in `parties.py`, how in `walking.py`; `permissions.py` makes
the table of it all.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.doors import DOORS
from tests.web.parties import Party
from tests.web.seasons import WALKS, Season, built
from tests.web.walking import walk


@pytest.fixture(scope="module")
def season(
    request: pytest.FixtureRequest, sqlite_season: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Season]:
    with built(request.param, sqlite_season, tmp_path_factory.mktemp("walk")) as found:
        yield found


@pytest.mark.parametrize("season", ["publicised"], indirect=True)
def test_every_door_has_a_keeper(season: Season) -> None:
    doors = {rule.endpoint for rule in season.site.url_map.iter_rules()}
    assert doors - set(DOORS) == set(), "say in tests/web/doors.py who may pass"
    assert set(DOORS) - doors == set(), "these doors are gone: take them out of tests/web/doors.py"


@pytest.mark.parametrize(
    ("season", "party"),
    WALKS,
    indirect=["season"],
    ids=[f"{name}-{party.account or 'nobody'}" for name, party in WALKS],
)
def test_each_finds_open_what_is_granted_and_nothing_else(season: Season, party: Party) -> None:
    found = walk(season, party, whole="ZHIPING_TEST_EVERYTHING" in os.environ)
    assert found.faults() == []
    assert sum(line.answered is not None for line in found.lines) > 30
