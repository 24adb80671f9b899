"""Daily samples of a publicity: that its page was on show on a working day, and the hash of what it showed."""

from collections.abc import Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import publicity_access, snapshots
from app.domain.calendar import calendar_of
from app.models.recommendation import Publicity, PublicitySample, Snapshot


def due(session: Session) -> list[int]:
    """Ids of the publicities on show that have no sample of today yet; none on a day nobody works."""
    today = clock.local(clock.now(session)).date()
    taken = and_(PublicitySample.publicity_id == Publicity.id, PublicitySample.day == today)
    running = select(Publicity).where(Publicity.closed_at.is_(None), Publicity.superseded_at.is_(None))
    found = session.scalars(running.where(~select(PublicitySample.day).where(taken).exists())).all()
    if not found or not calendar_of(session).is_working(today):
        return []
    return [each.id for each in publicity_access.on_show(session, found)]


def take(session: Session, publicity_ids: Sequence[int]) -> None:
    """Keep the hash of what each of them shows right now, computed from the content itself."""
    now = clock.now(session)
    wanted = select(Publicity.id, Snapshot.content).join(Snapshot, Snapshot.digest == Publicity.snapshot_digest)
    for publicity_id, content in session.execute(wanted.where(Publicity.id.in_(publicity_ids))):
        digest = snapshots.digest_of(content)
        day = clock.local(now).date()
        session.add(PublicitySample(publicity_id=publicity_id, day=day, at=now, shown_digest=digest))


def of_publicity(session: Session, publicity_id: int) -> Sequence[PublicitySample]:
    """Its samples, the first day first."""
    wanted = select(PublicitySample).where(PublicitySample.publicity_id == publicity_id)
    return session.scalars(wanted.order_by(PublicitySample.day)).all()
