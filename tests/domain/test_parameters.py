from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.db import Database
from app.domain import committees, parameters
from app.domain.calendar import Calendar
from app.domain.deadline_rules import closing, due, latest_start
from app.domain.notices import publish
from app.domain.packages import read_all
from app.domain.parameter_values import Window
from app.errors import ConfigurationError

ROOT = Path(__file__).parents[2]
NONE: dict[str, dict[str, bytes]] = {"diagrams": {}, "decisions": {}, "forms": {}}
SHIPPED = {package.key: replace(package, shared=NONE, own=NONE) for package in read_all(ROOT)}
CALENDAR = Calendar()
SOLICITING = ("designation_login", "designation_checks", "pool_term", "pool_reminder")  # N0 alone rules on them


class Published:
    """The shipped notices in one open transaction, asked by short names."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.versions = {
            key[:2]: publish(session, package, by=None, note="首次发布").id for key, package in SHIPPED.items()
        }

    def committee(self, notice: str, no: int) -> int:
        return next(row.id for row in committees.of_version(self.session, self.versions[notice]) if row.no == no)

    def lookup(self, notice: str, key: str, no: int | None = None) -> parameters.Parameter:
        return parameters.lookup(self.session, self.versions[notice], key, no and self.committee(notice, no))

    def rule(self, notice: str, key: str, no: int | None = None) -> parameters.DeadlineRule:
        return parameters.deadline_rule(self.session, self.versions[notice], key, no and self.committee(notice, no))

    def due_day(self, notice: str, key: str, start: str, no: int | None = None) -> date:
        return due(self.rule(notice, key, no), at(start), CALENDAR).last_day


@pytest.fixture
def published(sqlite_database: Database) -> Iterator[Published]:
    with sqlite_database.transaction() as session:
        yield Published(session)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("notice", "no", "key", "value"),
    [
        ("n2", None, "year", 2023),
        ("n4", None, "year", 2022),
        ("n2", None, "tenure_cutoff", date(2023, 12, 31)),
        ("n4", 76, "tenure_cutoff", date(2022, 12, 31)),
        ("n2", None, "unit_publicity_wd", 5),
        ("n2", None, "publicity_start_latest_time", time(12)),
        ("n2", 1, "window_governs", "applicant"),
        ("n4", 76, "window_governs", "arrival"),
        ("n4", 57, "window_governs", "arrival"),
        ("n2", 1, "fee", {"senior": 420, "intermediate": 240, "junior": 120}),
        ("n4", 76, "fee", {"intermediate": 240, "junior": 120}),
        ("n2", 1, "unpaid_policy", "flag"),
        ("n4", 76, "unpaid_policy", "abandon"),
        ("n2", 1, "acceptance_level", "committee"),
        ("n4", 76, "acceptance_level", "district"),
        ("n2", None, "insurance_rule_categories", ["non_public", "mobile", "officer", "freelancer"]),
        ("n4", None, "pass_fraction", Fraction(2, 3)),
        ("n1", None, "renewal_fraction", Fraction(1, 3)),
        ("n1", None, "recheck_basis", "announcement"),
        ("n2", None, "recheck_basis", "confirmation"),
        ("n2", None, "recusal_in_denominator", True),
        ("n4", None, "hk_macao_taiwan_foreigners", False),
        ("n4", 75, "mode", "offline"),
        ("n4", 76, "mode", "online"),
        ("n4", None, "correction_min_wd", 2),
        ("n2", None, "channels", ["unit", "superior"]),
    ],
)
def test_a_parameter_has_the_value_its_notice_prints(
    published: Published, notice: str, no: int | None, key: str, value: Any
) -> None:
    assert published.lookup(notice, key, no).value == value


def test_a_value_tells_its_unit_clause_and_source(published: Published) -> None:
    found = published.lookup("n4", "payment_place", 76)
    assert (found.clause, found.kind, found.source) == ("N4 §六(十二)", "printed", "n4_2022_dadukou#76")
    found = published.lookup("n2", "fee", 1)
    assert (found.unit, found.clause, found.source) == ("元/人", "N2 §六(三); R-141", "n2_2023_bigdata")
    found = published.lookup("n2", "committee_term_years")
    assert (found.unit, found.clause, found.source) == ("年", "N1 §二(二)", "n1_2022_general")


def test_a_value_the_notice_leaves_open_names_who_decided_it(published: Published) -> None:
    found = published.lookup("n2", "window_governs", 1)
    assert (found.kind, found.decided_by) == ("decided", "市大数据应用发展管理局")
    assert found.note.startswith("[S]")


def test_the_chain_shows_every_place_that_was_asked(published: Published) -> None:
    links = parameters.chain(
        published.session, published.versions["n4"], "unpaid_policy", published.committee("n4", 76)
    )
    assert [link.source for link in links] == ["n4_2022_dadukou#76", "n4_2022_dadukou", "n1_2022_general"]
    assert links[0].title == "重庆市工程技术中级职称大渡口区评审委员会"
    assert [link.entry and link.entry.get("value") for link in links] == ["abandon", "abandon", None]
    assert links[2].entry is not None
    assert links[2].entry["undecided"] == "评委会组建单位"


def test_an_unknown_parameter_is_refused(published: Published) -> None:
    with pytest.raises(ConfigurationError, match="没有名为“publicity_days”的参数"):
        published.lookup("n2", "publicity_days")


def test_a_value_nobody_gives_names_the_clause_to_fill(published: Published) -> None:
    with pytest.raises(ConfigurationError) as raised:
        published.lookup("n1", "tenure_cutoff")
    assert raised.value.message == (
        "《关于进一步做好职称工作的通知》及其上级通知都没有填写“任职时间计算截止日”（tenure_cutoff），"
        "请按条款（N2 §六(二)）在通知参数中补充。"
    )


def test_an_undecided_value_names_who_must_decide(published: Published) -> None:
    with pytest.raises(ConfigurationError) as raised:
        published.lookup("n4", "window_governs", 1)
    assert raised.value.message == (
        "《关于组织开展2022年大渡口区职称申报评审工作的通知》对“网上申报时间约束申报人提交还是材料送达”"
        "（window_governs）没有规定，须由评委会组建单位决定，并把决定填入通知参数后再办理。"
    )


@pytest.mark.parametrize(
    "key",
    ["window_governs", "correction_acceptance", "completion_unit", "insurance_asof", "unpaid_policy", "recheck_reply"],
)
def test_where_the_general_notice_is_silent_there_is_no_default(published: Published, key: str) -> None:
    with pytest.raises(ConfigurationError, match="没有规定，须由"):
        published.lookup("n1", key)


def test_the_windows_of_a_committee_are_parameters_too(published: Published) -> None:
    found = published.lookup("n4", "declare_window", 76)
    assert found.value == Window(at("2022-11-14 09:30:00"), at("2022-11-29 17:30:01"))
    assert (found.clause, found.source) == ("N4 §二、§六(十二)、附件1 第76行", "n4_2022_dadukou#76")
    version, committee = published.versions["n4"], published.committee("n4", 32)
    assert parameters.window(published.session, version, "pay", committee) is None
    assert published.lookup("n4", "pay_window", 32).value is None


@pytest.mark.parametrize(
    ("notice", "no", "key", "start", "last_day"),
    [
        ("n2", 1, "unit_publicity", "2023-10-10 09:00", date(2023, 10, 16)),  # A1
        ("n2", 1, "unit_publicity", "2023-10-07 09:00", date(2023, 10, 11)),  # A2
        ("n2", 1, "unit_publicity", "2023-10-18 17:40", date(2023, 10, 25)),  # G7
        ("n2", 1, "correction_acceptance", "2023-11-06 10:00", date(2023, 11, 13)),  # A12
        ("n2", 1, "correction_acceptance", "2023-11-13 10:00", date(2023, 11, 15)),  # capped at the check window
        ("n4", 76, "correction_acceptance", "2022-12-05 10:00", date(2022, 12, 7)),
        ("n2", 1, "completion_unit", "2023-10-16 10:00", date(2023, 10, 19)),  # A17
        ("n2", 1, "extension_end", "2023-11-18 00:00", date(2023, 11, 18)),
        ("n2", 1, "report_due", "2023-12-08 18:00", date(2023, 12, 15)),  # A1
        ("n4", 76, "report_due", "2022-12-30 18:00", date(2023, 1, 9)),  # E15
        ("n2", 1, "result_publicity", "2023-12-11 09:00", date(2023, 12, 15)),  # A1
        ("n2", 1, "confirmation_draft_due", "2023-12-15 18:00", date(2024, 1, 8)),  # A1
        ("n2", 1, "confirmation_draft_due", "2023-12-29 18:00", date(2024, 1, 22)),  # E17
        ("n2", 1, "archive_forward_due", "2023-12-29 10:00", date(2024, 1, 29)),  # A1
        ("n2", 1, "recheck_deadline", "2023-12-29 10:00", date(2024, 2, 29)),  # A1
    ],
)
def test_a_deadline_follows_its_parameters(
    published: Published, notice: str, no: int, key: str, start: str, last_day: date
) -> None:
    assert published.due_day(notice, key, start, no) == last_day


@pytest.mark.parametrize(
    ("notice", "no", "key", "instant"),
    [
        ("n2", 1, "declare_deadline", "2023-11-01 00:00:00"),  # A7
        ("n4", 76, "declare_opens", "2022-11-14 09:30:00"),  # A8
        ("n4", 76, "declare_deadline", "2022-11-29 17:30:01"),  # A8
        ("n2", 1, "route_deadline", "2023-11-16 00:00:00"),  # A21
        ("n2", 1, "route_reminder", "2023-11-10 00:00:00"),
        ("n4", 76, "route_deadline", "2022-12-08 00:00:00"),
        ("n2", 1, "pay_opens", "2023-11-16 00:00:00"),
        ("n2", 1, "pay_deadline", "2023-11-21 00:00:00"),
        ("n4", 76, "pay_deadline", "2022-12-16 00:00:00"),  # C3
        ("n4", 76, "paper_deadline", "2022-12-16 00:00:00"),
    ],
)
def test_a_deadline_on_a_window_is_the_committees(
    published: Published, notice: str, no: int, key: str, instant: str
) -> None:
    assert due(published.rule(notice, key, no), at("2022-11-01 09:00"), CALENDAR).due_at == at(instant)


def test_a_deadline_names_the_holds_that_stop_it(published: Published) -> None:
    assert published.rule("n2", "unit_publicity", 1).stopped_by == {"objection"}
    assert published.rule("n2", "route_deadline", 1).stopped_by == frozenset()
    assert published.rule("n2", "confirmation_draft_due", 1).stopped_by == {"complaint"}


def test_the_latest_safe_start_of_publicity_is_told_from_the_window(published: Published) -> None:
    window = published.lookup("n4", "declare_window", 76).value
    assert latest_start(published.rule("n4", "unit_publicity", 76), window.closes, CALENDAR) == date(2022, 11, 22)


def test_a_committee_without_the_window_cannot_have_the_deadline(published: Published) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^重庆市自然科学研究系列高级职称评审委员会（第32号）没有公布缴费时间"
    ):
        published.rule("n4", "pay_deadline", 32)


def test_only_a_deadline_makes_a_rule(published: Published) -> None:
    with pytest.raises(ConfigurationError, match="“year”不是期限"):
        published.rule("n2", "year")


def test_a_correction_without_any_window_is_not_capped(published: Published) -> None:
    assert published.rule("n4", "correction_acceptance", 65).cap is None
    assert published.rule("n4", "correction_acceptance", 76).cap == closing(date(2022, 12, 7))


def test_every_decided_or_printed_deadline_of_the_shipped_notices_makes_a_rule(published: Published) -> None:
    made = set()
    for notice, no in (("n2", 1), ("n4", 76)):
        for key, spec in parameters.keys(published.session, published.versions[notice]).items():
            silent = {
                ("n4", "result_publicity_start_due"),
                ("n2", "paper_deadline"),
                *((notice, own) for own in SOLICITING),
            }
            if spec.type == "deadline" and (notice, key) not in silent:
                made.add(published.rule(notice, key, no).key)
    every = {key for key, spec in SHIPPED["n1_2022_general"].vocabulary.items() if spec.type == "deadline"}
    solicitation = every & set(SHIPPED["n0_2021_experts"].parameters)
    made |= {published.rule("n0", key).key for key in solicitation}
    assert made == every


def test_deadlines_that_rest_on_a_changed_parameter_are_named(published: Published) -> None:
    said = parameters.content(published.session, published.versions["n2"])
    assert parameters.deadlines_resting_on(said, ["unit_publicity_wd"]) == {"unit_publicity"}
    assert parameters.deadlines_resting_on(said, ["pay_window"]) == {"pay_opens", "pay_deadline", "pay_reminder"}
    assert parameters.deadlines_resting_on(said, ["report_wd"]) == {"report_due", "result_publicity_start_due"}
    assert parameters.deadlines_resting_on(said, ["correction_acceptance"]) == {"correction_acceptance"}
    assert parameters.deadlines_resting_on(said, ["jurisdiction"]) == set()
