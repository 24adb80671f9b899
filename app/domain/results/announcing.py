"""Telling the declarations of a session their results: one message each, all in one INSERT (D15)."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.domain import messages, notifications
from app.domain.notifications import About
from app.domain.results import names
from app.domain.results.names import Name
from app.models.review import ReviewSession


def announce(session: Session, review: ReviewSession) -> int:
    """`session_result` to everybody voted on: passed or not, and nothing of the votes. Returns how many were told."""
    alive = [name for name in names.of_session(session, review.id) if name.declaration.ended_as is None]
    payloads = {name.declaration.id: {"passed": name.passed, "session_id": review.id} for name in alive}
    return tell(session, review, "session_result", alive, payloads)


def tell(
    session: Session,
    review: ReviewSession,
    message: str,
    to: Iterable[Name],
    payloads: Mapping[int, Mapping[str, Any]],
) -> int:
    """One message to each of these declarations' own instances; `payloads` by declaration."""
    found = {
        name.declaration.instance_id: {"declaration_id": name.declaration.id, **payloads[name.declaration.id]}
        for name in to
        if name.declaration.instance_id is not None
    }
    return messages.post_many(session, message, found, sender_id=review.instance_id)


def notify(session: Session, review: ReviewSession, template: str, to: Iterable[Name], facts: Mapping[str, Any]) -> int:
    """The same notification to each of these applicants; returns how many."""
    people = {name.declaration.person_id: name.declaration.id for name in to}
    about = About(review.notice_version_id, None, review.instance_id, people)
    return len(notifications.post(session, people, template, facts, about))
