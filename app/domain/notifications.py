"""Notifications: written in the transaction of what they tell, from texts that the notice may word itself (D16)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.domain import template_words
from app.models.notification import Notification

TITLE = 200  # characters of a title, once its gaps are filled


@dataclass(frozen=True)
class About:
    """What a notification is about; the notice's own wording of a template is used where it has one.

    `declarations`: person → his declaration, where several applicants are told the same.
    """

    notice_version_id: int | None = None
    declaration_id: int | None = None
    instance_id: int | None = None
    declarations: Mapping[int, int] = field(default_factory=dict)


def post(
    session: Session,
    to: Iterable[int],
    template: str,
    facts: Mapping[str, Any],
    about: About | None = None,
) -> list[Notification]:
    """One row a person, in the wording that holds. Raises ConfigurationError for an unknown template."""
    about = about or About()
    title, body = worded(session, template, facts, about.notice_version_id)
    rows = [
        Notification(
            person_id=person_id,
            template=template,
            title=title,
            body=body,
            facts=dict(facts),
            declaration_id=about.declarations.get(person_id, about.declaration_id),
            instance_id=about.instance_id,
            created_at=clock.now(session),
        )
        for person_id in dict.fromkeys(to)
    ]
    session.add_all(rows)
    return rows


def worded(session: Session, template: str, facts: Mapping[str, Any], notice_version_id: int | None) -> tuple[str, str]:
    """Title and body as `post` would write them."""
    said = template_words.of(session, template, notice_version_id).filled(facts)
    return said.title[:TITLE], said.body


def count_unread(session: Session, person_id: int) -> int:
    wanted = select(func.count(Notification.id)).where(Notification.person_id == person_id)
    return session.scalar(wanted.where(Notification.read_at.is_(None))) or 0


def of_person(session: Session, person_id: int, limit: int = 100) -> list[Notification]:
    """Read and unread, newest first."""
    wanted = select(Notification).where(Notification.person_id == person_id)
    return list(session.scalars(wanted.order_by(Notification.id.desc()).limit(limit)))


def mark_all_read(session: Session, person_id: int) -> None:
    session.execute(
        update(Notification)
        .where(Notification.person_id == person_id, Notification.read_at.is_(None))
        .values(read_at=clock.now(session))
        .execution_options(synchronize_session=False)
    )


def mark_read(session: Session, person_id: int, ids: Iterable[int]) -> None:
    session.execute(
        update(Notification)
        .where(Notification.person_id == person_id, Notification.id.in_(list(ids)), Notification.read_at.is_(None))
        .values(read_at=clock.now(session))
        .execution_options(synchronize_session=False)
    )
