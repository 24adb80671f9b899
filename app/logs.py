"""Logging of every process: one JSON line an event, personal data masked before it is written (D34)."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRET_KEYS = frozenset(
    {"password", "token", "cookie", "authorization", "secret", "sealed", "identity_number", "mobile"}
)
_IDENTITY = re.compile(r"(?<![0-9])([0-9]{3})[0-9]{11}([0-9]{3}[0-9Xx])(?![0-9])")
_MOBILE = re.compile(r"(?<![0-9])(1[3-9][0-9])[0-9]{4}([0-9]{4})(?![0-9])")
_SHORTEST = 10**10  # a mobile number written as a number


def configure() -> None:
    """Set structlog up; called once by whoever joins the parts."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            mask_personal_data,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )


def mask_personal_data(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: secret keys lose their value, identity and mobile numbers their middle, at any depth."""
    return {key: "***" if key.lower() in SECRET_KEYS else _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return _MOBILE.sub(r"\1****\2", _IDENTITY.sub(r"\1***********\2", value))
    if isinstance(value, int) and value >= _SHORTEST:
        shown = _masked(str(value))
        return value if shown == str(value) else shown
    if isinstance(value, dict):
        return {key: "***" if str(key).lower() in SECRET_KEYS else _masked(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(each) for each in value]
    return value
