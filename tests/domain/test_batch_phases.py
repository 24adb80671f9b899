from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import batch_endings, batch_lists, batch_phases, batches, declarations, publicity, publicity_rounds
from app.models.recommendation import UnitBatch
from tests.domain.test_batches import row
from tests.domain.test_publicity import PLAN
from tests.support.cases import Season, batch_of, recommended, season, submitted

Freeze = Callable[[Session, str], object]


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-10 09:00:00")
        yield season(session)


def phase(at_work: Season, batch: UnitBatch) -> str:
    """In words, as the rows say to whoever asks in Python or in SQL."""
    at_work.session.flush()
    shown = batch_lists.publicities(at_work.session, [batch.id]).get(batch.id)
    found = batch_phases.of(batch, shown)
    asked = select(batch_phases.column(), batch_phases.column(UnitBatch)).where(UnitBatch.id == batch.id)
    assert at_work.session.execute(asked).one() == (found, found)
    return batch_phases.PHASES[found]


def test_a_batch_is_where_its_names_and_its_publicity_are(at_work: Season, freeze: Freeze) -> None:
    session, clerk = at_work.session, at_work.actor("clerk", "institute")
    first, second = submitted(at_work), submitted(at_work, "yi")
    batch = batch_of(at_work, first, second)
    seen = [phase(at_work, batch)]
    batches.decide_merit(session, batch, [row(first), row(second, rank=2)])
    seen.append(phase(at_work, batch))
    publicity.start(session, batch, clerk, PLAN)
    seen.append(phase(at_work, batch))
    publicity_rounds.supersede(session, batch, clerk, "更正", [])
    seen.append(phase(at_work, batch))
    shown = publicity.start(session, batch, clerk, PLAN)
    seen.append(phase(at_work, batch))
    freeze(session, "2023-10-25 09:00:00")
    publicity.close(session, shown, clerk, "无异议")
    seen.append(phase(at_work, batch))
    batches.recommend(session, batch, 2)
    seen.append(phase(at_work, batch))

    assert seen == [
        "收集待定",
        "人选已定，待公示",
        "公示中",
        "人选已定，待公示",
        "公示中",
        "公示结束，待上报",
        "已推荐上报",
    ]


def test_a_batch_whose_last_name_goes_stays_on_the_board_and_then_says_that_nobody_goes_up(
    at_work: Season, freeze: Freeze
) -> None:
    name = submitted(at_work)
    batch = recommended(at_work, name)
    shown = publicity.start(at_work.session, batch, at_work.actor("clerk", "institute"), PLAN)

    declarations.end(at_work.session, name, "WITHDRAWN")

    assert phase(at_work, batch) == "公示中"
    freeze(at_work.session, "2023-10-25 09:00:00")
    publicity.close(at_work.session, shown, at_work.actor("clerk"), "无异议")
    assert phase(at_work, batch) == "已结束，无人上报"


def test_a_batch_that_is_given_up_after_its_publicity_says_that_nobody_goes_up(at_work: Season, freeze: Freeze) -> None:
    batch = recommended(at_work, submitted(at_work))
    shown = publicity.start(at_work.session, batch, at_work.actor("clerk", "institute"), PLAN)
    freeze(at_work.session, "2023-10-25 09:00:00")
    publicity.close(at_work.session, shown, at_work.actor("clerk"), "无异议")

    batch_endings.dissolve(at_work.session, batch)

    assert phase(at_work, batch) == "已结束，无人上报"
