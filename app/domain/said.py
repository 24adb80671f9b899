"""Whole numbers as addresses and forms say them."""

from collections.abc import Iterable

_LONGEST = 9  # digits; no id or count is longer, and a longer one fits no column


def whole_number(said: str | None) -> int:
    """The number that a text says; 0 where it says none, or one longer than any number here."""
    return int(said) if said and said.isdecimal() and len(said) <= _LONGEST else 0


def whole_numbers(said: Iterable[str]) -> list[int]:
    """Those that are numbers, in their order."""
    return [number for each in said if (number := whole_number(each))]
