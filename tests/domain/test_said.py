"""Numbers, days and instants as addresses and forms say them."""

from datetime import date, datetime

import pytest

from app import clock
from app.domain import said


@pytest.mark.parametrize("text", ["2023-10-09", " 2023-10-09 "])
def test_day_is_read(text: str):
    assert said.day(text) == date(2023, 10, 9)


@pytest.mark.parametrize("text", [None, "", "2023-02-30", "0001-01-01", "9999-12-31", "23-10-09", "heute"])
def test_what_is_no_day_of_any_clock_here_is_none(text: str | None):
    assert said.day(text) is None
    assert said.moment(text and f"{text}T09:00") is None


def test_instant_stands_on_the_notices_clock_unless_it_names_a_zone():
    nine = datetime(2023, 10, 9, 9, tzinfo=clock.SHANGHAI)
    assert said.moment("2023-10-09T09:00") == said.moment("2023-10-09 01:00+00:00") == nine


def test_ids_are_whole_numbers_that_a_column_holds():
    assert said.ids([7, "7", True, 0, -1, 2**63, None, 12, 7]) == {7, 12}


def test_numbers_of_a_list_are_kept_in_their_order():
    assert said.whole_numbers(["7", "x", "", "12", "9" * 30]) == [7, 12]
