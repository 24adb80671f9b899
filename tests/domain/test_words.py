"""Statuses, dictionaries, numbers: the small things every page and record stands on."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.db import Database
from app.domain import dictionaries, numbers, statuses
from app.errors import ConfigurationError


def test_states_and_ends_have_their_words() -> None:
    assert statuses.label("CORRECTION") == "待补正"
    assert statuses.label("NOT_RECOMMENDED_OBJECTION") == "公示异议查实，不予推荐"


def test_a_state_fills_its_facts_and_does_without_them() -> None:
    assert statuses.label("PUBLICITY", n=3, N=5) == "单位公示中（第3/5个工作日）"
    assert statuses.label("PUBLICITY") == "单位公示中"


def test_the_applicants_sentence_is_left_out_when_a_fact_is_missing() -> None:
    assert statuses.sentence("PAY_OPEN", amount=240) == "应缴240元"
    assert statuses.sentence("PAY_OPEN") is None
    assert statuses.sentence("AT_DEPT") is None


@pytest.mark.parametrize("ask", [statuses.label, statuses.require_progress, statuses.require_end])
def test_an_unknown_code_is_a_fault_of_the_diagram(ask: object) -> None:
    with pytest.raises(ConfigurationError, match="GONE"):
        ask("GONE")  # type: ignore[operator]


def test_no_state_is_also_an_end() -> None:
    assert statuses.PROGRESS.keys() & statuses.ENDS.keys() == set()


def test_titles_have_levels_and_levels_fees() -> None:
    levels = [dictionaries.level_of(entry["code"]) for entry in dictionaries.entries("title")]
    assert levels == ["junior", "junior", "intermediate", "associate_senior", "full_senior"]
    assert [dictionaries.fee_group(entry["code"]) for entry in dictionaries.entries("level")] == [
        "junior",
        "intermediate",
        "senior",
        "senior",
    ]


def test_entries_are_found_by_their_properties() -> None:
    assert {entry["series"] for entry in dictionaries.entries("specialty", series="engineering")} == {"engineering"}
    assert dictionaries.entries("specialty", series="arts") == []
    assert dictionaries.options("level")[0] == {"label": "初级", "value": "junior"}


def test_a_code_of_a_notices_own_stands_for_itself() -> None:
    assert dictionaries.label("specialty", "kite_making") == "kite_making"
    assert dictionaries.label("title", None) == ""
    with pytest.raises(ConfigurationError):
        dictionaries.level_of("kite_maker")
    with pytest.raises(ConfigurationError):
        dictionaries.entries("kites")


def test_each_series_counts_by_itself(database: Database) -> None:
    with database.transaction() as session:
        given = [numbers.next_number(session, series) for series in ("a", "a", "b", "a")]

    assert given == [1, 2, 1, 3]


def test_numbers_drawn_at_once_are_all_different(database: Database) -> None:
    def draw(_: int) -> int:
        with database.transaction() as session:
            return numbers.next_number(session, "busy")

    with ThreadPoolExecutor(6) as many:
        assert sorted(many.map(draw, range(24))) == list(range(1, 25))
