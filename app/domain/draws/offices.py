"""抽取单位 and its discipline supervision: the bodies whose people draw and watch (R-170)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import organisations, people, review_committees
from app.models.people import Organisation
from app.models.review import ReviewSession


def unit_of(session: Session, review: ReviewSession) -> Organisation:
    """The body that draws for the session: of the approving one, the convening one and those above, the first with
    operators; the approving body where nobody has any."""
    registered = review_committees.get(session, review.review_committee_id)
    approving = organisations.resolve(session, registered.approving_id)
    convening = organisations.resolve(session, registered.convening_id)
    at = clock.now(session)
    for body in (approving, convening, *reversed(organisations.ancestors(session, approving.id))):
        if people.holders(session, "draw_operator", body.id, at):
            return body
    return approving


def supervision_of(session: Session, review: ReviewSession) -> Organisation:
    """The drawing body's own discipline office; the body itself where it has none apart."""
    unit = unit_of(session, review)
    own = select(Organisation).where(Organisation.kind == "discipline", Organisation.parent_id == unit.id)
    return session.scalars(own.order_by(Organisation.id)).first() or unit
