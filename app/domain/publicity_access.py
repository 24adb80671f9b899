"""Who may see a unit publicity: the unit's own people and whoever has its access code, while it is open (D29)."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import people, publicity, snapshots
from app.errors import NotFound
from app.models.declaration import Declaration
from app.models.people import RoleGrant
from app.models.recommendation import BatchEntry, Publicity, UnitBatch


def by_code(session: Session, code: str) -> Publicity:
    """The open publicity with this access code; NotFound for a wrong code and after closing alike."""
    wanted = select(Publicity).where(Publicity.access_code == code.strip().upper(), Publicity.closed_at.is_(None))
    found = session.scalar(wanted)
    if found is None or not is_shown(session, found):
        raise NotFound("没有找到正在进行的公示，可能公示已经结束或者公示码有误。")
    return found


def open_for(session: Session, person_id: int) -> list[Publicity]:
    """Open publicities of the bodies this person belongs to, newest first: bound to a role or declaring there."""
    now = clock.now(session)
    bound = select(RoleGrant.organisation_id).where(RoleGrant.person_id == person_id, people.in_force(RoleGrant, now))
    declaring = (
        select(UnitBatch.organisation_id)
        .join(BatchEntry, BatchEntry.batch_id == UnitBatch.id)
        .join(Declaration, Declaration.id == BatchEntry.declaration_id)
        .where(Declaration.person_id == person_id)
    )
    own = UnitBatch.organisation_id.in_(bound) | UnitBatch.organisation_id.in_(declaring)
    wanted = (
        select(Publicity)
        .join(UnitBatch, UnitBatch.id == Publicity.batch_id)
        .where(Publicity.closed_at.is_(None), own)
        .order_by(Publicity.id.desc())
    )
    return [shown for shown in session.scalars(wanted).all() if is_shown(session, shown)]


def is_shown(session: Session, shown: Publicity) -> bool:
    """From its first day until it is closed or its period is over, whichever comes first."""
    now = clock.now(session)
    begun = clock.local(now).date() >= clock.local(shown.starts_at).date()
    return begun and shown.closed_at is None and now < publicity.period(session, shown).ends_at


def content_of(session: Session, shown: Publicity) -> dict[str, Any]:
    """What is shown: the frozen rows with masked numbers, never today's record."""
    return snapshots.read(session, shown.snapshot_digest)
