"""A notification as a letter: its template worded for the open mail, where nobody's name or reasons belong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.domain import template_words
from app.domain.template_words import Wording
from app.models.notification import Notification
from app.models.process import ProcessInstance

# facts that stay in the house, and what the letter says instead
DISCREET = {
    "applicant": "一名申报人",
    "who": "有关方面",  # an applicant, his unit, an overseer
    "items": "具体内容请登录查看",
    "reason": "具体情况请登录查看",
    "task": "一项待办事项",
}
FOOT = (
    "请登录职称申报评审系统查看和办理{where}。\n"
    "本消息由系统自动发出，请勿回复。如不再需要，可在“个人中心”修改接收方式。"
)


@dataclass(frozen=True)
class Letter:
    """What leaves the house; of a text message the body alone."""

    subject: str
    body: str


def letter(session: Session, told: Notification, channel: str = "email", site: str = "") -> Letter:
    """In the wording that holds for the channel; `site` is the address to log in at."""
    instance = session.get(ProcessInstance, told.instance_id) if told.instance_id else None
    version_id = instance.notice_version_id if instance else None
    return worded(template_words.of(session, told.template, version_id), told.facts, channel, site)


def worded(said: Wording, facts: Mapping[str, Any], channel: str, site: str = "") -> Letter:
    """A wording as a letter by the channel."""
    filled = said.filled(discreet(facts))
    if channel == "sms":
        return Letter(filled.title, filled.sms)
    where = f"：{site}" if site else ""
    return Letter(
        f"【职称申报评审】{filled.mail_subject}", f"您好：\n\n{filled.mail_body}\n\n{FOOT.format(where=where)}"
    )


def discreet(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts without what only belongs behind the login."""
    return {**facts, **{key: words for key, words in DISCREET.items() if facts.get(key)}}
