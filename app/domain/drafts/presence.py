"""Who is at a draft: each open page says so every few seconds, and learns who else is there."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.models.draft import DraftPresence
from app.models.people import Person

GONE = timedelta(seconds=45)  # three times what a page says nothing in


@dataclass(frozen=True)
class Other:
    """Somebody else at the draft; `path` is empty on the draft's own page."""

    name: str
    path: str
    seconds: int


def here(session: Session, draft_id: int, person_id: int, path: str) -> list[Other]:
    """Note that the person looks at `path`; gives the others, the latest first."""
    row = session.get(DraftPresence, (draft_id, person_id))
    if row is None:
        row = DraftPresence(draft_id=draft_id, person_id=person_id)
        session.add(row)
    row.path, row.seen_at = path, clock.now(session)
    session.flush()
    return others(session, draft_id, person_id)


def others(session: Session, draft_id: int, person_id: int) -> list[Other]:
    now = clock.now(session)
    found = session.execute(
        select(Person.name, DraftPresence.path, DraftPresence.seen_at)
        .join(Person, Person.id == DraftPresence.person_id)
        .where(DraftPresence.draft_id == draft_id, DraftPresence.person_id != person_id)
        .where(DraftPresence.seen_at > now - GONE)
        .order_by(DraftPresence.seen_at.desc())
    )
    return [Other(name, path, int((now - seen).total_seconds())) for name, path, seen in found]
