"""Who carries letters out of the house: SMTP for mail, and the log for every channel that has nobody else."""

import smtplib
from collections.abc import Collection
from email.message import EmailMessage
from typing import Protocol

import structlog

from app.config import Mail
from app.domain.outbox import Parcel

log = structlog.get_logger()
SECONDS = 20
PERMANENT = 500  # SMTP answers from here on will be the same next time


class NotTakenError(Exception):
    """The carrier did not take the letter; `for_good` where trying again is no use."""

    def __init__(self, said: str, *, for_good: bool = False) -> None:
        super().__init__(said)
        self.for_good = for_good


class UnknownError(Exception):
    """The line broke while the letter was on its way."""


class Carrier(Protocol):
    """`templates`: the only notifications that it takes; None where it takes all."""

    templates: Collection[str] | None

    def carry(self, parcel: Parcel) -> None:
        """Hand the letter over; NotTakenError, UnknownError."""


class Logged:
    """Writes what it would have sent, so that a house without a mail server still shows what goes out."""

    templates: Collection[str] | None = None

    def carry(self, parcel: Parcel) -> None:
        log.info("message", channel=parcel.channel, to=_hidden(parcel.address), subject=parcel.letter.subject)


class Smtp:
    """One connection a letter: the volume is small, and a broken line concerns one letter only."""

    templates: Collection[str] | None = None

    def __init__(self, settings: Mail) -> None:
        self._settings = settings

    def carry(self, parcel: Parcel) -> None:
        try:
            line = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise NotTakenError(f"连接邮件服务器失败：{error}") from error
        try:
            line.send_message(self._message(parcel))
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise NotTakenError(_words(code, said), for_good=code >= PERMANENT) from error
        except smtplib.SMTPResponseException as error:
            for_good = error.smtp_code >= PERMANENT
            raise NotTakenError(_words(error.smtp_code, error.smtp_error), for_good=for_good) from error
        except (OSError, smtplib.SMTPException) as error:
            raise UnknownError(f"邮件交付途中连接中断：{error}") from error
        finally:
            line.close()

    def _connect(self) -> smtplib.SMTP:
        mail = self._settings
        make = smtplib.SMTP_SSL if mail.security == "ssl" else smtplib.SMTP
        line = make(mail.host, mail.port, timeout=SECONDS)
        if mail.security == "starttls":
            line.starttls()
        if mail.user:
            line.login(mail.user, mail.password)
        return line

    def _message(self, parcel: Parcel) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"] = self._settings.sender, parcel.address
        message["Subject"] = parcel.letter.subject
        message["Message-ID"] = (
            f"<delivery-{parcel.delivery_id}@{self._settings.sender.rpartition('@')[2] or 'zhiping'}>"
        )
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(parcel.letter.body)
        return message


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"邮件服务器未接收：{code} {text}"


def _hidden(address: str) -> str:
    """The log need not know whom exactly."""
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}" if at else f"{address[:3]}****{address[-4:]}"
