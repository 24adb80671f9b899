"""Working days used, and what many of them say."""

from datetime import datetime

import pytest

from app.clock import SHANGHAI
from app.domain.calendar import Calendar
from app.domain.deadline_rules import Hold
from app.domain.durations import Spread, Used, spread, used


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("entered", "left", "holds", "expected"),
    [
        ("2023-10-09 09:00", "2023-10-09 18:00", [], Used(0, 0)),
        ("2023-10-09 09:00", "2023-10-10 08:00", [], Used(1, 0)),
        ("2023-09-28 09:00", "2023-10-09 09:00", [], Used(3, 0)),  # the holiday, and Saturday and Sunday at work
        ("2023-10-09 09:00", "2023-10-13 09:00", [("2023-10-10 10:00", "2023-10-12 10:00")], Used(2, 2)),
        ("2023-10-09 09:00", "2023-10-13 09:00", [("2023-10-10 10:00", "2023-10-10 18:00")], Used(4, 0)),
        ("2023-10-09 09:00", "2023-10-13 09:00", [("2023-10-11 10:00", None)], Used(2, 2)),
        ("2023-10-09 09:00", "2023-10-10 09:00", [("2023-10-11 10:00", None)], Used(1, 0)),
    ],
)
def test_days_used(entered: str, left: str, holds: list[tuple[str, str | None]], expected: Used) -> None:
    stood = [Hold("objection", at(since), at(until) if until else None) for since, until in holds]
    assert used(at(entered), at(left), stood, Calendar()) == expected


def test_spread_gives_values_that_occur() -> None:
    assert spread({1: 5, 2: 4, 30: 1}) == Spread(10, 1, 2, 30, 43)
    assert spread({4: 1}) == Spread(1, 4, 4, 4, 4)
    assert spread({}) == Spread()
