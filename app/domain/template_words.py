"""Which wording of a notification holds: the notice version's own, else the house's, else the product's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.domain import house_settings, notices
from app.domain.templates.texts import TEXTS
from app.errors import ConfigurationError

PREFIX = "wording:"  # of the names of house settings that word a template
_GAP = re.compile(r"\{\{|\}\}|\{(\w+)\}")
_BRACES = {"{{": "{", "}}": "}"}


@dataclass(frozen=True)
class Wording:
    """Title and body as the inbox shows them; a text that is empty is worded as in the inbox."""

    title: str
    body: str
    mail_subject: str = ""
    mail_body: str = ""
    sms: str = ""

    def filled(self, facts: Mapping[str, Any]) -> "Wording":
        """Every gap filled; a fact that was not given is left empty."""
        texts = (self.title, self.body, self.mail_subject or self.title, self.mail_body or self.body)
        return Wording(*(_filled(text, facts) for text in (*texts, self.sms or self.body)))


def of(session: Session, template: str, notice_version_id: int | None) -> Wording:
    """The wording that holds, its gaps open. Raises ConfigurationError where nobody words the template."""
    return own(session, template, notice_version_id) or house(session, template) or built_in(template)


def own(session: Session, template: str, notice_version_id: int | None) -> Wording | None:
    """The notice version's, which words both parts or none."""
    if notice_version_id is None:
        return None
    title, body = (notices.text_of(session, notice_version_id, f"{template}.{part}") for part in ("title", "body"))
    return None if title is None or body is None else Wording(title, body)


def house(session: Session, template: str) -> Wording | None:
    """The administrators' own."""
    value = house_settings.value(session, PREFIX + template)
    return Wording(**value) if value else None


def built_in(template: str) -> Wording:
    if template not in TEXTS:
        raise ConfigurationError(f"没有名为“{template}”的通知模板。")
    return Wording(*TEXTS[template])


def _filled(text: str, facts: Mapping[str, Any]) -> str:
    """Nothing but plain gaps is looked at, so that no text can make the sending fail."""
    return _GAP.sub(lambda gap: str(facts.get(gap[1], "")) if gap[1] else _BRACES[gap[0]], text)
