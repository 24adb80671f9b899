"""The boards with 200,000 instances beside 2,000, on PostgreSQL: see `benchmarks.lists`.

The figures are counted before, as the job does in the background; how long that took is printed. No page may read one
of the large tables from end to end.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.cli.scenarios.world import PostgresqlWorlds
from app.db import Database
from app.processes import figures
from benchmarks import lists, multitude

ADDRESSES = {
    "season": (lists.MANAGER, "/season?notice=n4_2022_dadukou"),
    "season, further down": (lists.MANAGER, "/season?notice=n4_2022_dadukou&page=3"),
    "season of a committee": (lists.MANAGER, "/season?notice=n4_2022_dadukou&committee=4"),
    "calendar": (lists.MANAGER, "/season/calendar?notice=n4_2022_dadukou"),
    "definitions": (lists.MANAGER, "/definitions"),
    "old versions": (lists.MANAGER, "/definitions?old=1"),
    "definition": (lists.MANAGER, "/definitions/{version}/declaration"),
    "definition by days": (lists.MANAGER, "/definitions/{version}/acceptance?heat=days"),
    "office's ledger": (lists.MANAGER, "/season/ledger?office={body}"),
}
VERSION = "SELECT notice_version_id FROM process_instance WHERE status = 'running' ORDER BY id DESC LIMIT 1"
BODY = "SELECT organisation_id FROM task WHERE role = 'committee_office' ORDER BY id LIMIT 1"


def pages(session: Session) -> dict[str, tuple[str, str]]:
    """What is asked for, and by whom."""
    things = {"version": session.execute(text(VERSION)).scalar_one(), "body": session.execute(text(BODY)).scalar_one()}
    return {name: (who, address.format(**things)) for name, (who, address) in ADDRESSES.items()}


def measure(worlds: PostgresqlWorlds) -> dict[str, float]:
    """`board_ratio_200k_2k` and `board_over_count`; raises AssertionError as the lists do."""
    with _counted(worlds, lists.FEW) as few, _counted(worlds, lists.MANY) as many:
        return lists.compared("board", pages, few, many)


@contextmanager
def _counted(worlds: PostgresqlWorlds, instances: int) -> Iterator[Database]:
    with worlds.fresh() as database:
        multitude.fill(database, instances)
        began = time.perf_counter()
        figures.rebuild(database)
        print(f"figures of {instances} instances counted anew in {time.perf_counter() - began:.1f} s")
        yield database
