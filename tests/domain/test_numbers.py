from concurrent.futures import ThreadPoolExecutor

from app.db import Database
from app.domain import numbers


def test_each_series_counts_by_itself(database: Database) -> None:
    with database.transaction() as session:
        given = [numbers.next_number(session, series) for series in ("a", "a", "b", "a")]

    assert given == [1, 2, 1, 3]


def test_numbers_of_several_series_are_drawn_together(database: Database) -> None:
    with database.transaction() as session:
        numbers.next_number(session, "a")

        assert numbers.next_numbers(session, "c", "a", "b") == {"a": 2, "b": 1, "c": 1}
        assert numbers.next_numbers(session, "b", "b") == {"b": 2}


def test_numbers_drawn_at_once_are_all_different(database: Database) -> None:
    def draw(_: int) -> int:
        with database.transaction() as session:
            return numbers.next_number(session, "busy")

    with ThreadPoolExecutor(6) as many:
        assert sorted(many.map(draw, range(24))) == list(range(1, 25))
