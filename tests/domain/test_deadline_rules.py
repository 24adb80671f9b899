from datetime import date, datetime, time

import pytest

from app.clock import SHANGHAI
from app.domain.calendar import Calendar
from app.domain.deadline_rules import (
    DeadlineRule,
    Hold,
    closing,
    due,
    due_with_holds,
    latest_start,
    opening,
    spoken,
)

CALENDAR = Calendar()
PUBLICITY = DeadlineRule(
    "unit_publicity",
    count=5,
    unit="working_day",
    convention="inclusive",
    start_latest_time=time(12),
    stopped_by=frozenset({"objection"}),
)
CHECK_END = closing(date(2023, 11, 15))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def within(count: int, unit: str = "working_day", **more: object) -> DeadlineRule:
    return DeadlineRule("rule", count=count, unit=unit, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "last_day"),
    [
        ("2023-10-10 09:00", date(2023, 10, 16)),  # A1
        ("2023-10-07 09:00", date(2023, 10, 11)),  # A2: a Saturday on which people work
        ("2023-09-27 00:00", date(2023, 10, 9)),  # A3: across National Day, recorded afterwards
        ("2023-10-21 09:00", date(2023, 10, 27)),  # A4: a rest day counts from Monday
        ("2022-11-25 09:00", date(2022, 12, 1)),  # A10
        ("2023-10-18 09:00", date(2023, 10, 24)),  # A19
        ("2023-10-16 09:00", date(2023, 10, 20)),  # G1
        ("2023-12-11 09:00", date(2023, 12, 15)),  # A1, publicity of the result
    ],
)
def test_publicity_counts_its_first_day(start: str, last_day: date) -> None:
    found = due(PUBLICITY, at(start), CALENDAR)
    assert (found.last_day, found.due_at) == (last_day, closing(last_day))
    assert found.working_days == 5


def test_publicity_that_starts_on_a_rest_day_names_the_days_it_skips() -> None:
    found = due(PUBLICITY, at("2023-09-28 09:00"), CALENDAR)
    rest = [date(2023, 9, 29), date(2023, 9, 30), *(date(2023, 10, day) for day in range(1, 7))]
    assert [day for day, _ in found.skipped] == rest
    assert found.skipped[0] == (date(2023, 9, 29), "中秋")
    assert found.skipped[2] == (date(2023, 10, 1), "国庆节")
    assert found.last_day == date(2023, 10, 10)


@pytest.mark.parametrize(
    ("start", "first_day"),
    [
        ("2023-10-18 12:00:00", date(2023, 10, 18)),
        ("2023-10-18 12:00:01", date(2023, 10, 19)),
        ("2023-10-18 17:40:00", date(2023, 10, 19)),  # G7
        ("2023-10-20 17:40:00", date(2023, 10, 23)),
        ("2023-10-21 17:40:00", date(2023, 10, 23)),
    ],
)
def test_publicity_after_the_latest_time_counts_from_the_next_working_day(start: str, first_day: date) -> None:
    assert due(PUBLICITY, at(start), CALENDAR).first_day == first_day


@pytest.mark.parametrize(
    ("count", "start", "last_day"),
    [
        (5, "2023-11-06 10:00", date(2023, 11, 13)),  # A12, A13
        (3, "2023-10-16 10:00", date(2023, 10, 19)),  # A17
        (5, "2023-12-08 18:00", date(2023, 12, 15)),  # A1, report
        (5, "2022-12-23 18:00", date(2022, 12, 30)),  # E14
        (5, "2022-12-30 18:00", date(2023, 1, 9)),  # E15
        (15, "2023-12-15 18:00", date(2024, 1, 8)),  # A1, confirmation
        (15, "2023-12-29 18:00", date(2024, 1, 22)),  # E17
    ],
)
def test_working_days_after_an_event_leave_out_its_day(count: int, start: str, last_day: date) -> None:
    found = due(within(count), at(start), CALENDAR)
    assert (found.last_day, found.due_at, found.working_days) == (last_day, closing(last_day), count)


@pytest.mark.parametrize(
    ("count", "start", "roll", "last_day"),
    [
        (1, "2023-12-29", True, date(2024, 1, 29)),  # A1, archive
        (2, "2023-12-29", True, date(2024, 2, 29)),  # A1, recheck
        (2, "2023-12-31", True, date(2024, 2, 29)),  # no 31 February
        (1, "2023-12-30", False, date(2024, 1, 30)),
        (1, "2023-10-04", True, date(2023, 11, 6)),  # 4 November is a Saturday
        (1, "2023-10-04", False, date(2023, 11, 4)),
    ],
)
def test_months_end_on_the_same_day_and_roll_only_if_told(count: int, start: str, roll: bool, last_day: date) -> None:
    assert due(within(count, "month", roll=roll), at(start), CALENDAR).last_day == last_day


def test_calendar_days_count_rest_days() -> None:
    assert due(within(5, "calendar_day", roll=False), at("2023-09-29 08:00"), CALENDAR).last_day == date(2023, 10, 4)
    inclusive = within(5, "calendar_day", roll=False, convention="inclusive")
    assert due(inclusive, at("2023-09-29 08:00"), CALENDAR).last_day == date(2023, 10, 3)


def test_a_correction_never_passes_the_end_of_the_check_window() -> None:
    rule = within(5, cap=CHECK_END)
    inside, capped = (due(rule, at(start), CALENDAR) for start in ("2023-11-08 10:00", "2023-11-10 10:00"))
    assert (inside.last_day, inside.capped) == (date(2023, 11, 15), False)
    assert (capped.last_day, capped.due_at, capped.capped) == (date(2023, 11, 15), CHECK_END, True)
    assert capped.working_days == 3
    assert capped.skipped == ((date(2023, 11, 11), "周六"), (date(2023, 11, 12), "周日"))


def test_a_cap_that_has_passed_leaves_no_working_day() -> None:
    found = due(within(5, cap=CHECK_END), at("2023-11-16 10:00"), CALENDAR)
    assert (found.due_at, found.working_days) == (CHECK_END, 0)


@pytest.mark.parametrize(
    ("end", "due_at", "words"),
    [
        (closing(date(2023, 10, 31)), "2023-11-01 00:00:00", "2023年10月31日24时"),  # A7
        (closing(date(2022, 11, 29), time(17, 30)), "2022-11-29 17:30:01", "2022年11月29日17:30"),  # A8
        (closing(date(2022, 11, 29), time(17, 30, 15)), "2022-11-29 17:30:16", "2022年11月29日17:30:15"),
    ],
)
def test_a_window_includes_its_last_second(end: datetime, due_at: str, words: str) -> None:
    assert end == at(due_at)
    assert spoken(end) == words


def test_a_window_opens_at_its_clock_time() -> None:
    assert opening(date(2022, 11, 14), time(9, 30)) == at("2022-11-14 09:30:00")  # A8
    assert opening(date(2023, 10, 7)) == at("2023-10-07 00:00:00")


def test_an_absolute_deadline_is_the_same_for_every_start() -> None:
    rule = DeadlineRule("route_deadline", at=CHECK_END)
    found = {due(rule, at(start), CALENDAR).due_at for start in ("2023-10-09 09:00", "2023-11-14 09:00")}
    assert found == {at("2023-11-16 00:00")}  # A21
    assert (rule.kind, PUBLICITY.kind) == ("absolute", "relative")


def test_a_reminder_comes_working_days_ahead_of_the_window() -> None:
    found = due(DeadlineRule("route_reminder", at=CHECK_END, ahead=3), at("2023-11-01 09:00"), CALENDAR)
    assert found.due_at == at("2023-11-10 00:00")
    assert found.skipped == ((date(2023, 11, 12), "周日"), (date(2023, 11, 11), "周六"))


def test_a_hold_within_one_day_costs_nothing() -> None:
    hold = Hold("objection", at("2023-10-20 10:00"), at("2023-10-20 16:00"))
    found = due_with_holds(PUBLICITY, at("2023-10-18 09:00"), [hold], CALENDAR)
    assert found is not None
    assert found.last_day == date(2023, 10, 24)  # A19, unfounded


def test_held_days_are_not_counted_and_are_named() -> None:
    hold = Hold("objection", at("2023-10-20 10:00"), at("2023-10-24 09:00"))
    found = due_with_holds(PUBLICITY, at("2023-10-18 09:00"), [hold], CALENDAR)
    assert found is not None
    assert found.last_day == date(2023, 10, 26)
    assert (date(2023, 10, 20), "期限中止") in found.skipped
    assert (date(2023, 10, 23), "期限中止") in found.skipped


def test_nothing_is_due_while_a_hold_lasts() -> None:
    assert due_with_holds(PUBLICITY, at("2023-10-18 09:00"), [Hold("objection", at("2023-10-20"))], CALENDAR) is None


def test_a_hold_for_another_reason_does_not_stop_the_clock() -> None:
    found = due_with_holds(PUBLICITY, at("2023-10-18 09:00"), [Hold("complaint", at("2023-10-20"))], CALENDAR)
    assert found == due(PUBLICITY, at("2023-10-18 09:00"), CALENDAR)


def test_a_hold_never_stops_a_window() -> None:
    rule = DeadlineRule("route_deadline", at=CHECK_END, stopped_by=frozenset({"objection"}))
    found = due_with_holds(rule, at("2023-10-18 09:00"), [Hold("objection", at("2023-10-20"))], CALENDAR)
    assert found is not None
    assert found.due_at == CHECK_END


@pytest.mark.parametrize(("unit", "last_day"), [("calendar_day", date(2023, 10, 25)), ("month", date(2023, 11, 20))])
def test_held_days_lengthen_other_units_too(unit: str, last_day: date) -> None:
    count = 5 if unit == "calendar_day" else 1
    rule = within(count, unit, roll=False, stopped_by=frozenset({"objection"}))
    hold = Hold("objection", at("2023-10-19 09:00"), at("2023-10-21 09:00"))
    found = due_with_holds(rule, at("2023-10-18 09:00"), [hold], CALENDAR)
    assert found is not None
    assert found.last_day == last_day


@pytest.mark.parametrize(
    ("window_end", "latest"),
    [
        (closing(date(2022, 11, 29), time(17, 30)), date(2022, 11, 22)),  # A10
        (closing(date(2023, 10, 31)), date(2023, 10, 24)),
        (closing(date(2023, 10, 29)), date(2023, 10, 20)),  # the window ends on a Sunday
    ],
)
def test_the_latest_safe_start_leaves_a_working_day_to_send_up(window_end: datetime, latest: date) -> None:
    assert latest_start(PUBLICITY, window_end, CALENDAR) == latest


def test_a_rule_may_be_given_the_length_an_office_set() -> None:
    assert due(within(5).lasting(3), at("2023-10-16 10:00"), CALENDAR).last_day == date(2023, 10, 19)


def test_a_count_that_reaches_an_unpublished_year_is_provisional() -> None:
    sure, unsure = (due(within(5), at(start), CALENDAR) for start in ("2026-12-20 10:00", "2026-12-28 10:00"))
    assert (sure.provisional, unsure.provisional) == (False, True)
    assert unsure.last_day == date(2027, 1, 4)


def test_a_start_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due(PUBLICITY, datetime(2023, 10, 18, 9), CALENDAR)  # noqa: DTZ001
