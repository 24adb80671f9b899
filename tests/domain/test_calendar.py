from datetime import date

import pytest

from app.db import Database
from app.domain.calendar import Calendar, Counted, WorkingDays, calendar_of, publish_year, set_day
from app.errors import ConfigurationError

LIBRARY = Calendar()
SOURCE = "国办发明电〔2026〕1号（样例）"


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2023, 10, 6), False),
        (date(2023, 10, 7), True),  # Saturday, made up for National Day
        (date(2023, 10, 8), True),
        (date(2024, 2, 4), True),
        (date(2024, 2, 17), False),
        (date(2024, 2, 18), True),
        (date(2023, 1, 28), True),
        (date(2023, 11, 18), False),
    ],
)
def test_working_days_follow_the_announced_arrangement(day: date, working: bool) -> None:
    assert LIBRARY.is_working(day) is working


@pytest.mark.parametrize(
    ("start", "n", "inclusive", "day"),
    [
        (date(2022, 9, 30), 5, False, date(2022, 10, 12)),
        (date(2022, 9, 30), 5, True, date(2022, 10, 11)),
        (date(2023, 9, 28), 5, False, date(2023, 10, 11)),
        (date(2026, 2, 13), 5, False, date(2026, 2, 27)),
        (date(2023, 12, 18), 15, False, date(2024, 1, 9)),
    ],
)
def test_nth_working_day_crosses_holidays_and_make_up_days(start: date, n: int, inclusive: bool, day: date) -> None:
    found = LIBRARY.nth_working_day(start, n, inclusive=inclusive)
    assert (found.day, found.provisional) == (day, False)


def test_at_least_one_working_day_must_be_counted() -> None:
    with pytest.raises(ValueError, match="at least one"):
        LIBRARY.nth_working_day(date(2023, 10, 9), 0, inclusive=True)


def test_a_day_that_must_not_count_is_named_with_its_reason() -> None:
    found = LIBRARY.nth_working_day(date(2023, 10, 18), 3, inclusive=True, without={date(2023, 10, 19): "期限中止"})
    skipped = ((date(2023, 10, 19), "期限中止"), (date(2023, 10, 21), "周六"), (date(2023, 10, 22), "周日"))
    assert found == Counted(date(2023, 10, 23), False, skipped)


def test_previous_working_day_counts_backwards_over_a_holiday() -> None:
    found = LIBRARY.previous_working_day(date(2023, 10, 8), 2)
    assert found.day == date(2023, 9, 28)
    assert found.skipped[0] == (date(2023, 10, 6), "国庆节")
    assert found.skipped[-1] == (date(2023, 9, 29), "中秋")


@pytest.mark.parametrize(
    ("day", "n", "roll", "reached"),
    [
        (date(2023, 12, 31), 2, False, date(2024, 2, 29)),
        (date(2022, 12, 31), 2, False, date(2023, 2, 28)),
        (date(2023, 11, 15), 1, False, date(2023, 12, 15)),
        (date(2023, 11, 30), 1, True, date(2024, 1, 2)),  # 30 December is a holiday
        (date(2023, 5, 31), 13, False, date(2024, 6, 30)),
    ],
)
def test_months_end_on_the_last_day_where_there_is_no_such_day(day: date, n: int, roll: bool, reached: date) -> None:
    assert LIBRARY.add_months(day, n, roll=roll).day == reached


def test_working_days_between_leaves_out_the_first_day() -> None:
    assert LIBRARY.working_days_between(date(2023, 9, 28), date(2023, 10, 9)) == WorkingDays(3, False)
    assert LIBRARY.working_days_between(date(2023, 10, 9), date(2023, 10, 9)) == WorkingDays(0, False)
    assert LIBRARY.working_days_between(date(2023, 10, 9), date(2023, 10, 1)) == WorkingDays(0, False)
    assert LIBRARY.working_days_between(date(2026, 12, 30), date(2027, 1, 4)) == WorkingDays(3, True)


def test_an_unpublished_year_counts_monday_to_friday_and_says_so() -> None:
    assert not LIBRARY.known(2027)
    assert LIBRARY.is_working(date(2027, 1, 1))
    assert LIBRARY.nth_working_day(date(2026, 12, 28), 5, inclusive=False) == Counted(
        date(2027, 1, 4), True, ((date(2027, 1, 2), "周六"), (date(2027, 1, 3), "周日"))
    )


def test_a_calendar_that_only_rests_is_refused_instead_of_searched_for_ever() -> None:
    days = {date.fromordinal(date(2023, 1, 1).toordinal() + i): (False, "停工") for i in range(200)}
    with pytest.raises(ConfigurationError, match="日历"):
        Calendar(days=days).nth_working_day(date(2023, 1, 1), 1, inclusive=True)
    with pytest.raises(ConfigurationError, match="日历"):
        Calendar(days=days).previous_working_day(date(2023, 7, 1), 1)


def test_the_administrators_day_wins_over_the_library(database: Database) -> None:
    with database.transaction() as session:
        set_day(session, date(2023, 10, 9), working=False, note="全市停工", source=SOURCE)
        set_day(session, date(2023, 10, 14), working=True, note="调休上班", source=SOURCE)
    with database.reading() as session:
        calendar = calendar_of(session)
    assert calendar.revision == 2
    assert not calendar.is_working(date(2023, 10, 9))
    assert calendar.is_working(date(2023, 10, 14))
    assert calendar.nth_working_day(date(2023, 10, 9), 1, inclusive=True).skipped == ((date(2023, 10, 9), "全市停工"),)


def test_a_published_year_is_no_longer_provisional(database: Database) -> None:
    with database.transaction() as session:
        set_day(session, date(2027, 1, 1), working=False, note="元旦", source=SOURCE)
        before = calendar_of(session).nth_working_day(date(2026, 12, 28), 5, inclusive=False)
        publish_year(session, 2027, source=SOURCE)
        after = calendar_of(session).nth_working_day(date(2026, 12, 28), 5, inclusive=False)
    assert (before.day, before.provisional) == (date(2027, 1, 5), True)
    assert (after.day, after.provisional) == (date(2027, 1, 5), False)
    assert (date(2027, 1, 1), "元旦") in after.skipped


def test_a_withdrawn_year_is_provisional_again(database: Database) -> None:
    with database.transaction() as session:
        publish_year(session, 2023, source=SOURCE, published=False)
        calendar = calendar_of(session)
    assert not calendar.known(2023)
    assert calendar.is_working(date(2023, 10, 2))


def test_the_calendar_is_built_once_per_revision(database: Database) -> None:
    with database.transaction() as session:
        set_day(session, date(2027, 1, 1), working=False, note="元旦", source=SOURCE)
    with database.reading() as session:
        first = calendar_of(session)
    with database.transaction() as session:
        assert calendar_of(session) is first
        set_day(session, date(2027, 1, 4), working=False, note="元旦", source=SOURCE)
    with database.reading() as session:
        assert calendar_of(session) is not first
        assert calendar_of(session).revision == 2


def test_a_change_that_is_undone_leaves_no_trace(database: Database) -> None:
    def set_and_fail() -> None:
        with database.transaction() as session:
            set_day(session, date(2023, 10, 9), working=False, note="误填", source=SOURCE)
            assert not calendar_of(session).is_working(date(2023, 10, 9))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        set_and_fail()
    with database.transaction() as session:
        set_day(session, date(2023, 10, 10), working=False, note="停工", source=SOURCE)
    with database.reading() as session:
        calendar = calendar_of(session)
    assert calendar.revision == 1
    assert calendar.is_working(date(2023, 10, 9))
    assert not calendar.is_working(date(2023, 10, 10))
