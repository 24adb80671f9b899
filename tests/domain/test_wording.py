"""Days and moments in words."""

from datetime import date, datetime

from app.clock import SHANGHAI
from app.domain.wording import day_words, days_words, moment_words, opening_words, span_words


def test_days_and_moments_read_as_the_notices_print_them() -> None:
    midnight, nine = (datetime(2023, 10, 7, hour, tzinfo=SHANGHAI) for hour in (0, 9))
    assert day_words(date(2023, 10, 7)) == "2023年10月7日"
    assert (
        days_words([(date(2023, 10, 1), "国庆节"), (date(2023, 10, 7), "周六")]) == "10月1日（国庆节）、10月7日（周六）"
    )
    assert moment_words(midnight) == "2023年10月7日00:00"
    assert opening_words(midnight) == "2023年10月7日"
    assert opening_words(nine) == "2023年10月7日09:00"
    assert span_words(nine, nine.replace(hour=18)) == "2023年10月7日09:00至18:00"
    assert span_words(nine, nine.replace(day=8)) == "2023年10月7日09:00至2023年10月8日09:00"
