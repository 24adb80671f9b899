"""Who may see the result of a session beyond what the public reads of it (D29)."""

from sqlalchemy import ColumnElement, or_, select, true

from app.domain.grants import Grants
from app.models.expert import ReviewCommittee
from app.models.review import Confirmation, ReviewSession

OFFICES = ("committee_office", "municipal_tro", "district_tro")  # report, mirror, confirm


def visible_results(grants: Grants) -> ColumnElement[bool]:
    """Sessions that have voted, of the convening and the approving body and of whoever confirms."""
    voted = ReviewSession.ended_at.is_not(None)
    if grants.sees_all:
        return voted & true()
    bodies = [grant.organisation_id for grant in grants.held if grant.role in OFFICES]
    own = or_(ReviewCommittee.convening_id.in_(bodies), ReviewCommittee.approving_id.in_(bodies))
    committees = select(ReviewCommittee.id).where(own)
    confirming = select(Confirmation.session_id).where(Confirmation.body_id.in_(bodies))
    return voted & or_(ReviewSession.review_committee_id.in_(committees), ReviewSession.id.in_(confirming))
