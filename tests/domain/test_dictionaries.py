import pytest

from app.domain import dictionaries
from app.errors import ConfigurationError


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
