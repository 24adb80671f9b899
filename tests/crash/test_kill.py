"""A few kills under load; `python -m tests.crash kill` does two hundred on each database."""

import os

import pytest

from tests.crash import kill

SEED = int(os.environ.get("ZHIPING_CRASH_SEED", "0")) or int.from_bytes(os.urandom(4))
KILLS = 5


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_every_effect_stands_once_after_kills_under_load(kind: str, request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue("postgresql_server") if kind == "postgresql" else None
    outcome = kill.run(KILLS, SEED, server)
    assert outcome.faults == [], f"ZHIPING_CRASH_SEED={SEED}"
    assert outcome.findings.sound, f"ZHIPING_CRASH_SEED={SEED} {outcome} {outcome.findings}"
    assert sum(outcome.kills.values()) == KILLS
    assert outcome.findings.expected > KILLS * kill.PER_KILL
