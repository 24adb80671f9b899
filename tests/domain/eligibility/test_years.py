from datetime import date

import pytest

from app.domain.eligibility import years
from app.domain.eligibility.years import Span
from app.errors import Refused


@pytest.mark.parametrize(
    ("start", "lacking"),
    [
        (date(2018, 12, 31), None),
        (date(2019, 1, 1), Span(0, 0, 1)),
        (date(2019, 2, 1), Span(0, 1, 1)),
        (date(2020, 12, 31), Span(2, 0, 0)),
    ],
)
def test_five_years_are_complete_when_the_anniversary_is_not_after_the_cutoff(start: date, lacking: Span) -> None:
    assert years.missing(start, 60, date(2023, 12, 31)) == lacking


def test_month_without_the_day_ends_on_its_last() -> None:
    assert years.add_months(date(2020, 2, 29), 12) == date(2021, 2, 28)
    assert years.add_months(date(2023, 10, 31), 1) == date(2023, 11, 30)
    assert years.missing(date(2020, 2, 29), 12, date(2021, 2, 28)) is None
    assert years.missing(date(2020, 2, 29), 12, date(2021, 2, 27)) == Span(0, 0, 1)


def test_served_months_count_both_ends() -> None:
    assert years.served_months(date(2021, 1, 1), date(2021, 12, 31)) == 12
    assert years.served_months(date(2021, 1, 1), date(2021, 12, 30)) == 11
    assert years.served_months(date(2021, 3, 15), date(2022, 3, 14)) == 12
    assert years.served_months(date(2022, 1, 1), date(2021, 1, 1)) == 0


def test_span_is_said_as_people_say_it() -> None:
    assert str(years.between(date(2019, 1, 1), date(2023, 12, 31))) == "4年11个月30天"
    assert str(Span(2, 0, 0)) == "2年"
    assert str(years.between(date(2024, 1, 1), date(2023, 12, 31))) == "0年"


def test_month_reads_as_its_first_or_last_day_and_nonsense_names_the_field() -> None:
    assert years.day("2020-02", "f") == date(2020, 2, 1)
    assert years.day("2020-02", "f", last=True) == date(2020, 2, 29)
    assert years.day("", "f") is None
    with pytest.raises(Refused) as caught:
        years.day("2023-02-30", "current_title_date")
    assert caught.value.problems[0].field == "current_title_date"
