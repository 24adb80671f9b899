"""Cases A7, A8, A10 (arrival), A11, C1 (calendar days): half-open instants."""

from datetime import UTC, datetime

import pytest

from app.clock import SHANGHAI
from app.domain.eligibility import windows
from app.domain.eligibility.windows import Window, window
from app.errors import ConfigurationError

N2 = window("2023-10-07", "2023-10-31", "N2 §三")
N4 = window("2022-11-14 09:30", "2022-11-29 17:30", "N4 §二")
N4_CORRECTIONS = window("2022-11-30", "2022-12-07", "N4 附件1第76行")
HEALTH = window("2022-10-25", "2022-11-30")
HEALTH_CORRECTIONS = window("2022-11-22", "2022-11-30")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def asked(text: str, filing: Window, corrections: Window | None = None) -> str | None:
    found = windows.check(moment(text), filing, corrections)
    return found.code if found else None


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2023-10-06 23:59:59", "window_not_open"),
        ("2023-10-07 00:00:00", None),
        ("2023-10-31 23:59:59", None),
        ("2023-10-31 23:59:59.999999", None),
        ("2023-11-01 00:00:00", "window_closed"),
    ],
)
def test_window_of_days_runs_to_midnight(at: str, code: str | None) -> None:
    assert asked(at, N2) == code


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2022-11-14 09:29:59", "window_not_open"),
        ("2022-11-14 09:30:00", None),
        ("2022-11-29 17:30:00", None),
        ("2022-11-29 17:30:00.900000", None),
        ("2022-11-29 17:30:01", "window_closed"),
        ("2022-11-30 00:00:00", "corrections_only"),
        ("2022-12-07 23:59:59", "corrections_only"),
        ("2022-12-08 00:00:00", "window_closed"),
    ],
)
def test_window_with_clock_times_includes_its_own_second(at: str, code: str | None) -> None:
    assert asked(at, N4, N4_CORRECTIONS) == code


@pytest.mark.parametrize(
    ("at", "code"), [("2022-11-21 12:00:00", None), ("2022-11-22 00:00:00", "corrections_only")]
)  # fmt: skip
def test_corrections_only_inside_the_window_stops_new_files(at: str, code: str | None) -> None:
    assert asked(at, HEALTH, HEALTH_CORRECTIONS) == code


def test_corrections_go_on_where_new_files_do_not() -> None:
    def corrected(text: str) -> str | None:
        found = windows.check_correction(moment(text), HEALTH, HEALTH_CORRECTIONS, "市卫生健康委")
        return found.message if found else None

    assert corrected("2022-11-21 12:00:00") is None
    assert corrected("2022-11-30 23:59:59") is None
    late = "补正期限为2022年11月30日24时，现已届满，按规定视为放弃申报。如有特殊情况，请联系市卫生健康委。"
    assert corrected("2022-12-01 00:00:00") == late
    early = windows.check_correction(moment("2022-11-29 18:00:00"), N4, N4_CORRECTIONS)
    assert early is not None
    assert early.code == "corrections_not_open"


def test_what_the_person_is_told_is_what_the_notice_prints() -> None:
    problems = [
        windows.check(moment("2023-10-06 12:00:00"), N2),
        windows.check(moment("2023-11-01 00:00:00"), N2),
        windows.check(moment("2022-11-29 17:30:01"), N4, N4_CORRECTIONS),
        windows.check(moment("2022-12-01 12:00:00"), N4, N4_CORRECTIONS),
        windows.check(moment("2022-11-14 09:00:00"), N4),
    ]
    assert [problem.message for problem in problems if problem] == [
        "本评委会网上申报时间为2023年10月7日至2023年10月31日24时，现尚未开始。您可先填写并保存，到时提交。",
        "网上申报已于2023年10月31日24时截止，本次不能提交。您填写的内容已保存。",
        "网上申报已于2022年11月29日17:30截止，本次不能提交。您填写的内容已保存。",
        "2022年11月30日至2022年12月7日24时仅受理补正材料，不接收新的申报。",
        "本评委会网上申报时间为2022年11月14日9:30至2022年11月29日17:30，现尚未开始。您可先填写并保存，到时提交。",
    ]
    assert [problem.clause for problem in problems if problem] == [
        "N2 §三",
        "N2 §三",
        "N4 §二",
        "N4 附件1第76行",
        "N4 §二",
    ]


def test_arrival_counts_only_where_the_notice_says_so_and_never_by_default() -> None:
    reached = moment("2022-12-02 10:00:00")
    late = windows.check_arrival("arrival", reached, N4, N4_CORRECTIONS)
    assert late is not None
    assert late.code == "corrections_only"
    assert windows.check_arrival("arrival", moment("2022-11-29 17:30:00"), N4, N4_CORRECTIONS) is None
    assert windows.check_arrival("applicant", reached, N4, N4_CORRECTIONS) is None
    with pytest.raises(ConfigurationError):
        windows.check_arrival(None, reached, N4, N4_CORRECTIONS)


def test_window_is_counted_in_calendar_days_and_in_shanghai() -> None:
    pay = window("2023-11-16", "2023-11-20")
    assert moment("2023-11-19 10:00:00") in pay  # a Sunday
    assert datetime(2023, 11, 15, 16, 0, tzinfo=UTC) in pay
    assert datetime(2023, 11, 15, 15, 59, 59, tzinfo=UTC) not in pay
    assert datetime(2023, 11, 20, 16, 0, tzinfo=UTC) not in pay


def test_committee_without_a_window_is_open_and_a_malformed_one_is_a_configuration_error() -> None:
    assert windows.check(moment("2023-01-01 00:00:00"), None) is None
    for first, last in [("2023-10-31", "2023-10-07"), ("10月7日", "2023-10-31"), (7, "2023-10-31")]:
        with pytest.raises(ConfigurationError):
            window(first, last)
