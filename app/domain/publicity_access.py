"""Who may see a unit publicity: the unit's own people and whoever has its access code, while it is open (D29)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import people, publicity, snapshots
from app.errors import NotFound
from app.models.declaration import Declaration
from app.models.people import RoleGrant
from app.models.recommendation import BatchEntry, Publicity, UnitBatch

RESTARTING = "公示内容正在更正，本次公示已经终止，更正后将重新公示。届时仍用原公示码查看。"


def by_code(session: Session, code: str) -> Publicity:
    """The open round with this access code; NotFound for a wrong code and after closing alike.

    Between two rounds whoever has the code is told that it will lead to the next one.
    """
    wanted = select(Publicity).where(Publicity.access_code == code.strip().upper(), Publicity.closed_at.is_(None))
    found = session.scalar(wanted.order_by(Publicity.round.desc()).limit(1))
    if found is not None and found.superseded_at is not None:
        raise NotFound(RESTARTING)
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
        .where(Publicity.closed_at.is_(None), Publicity.superseded_at.is_(None), own)
        .order_by(Publicity.id.desc())
    )
    return on_show(session, session.scalars(wanted).all())


def is_shown(session: Session, shown: Publicity) -> bool:
    """From its first day until it is closed, superseded or its period is over, whichever comes first."""
    return bool(on_show(session, [shown]))


def on_show(session: Session, found: Sequence[Publicity]) -> list[Publicity]:
    """Those of them that are shown now; a fixed number of statements."""
    now = clock.now(session)
    running = [each for each in found if each.closed_at is None and each.superseded_at is None]
    begun = [each for each in running if clock.local(now).date() >= clock.local(each.starts_at).date()]
    periods = publicity.periods(session, begun)
    return [each for each in begun if now < periods[each.id].ends_at]


def content_of(session: Session, shown: Publicity) -> dict[str, Any]:
    """What is shown: the frozen rows with masked numbers, never today's record."""
    return snapshots.read(session, shown.snapshot_digest)
