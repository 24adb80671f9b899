"""Ours against the plain library on random diagrams: the same waits after every step, the same data at the end.

Two hundred seeds are the same in every run, a hundred are new; `python -m tests.engine.fuzz` prints what occurred.
"""

import json
import os
import shutil
import tempfile
import uuid
from pathlib import Path

import pytest

from tests.engine.fuzz import FIXED, NEW, Counts, new_seed, play_seed

BLOCKS = 10


@pytest.fixture(scope="session")
def tallies() -> Path:
    """A folder in which all workers of this run put what occurred in their blocks."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    folder = Path(tempfile.gettempdir()) / f"zhiping-fuzz-{run}"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.mark.parametrize("block", range(BLOCKS))
def test_ours_goes_the_way_of_the_plain_library(block: int, tallies: Path) -> None:
    fixed, counts = FIXED // BLOCKS, Counts()
    for seed in [*range(block * fixed, (block + 1) * fixed), *(new_seed() for _ in range(NEW // BLOCKS))]:
        counts.add(play_seed(seed))
    (tallies / f"{block}.json").write_text(json.dumps(vars(counts)), encoding="utf-8")
    parts = sorted(tallies.glob("*.json"))
    if len(parts) == BLOCKS:  # whoever is last looks whether everything occurred often enough
        whole = Counts()
        for part in parts:
            whole.add(Counts.of(json.loads(part.read_text(encoding="utf-8"))))
        shutil.rmtree(tallies, ignore_errors=True)
        assert whole.rare() == {}, whole.table()


def test_counts_tell_what_is_rare() -> None:
    counts = Counts()
    for seed in range(3):
        counts.add(play_seed(seed))
    assert counts.drawn["user task"] > 0
    assert "transaction drawn" in counts.rare()
    assert "user task completed" in counts.table()
