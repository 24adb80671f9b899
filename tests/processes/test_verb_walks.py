"""Random verbs on random diagrams: no task lost, no step skipped, one holder or queue, a complete history.

`python -m tests.processes.verb_walks` walks as many as one likes and prints what it did in which construct.
"""

from collections import Counter
from collections.abc import Iterator

import pytest

from app.db import Base, Database
from tests.processes import verb_walks
from tests.processes.verb_walks import PLACES

SEEDS = (5, 9, 10, 11, 13, 22)  # loops, called processes, branches and steps of several people


@pytest.fixture(scope="module")
def colleagues(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('walks') / 'walks.db'}")
    Base.metadata.create_all(database.engine)
    verb_walks.build(database)
    yield database
    database.dispose()


def test_whatever_holders_and_managers_do_nothing_is_lost_or_skipped(colleagues: Database) -> None:
    done: Counter[tuple[str, str]] = Counter()
    with verb_walks.as_drawn():
        for seed in SEEDS:
            done += verb_walks.play(colleagues, seed)
    by_verb = Counter[str]()
    by_place = Counter[str]()
    for (verb, place), count in done.items():
        by_verb[verb] += count
        by_place[place] += count
    seldom = [verb for verb in ("complete", "transfer", "delegate", "sign", "answer", "copy") if by_verb[verb] < 3]
    assert seldom + [place for place in PLACES if by_place[place] == 0] == []
