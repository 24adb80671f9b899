"""How a wording would read on a real case, in every channel, before it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.domain import letters, people, permissions, template_words, text_messages
from app.domain.letters import Letter
from app.domain.permissions import Grants
from app.domain.template_words import Wording
from app.domain.templates import declared
from app.domain.wording import moment_words
from app.models.declaration import Declaration
from app.models.notification import Notification
from app.models.process import ProcessInstance

RECENT = 8
SAMPLES = "没有可用的实例，以下项目是示例。"


@dataclass(frozen=True)
class Case:
    """Facts to fill in, where they are from in words, and the notice version of the case."""

    facts: Mapping[str, Any]
    source: str
    notice_version_id: int | None = None


@dataclass(frozen=True)
class Look:
    """The wording by channel; `overruled`: the notice of the case has a wording of its own, which would be sent."""

    inbox: Wording
    mail: Letter
    sms: str
    sms_parts: int
    source: str
    overruled: bool


def recent(session: Session, who: Grants, template: str) -> dict[int, str]:
    """The last notifications of the template that the person may read: number → moment and declaration."""
    wanted = _readable(who, template).with_only_columns(Notification.id, Notification.created_at, Declaration.number)
    rows = session.execute(wanted.order_by(Notification.id.desc()).limit(RECENT))
    return {each: f"{moment_words(at)}{f'（{number}）' if number else ''}" for each, at, number in rows}


def case(session: Session, who: Grants, template: str, notification_id: int, number: str) -> Case:
    """The named notification, else the last one about the declaration, else what the declaration says, else samples."""
    samples = declared.samples(template)
    if number:
        return _of_declaration(session, who, template, number, samples)
    rows = _readable(who, template)
    if notification_id:
        rows = rows.where(Notification.id == notification_id)
    found = session.execute(rows.order_by(Notification.id.desc()).limit(1)).first()
    return _told(*found) if found else Case(samples, SAMPLES)


def look(session: Session, template: str, said: Wording, on: Case) -> Look:
    filled = said.filled(on.facts)
    message = letters.worded(said, on.facts, "sms").body
    return Look(
        inbox=filled,
        mail=letters.worded(said, on.facts, "email"),
        sms=message,
        sms_parts=text_messages.parts(message),
        source=on.source,
        overruled=template_words.own(session, template, on.notice_version_id) is not None,
    )


def _of_declaration(session: Session, who: Grants, template: str, number: str, samples: Mapping[str, str]) -> Case:
    named = or_(Declaration.number == number, Declaration.acceptance_no == number)
    told = session.execute(_readable(who, template).where(named).order_by(Notification.id.desc()).limit(1)).first()
    if told is not None:
        return _told(*told)
    found = session.scalar(select(Declaration).where(named, permissions.visible_declarations(who)))
    if found is None:
        return Case(samples, f"没有找到编号为“{number}”的申请书，以下项目是示例。")
    own = {"applicant": people.get(session, found.person_id).name, "number": number}
    facts = {fact: own.get(fact, words) for fact, words in samples.items()}
    source = f"申请书{number}还没有发过这种消息：申报人、编号取自该申请书，其余项目是示例。"
    return Case(facts, source, found.notice_version_id)


def _told(told: Notification, number: str | None, version_id: int | None) -> Case:
    about = f"，申请书{number}" if number else ""
    return Case(told.facts, f"项目取自{moment_words(told.created_at)}发出的一条消息{about}。", version_id)


def _readable(who: Grants, template: str) -> Any:
    """Notifications of the template whose facts the person may read: nobody learns here who is asked to review."""
    open_to_him: ColumnElement[bool] = or_(Notification.declaration_id.is_(None), permissions.visible_declarations(who))
    public = or_(ProcessInstance.id.is_(None), ProcessInstance.process_key.not_in(permissions.CONFIDENTIAL))
    return (
        select(Notification, Declaration.number, ProcessInstance.notice_version_id)
        .outerjoin(Declaration, Declaration.id == Notification.declaration_id)
        .outerjoin(ProcessInstance, ProcessInstance.id == Notification.instance_id)
        .where(Notification.template == template, open_to_him, public)
    )
