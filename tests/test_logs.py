"""No log line carries a person's numbers or secrets."""

from app import logs


def test_log_masks_at_any_depth():
    event = {
        "event": "x",
        "password": "p",
        "rows": [{"mobile": "13900001001", "note": "电话13900001001，证号11010519491231002X。"}],
        "number": 500103198604121014,
        "microseconds": 1696813200000000,
        "account": "12345678",
    }
    assert logs.mask_personal_data(None, "info", event) == {
        "event": "x",
        "password": "***",
        "rows": [{"mobile": "***", "note": "电话139****1001，证号110***********002X。"}],
        "number": "500***********1014",
        "microseconds": 1696813200000000,
        "account": "12345678",
    }
