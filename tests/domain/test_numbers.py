from concurrent.futures import ThreadPoolExecutor

from app.db import Database
from app.domain import numbers


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
