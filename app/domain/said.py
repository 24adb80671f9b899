"""Whole numbers, days and instants as addresses and forms say them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from app import clock

_LONGEST = 9  # digits; no id or count is longer, and a longer one fits no column
_TOO_BIG = 2**63  # no id is
_YEARS = range(1970, 2200)  # what no clock here will ever show turns into no instant


def whole_number(said: str | None) -> int:
    """The number that a text says; 0 where it says none, or one longer than any number here."""
    return int(said) if said and said.isdecimal() and len(said) <= _LONGEST else 0


def whole_numbers(said: Iterable[str]) -> list[int]:
    """Those that are numbers, in their order."""
    return [number for each in said if (number := whole_number(each))]


def ids(said: Iterable[Any]) -> set[int]:
    """Those of a posted form's values that can be ids."""
    return {each for each in said if type(each) is int and 0 < each < _TOO_BIG}


def day(said: str | None) -> date | None:
    """The day that a text says (2023-10-09); None where it says none, or one that no clock here will ever show."""
    try:
        found = date.fromisoformat((said or "").strip())
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def moment(said: str | None) -> datetime | None:
    """The instant that a text says (2023-10-09T17:30), on the notices' wall clock unless it names a zone; else None."""
    try:
        found = datetime.fromisoformat((said or "").strip())
    except ValueError:
        return None
    if found.year not in _YEARS:
        return None
    return found if found.tzinfo else found.replace(tzinfo=clock.SHANGHAI)
