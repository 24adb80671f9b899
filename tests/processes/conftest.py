"""The clockwork notice on both databases, for every test of this folder that asks for it."""

import pytest

from app.db import Database
from tests.support import clockwork
from tests.support.clockwork import Freeze, Works


@pytest.fixture
def works(database: Database, freeze: Freeze) -> Works:
    return clockwork.build(database, freeze)
