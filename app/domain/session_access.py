"""Who may look at a review session, and who may read who sits in it (R-190); a part of what `permissions` decides."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import Session

from app import clock
from app.domain.grants import Grants
from app.domain.permissions import require_role
from app.errors import NotFound
from app.models.expert import Expert, ReviewCommittee
from app.models.review import ReviewSession, Seat

SESSION_STAFF = ("committee_office", "minutes_clerk", "teller_supervise", "teller_count")  # of a convening body
PRESIDING = ("chair", "deputy_chair")


def visible_sessions(grants: Grants) -> ColumnElement[bool]:
    """评审会议: those of the bodies one works for, those one is to preside over; whoever sees all sees these."""
    if grants.sees_all:
        return true()
    bodies = [grant.organisation_id for grant in grants.held if grant.role in SESSION_STAFF]
    convened = select(ReviewCommittee.id).where(ReviewCommittee.convening_id.in_(bodies))
    seen = [ReviewSession.review_committee_id.in_(convened)]
    if grants.roles & set(PRESIDING):
        seen.append(ReviewSession.id.in_(_presided_by(grants)))
    return or_(*seen)


def may_see_session(session: Session, grants: Grants, session_id: int) -> bool:
    query = select(ReviewSession.id).where(ReviewSession.id == session_id, visible_sessions(grants))
    return session.scalar(query) is not None


def require_session(session: Session, grants: Grants, session_id: int, *roles: str) -> ReviewSession:
    """The session, if one may see it and, where roles are named, holds one of them for it. NotFound, NotAllowed."""
    found = session.scalar(select(ReviewSession).where(ReviewSession.id == session_id, visible_sessions(grants)))
    if found is None:
        raise NotFound("没有找到该评审会议。")
    if roles:
        require_role(grants, *roles)
    return found


def knows_roster(session: Session, grants: Grants, review: ReviewSession, now: datetime) -> bool:
    """Whether one may read who sits: nobody before the day of the session, afterwards its own staff (R-190)."""
    if not grants.roles & {*SESSION_STAFF, *PRESIDING}:
        return False
    begun = review.planned_from is not None and clock.local(now).date() >= clock.local(review.planned_from).date()
    return review.opened_at is not None or begun


def require_roster(session: Session, grants: Grants, session_id: int) -> ReviewSession:
    """The session, if one may read who sits in it and what they said. NotFound otherwise (R-190)."""
    found = require_session(session, grants, session_id)
    if not knows_roster(session, grants, found, clock.now(session)):
        raise NotFound("会议记录自会议当日起由会务人员查看。")
    return found


def _presided_by(grants: Grants) -> Select[int]:
    """Ids of the sessions in which the person has a chair's or deputy's seat."""
    seated = select(Seat.session_id).join(Expert, Expert.id == Seat.expert_id)
    return seated.where(Expert.person_id == grants.person_id, Seat.position.in_(PRESIDING))
