"""How much an office will have before it at a deadline, from its own pace: a plain sum that anybody can do again.

Over the last PACE_DAYS working days an office received `arrived` and finished `finished` files. If both go on like
that for the working days that are left, then at the deadline there remain

    open now + (arrived − finished) / PACE_DAYS × days left,      never less than nothing.

It takes no account of season, holidays within offices or of files of different size; it says in which offices work will
not be done in time unless something changes, and how many files a day would do.
"""

from dataclasses import dataclass

PACE_DAYS = 10  # working days over which the pace is taken


@dataclass(frozen=True)
class Forecast:
    """`left` are working days until the deadline, `remaining` files then, `needed` files a working day to finish."""

    left: int
    remaining: int
    needed: int


def forecast(standing: int, arrived: int, finished: int, left: int) -> Forecast:
    """In whole files, rounded up: what is begun is not done."""
    coming = standing * PACE_DAYS + arrived * left  # in tenths of files: no fractions on the way
    remaining = max(0, coming - finished * left)
    return Forecast(left, _up(remaining, PACE_DAYS), _up(coming, PACE_DAYS * left) if left else standing)


def _up(value: int, by: int) -> int:
    return -(-value // by)
