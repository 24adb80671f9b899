"""A notification as a letter: its template worded for the open mail, where nobody's name or reasons belong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import template_words
from app.domain.template_words import Wording
from app.domain.wording import moment_words
from app.models.notification import Notification
from app.models.process import ProcessInstance

# facts that stay in the house, and what the letter says instead
DISCREET = {
    "applicant": "一名申报人",
    "who": "有关方面",  # an applicant, his unit, an overseer
    "items": "具体内容请登录查看",
    "reason": "具体情况请登录查看",
    "task": "一项待办事项",
    "what": "一项办理事项",
    "answer": "具体内容请登录查看",
    "reply": "具体内容请登录查看",
}
FOOT = (
    "请登录职称申报评审系统查看和办理{where}。\n"
    "本消息由系统自动发出，请勿回复。如不再需要，可在“个人中心”修改接收方式。"
)


@dataclass(frozen=True)
class Letter:
    """What leaves the house; of a text message the body alone, or `facts` in the provider's own `template`."""

    subject: str
    body: str
    template: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def letter(session: Session, told: Notification, channel: str = "email", site: str = "") -> Letter:
    """In the wording that holds for the channel; `site` is the address to log in at."""
    instance = session.get(ProcessInstance, told.instance_id) if told.instance_id else None
    version_id = instance.notice_version_id if instance else None
    said = worded(template_words.of(session, told.template, version_id), told.facts, channel, site)
    return replace(said, template=told.template, facts=discreet(told.facts))


def worded(said: Wording, facts: Mapping[str, Any], channel: str, site: str = "") -> Letter:
    """A wording as a letter by the channel."""
    filled = said.filled(discreet(facts))
    if channel == "sms":
        return Letter(filled.title, filled.sms)
    return _mail(filled.mail_subject, filled.mail_body, site)


def digest(session: Session, told: Sequence[Notification], site: str = "") -> Letter:
    """One mail for several notifications, in the order in which they were written."""
    instances = [each.instance_id for each in told if each.instance_id is not None]
    wanted = select(ProcessInstance.id, ProcessInstance.notice_version_id).where(ProcessInstance.id.in_(instances))
    versions = {row.id: row.notice_version_id for row in session.execute(wanted)}
    parts = []
    for number, each in enumerate(told, 1):
        said = template_words.of(session, each.template, versions.get(each.instance_id or 0)).filled(
            discreet(each.facts)
        )
        parts.append(f"{number}. {said.mail_subject}（{moment_words(each.created_at)}）\n{said.mail_body}")
    return _mail(f"{len(told)}条消息", "\n\n".join(parts), site)


def _mail(subject: str, body: str, site: str) -> Letter:
    where = f"：{site}" if site else ""
    return Letter(f"【职称申报评审】{subject}", f"您好：\n\n{body}\n\n{FOOT.format(where=where)}")


def discreet(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts without what only belongs behind the login."""
    return {**facts, **{key: words for key, words in DISCREET.items() if facts.get(key)}}
