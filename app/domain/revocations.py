"""Revoking a confirmed title and cancelling the year of who declared falsely (R-231)."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import declarations, organisations, people
from app.domain.complaints.stages import is_confirmed
from app.domain.results import bodies, confirmations, leads
from app.errors import ConfigurationError
from app.models.declaration import Declaration
from app.models.people import Organisation

REVOKED, YEAR_CANCELLED = "REVOKED", "YEAR_CANCELLED"
SANCTION = "职称申报弄虚作假"
AUTHORITIES = bodies.APPROVING_ROLES  # kinds of bodies that are the human-resources authority of their level


def authority(session: Session, declaration: Declaration) -> Organisation:
    """The human-resources authority of the same level: who confirmed, else who approved the committee (R-231)."""
    confirmed = confirmations.of_declaration(session, declaration.id)
    if confirmed is not None:
        body = organisations.resolve(session, confirmed.body_id)
        if body.kind in AUTHORITIES:
            return body
    review = leads.review_of(session, declaration.id)
    return bodies.municipal(session) if review is None else bodies.approving(session, review)


def authority_role(session: Session, declaration: Declaration) -> str:
    """The post that works for the authority; ConfigurationError for a body that is none."""
    body = authority(session, declaration)
    if body.kind not in AUTHORITIES:
        raise ConfigurationError(f"{body.name}不是人力资源社会保障部门，不能决定撤销职称。")
    return AUTHORITIES[body.kind]


def revoke(session: Session, declaration: Declaration, sender_id: int | None) -> None:
    """职称撤销: a title that is still being archived ends by its own instance, one that has ended turns REVOKED.

    ConfigurationError for a title that was never confirmed.
    """
    if not is_confirmed(session, declaration):
        raise ConfigurationError("没有已确认的职称，不能撤销。")
    if declaration.ended_as is None:
        declarations.tell(session, declaration, "title_revoked", sender_id=sender_id)
        return
    declaration.status = declaration.ended_as = REVOKED
    declaration.ended_at = clock.now(session)


def cancel_year(session: Session, declaration: Declaration, source: str, sender_id: int | None) -> int:
    """取消当年职称申报资格 until the year's end: other declarations of the person end, new ones are refused (R-231).

    Returns how many declarations under way were told.
    """
    today = clock.local(clock.now(session)).date()
    people.register_sanction(session, declaration.person_id, SANCTION, (today, date(today.year, 12, 31)), source)
    living = Declaration.ended_as.is_(None) & Declaration.submitted_at.is_not(None)
    others = select(Declaration).where(
        Declaration.person_id == declaration.person_id,
        Declaration.id != declaration.id,
        Declaration.year == today.year,
        living,
    )
    found = list(session.scalars(others))
    for other in found:
        declarations.tell(session, other, "year_cancelled", sender_id=sender_id)
    return len(found)
