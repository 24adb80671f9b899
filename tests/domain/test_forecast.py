"""What an office will have before it at a deadline, by hand."""

import pytest

from app.domain.forecast import Forecast, forecast


@pytest.mark.parametrize(
    ("standing", "arrived", "finished", "left", "expected"),
    [
        (40, 20, 30, 10, Forecast(10, 30, 6)),  # 40 + 2·10 come, 3·10 done
        (40, 0, 50, 10, Forecast(10, 0, 4)),
        (7, 1, 0, 3, Forecast(3, 8, 3)),  # 7.3 come and stay
        (5, 9, 9, 0, Forecast(0, 5, 5)),  # the last day
        (0, 0, 0, 4, Forecast(4, 0, 0)),
    ],
)
def test_what_is_left(standing: int, arrived: int, finished: int, left: int, expected: Forecast) -> None:
    assert forecast(standing, arrived, finished, left) == expected
