"""Who may see the result of a session beyond what the public reads of it (D29)."""

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from app.domain import organisations, permissions, session_access
from app.domain.grants import Grants
from app.errors import NotFound
from app.models.declaration import Declaration
from app.models.expert import ReviewCommittee
from app.models.review import AgendaItem, Confirmation, ReviewSession

OFFICES = ("committee_office", "municipal_tro", "district_tro")  # report, mirror, confirm


def visible_results(grants: Grants) -> ColumnElement[bool]:
    """Sessions that have voted, of the convening and the approving body and of whoever confirms."""
    voted = ReviewSession.ended_at.is_not(None)
    if grants.sees_all:
        return voted & true()
    bodies = [grant.organisation_id for grant in grants.held if grant.role in OFFICES]
    own = or_(ReviewCommittee.convening_id.in_(bodies), ReviewCommittee.approving_id.in_(bodies))
    committees = select(ReviewCommittee.id).where(own)
    confirming = select(Confirmation.session_id).where(Confirmation.body_id.in_(organisations.answered_by(bodies)))
    return voted & or_(ReviewSession.review_committee_id.in_(committees), ReviewSession.id.in_(confirming))


def require_result(session: Session, grants: Grants, session_id: int) -> ReviewSession:
    """The session, if one may see its result. NotFound otherwise."""
    found = session.scalar(select(ReviewSession).where(ReviewSession.id == session_id, visible_results(grants)))
    if found is None:
        raise NotFound("没有找到该评审结果。")
    return found


def require_report(session: Session, grants: Grants, session_id: int) -> ReviewSession:
    """The session, if one may see it or acts for the body that its report went to. NotFound."""
    found = session.get(ReviewSession, session_id)
    to = organisations.successors(session, [found.report.get("to") or 0]) if found is not None else {}
    if found is not None and any(grant.organisation_id in to.values() for grant in grants.held):
        return found
    return session_access.require_session(session, grants, session_id)


def require_confirmation(session: Session, grants: Grants, confirmation_id: int) -> Confirmation:
    """The document, for those who see its session or its result and, once it is issued, for whom it names. NotFound."""
    found = session.get(Confirmation, confirmation_id)
    if found is None or not _may_see(session, grants, found):
        raise NotFound("没有找到该文件。")
    return found


def _may_see(session: Session, grants: Grants, made: Confirmation) -> bool:
    seen = select(ReviewSession.id).where(ReviewSession.id == made.session_id, visible_results(grants))
    if session_access.may_see_session(session, grants, made.session_id) or session.scalar(seen) is not None:
        return True
    named = select(AgendaItem.declaration_id).where(AgendaItem.confirmation_id == made.id)
    query = select(Declaration.id).where(Declaration.id.in_(named), permissions.visible_declarations(grants)).limit(1)
    return made.issued_at is not None and session.scalar(query) is not None
