"""Declarations of demo people on their way through the shipped notices, for tests of the pages that tell of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.cli.scenarios import run
from app.cli.scenarios.case import Case, of_dict, read
from app.cli.scenarios.player import Player
from app.db import Database

SCENARIOS = Path(__file__).parents[1] / "scenarios"
ENGINEER = {"applicant": "zhang.lin", "base": "municipal_engineer", "committee": 1}
N2, N4 = "n2_2023_bigdata", "n4_2022_dadukou"

SUBMIT: list[Mapping[str, Any]] = [{"complete": "fill_form"}]
CHECK: list[Mapping[str, Any]] = [*SUBMIT, {"complete": "unit_check", "with": {"decision": "pass"}}]
PUBLICISE: list[Mapping[str, Any]] = [
    *CHECK,
    {
        "complete": "unit_merit",
        "with": {"declarations": {"all": {"recommend": "yes", "rank": 1, "reason": "业绩突出"}}},
    },
    {"at": "2023-10-10 09:00"},
    {
        "complete": "unit_publicity",
        "with": {"planned_start": "2023-10-10T09:00", "place": "办公楼一楼公示栏", "reporting_method": "来电或来信"},
    },
]
CLOSE: list[Mapping[str, Any]] = [
    *PUBLICISE,
    {"at": "2023-10-17 09:00"},
    {
        "complete": "unit_close",
        "with": {
            "board_photograph": ["file:公示栏照片.jpg"],
            "objections_received": "no",
            "result": "公示期间未收到异议",
        },
    },
]


def play(
    database: Database,
    steps: Sequence[Mapping[str, Any]] = (),
    *,
    declaration: Mapping[str, Any] = ENGINEER,
    notice: str = N2,
    clock: str = "2023-10-09 09:00",
) -> int:
    """Carry one declaration through `steps` as a scenario writes them; gives its id."""
    said = {"case": "walk", "notice": notice, "clock": clock, "declaration": declaration, "steps": list(steps)}
    player = _played(of_dict(said, SCENARIOS / "walk.yaml"), database)
    return next(iter(player.declarations.values()))


def play_file(database: Database, name: str) -> int:
    """Everything that happens in a scenario file, nothing that it expects; gives its first declaration's id."""
    return next(iter(_played(read(SCENARIOS / f"{name}.yaml"), database).declarations.values()))


def _played(case: Case, database: Database) -> Player:
    player = Player(case, database)
    player.begin()
    for step in case.steps:
        if step.action not in ("expect", "refused") and "because" not in step.details:
            run.perform(player, step)
    return player
