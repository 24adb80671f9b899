import pytest

from app.domain.amount_words import capitals


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        (0, "零元整"),
        (120, "壹佰贰拾元整"),
        (240, "贰佰肆拾元整"),
        (405, "肆佰零伍元整"),
        (10, "壹拾元整"),
        (2003, "贰仟零叁元整"),
        (20_030, "贰万零叁拾元整"),
        (100_240, "壹拾万零贰佰肆拾元整"),
        (143_280, "壹拾肆万叁仟贰佰捌拾元整"),
        (100_000_001, "壹亿零壹元整"),
    ],
)
def test_amount_in_capitals(yuan: int, words: str) -> None:
    assert capitals(yuan) == words


@pytest.mark.parametrize("yuan", [-1, 10**12])
def test_amount_beyond_the_places_is_refused(yuan: int) -> None:
    with pytest.raises(ValueError):
        capitals(yuan)
