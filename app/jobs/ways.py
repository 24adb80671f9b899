"""The carrier of each channel in this deployment."""

from collections.abc import Mapping

from app.config import Settings
from app.jobs.carriers import Carrier, Logged, Smtp
from app.jobs.sms import AliyunSms


def carriers(settings: Settings | None) -> Mapping[str, Carrier]:
    """A channel that nothing is configured for is written to the log. Raises ConfigurationError."""
    return {
        "email": Smtp(settings.mail) if settings and settings.mail else Logged(),
        "sms": AliyunSms(settings.sms) if settings and settings.sms else Logged(),
    }
