"""Who is named where a deadline of a case ran out, in the scenarios in which one does."""

from collections.abc import Iterator

import pytest

from app.cli.scenarios.world import SqliteWorlds
from app.models.declaration import Declaration
from app.processes.figures import ledger
from tests.support import walk

DISTRICT = "大渡口区职改办 区县人力社保（职改）部门"


@pytest.fixture(scope="module")
def worlds() -> Iterator[SqliteWorlds]:
    made = SqliteWorlds()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("scenario", "expired"),
    [
        ("a21_overdue_lapses", [("逐级审核截止", [DISTRICT], DISTRICT, 22, 28)]),
        ("end_ABANDONED", [("单位主管部门要求补充完善的期限", ["申报人"], "申报人", 4, 4)]),
        ("end_ABANDONED_UNPAID", [("缴费截止", ["市大数据应用发展管理局 收费人员"], "申报人", 3, 3)]),
    ],
)
def test_tier_that_let_a_deadline_run_out_is_named(
    worlds: SqliteWorlds, scenario: str, expired: list[tuple[str, list[str], str, int, int]]
) -> None:
    with worlds.fresh() as database:
        key = walk.play_file(database, scenario)
        with database.reading() as session:
            found = ledger.of_declaration(session, session.get_one(Declaration, key))
        said = [(each.words, each.holders, each.cause, each.cause_days, each.total_days) for each in found.expiries]
        assert said == expired
        assert sum(tier.days for tier in found.tiers) == sum(stay.days for stay in found.stays)
