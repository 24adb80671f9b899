"""Who may read a complaint, and who may speak with its reporter and learn who that is."""

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session

from app.domain import organisations, permissions
from app.domain.permissions import Grants
from app.errors import NotAllowed
from app.models.complaint import Complaint
from app.models.expert import Expert


def visible_complaints(grants: Grants) -> ColumnElement[bool]:
    """Complaints that the person may look at: his office's; the discipline and the city see all; none about him."""
    about_him = or_(
        Complaint.declaration_id.in_(permissions.own_declarations(grants)),
        Complaint.expert_id.in_(select(Expert.id).where(Expert.person_id == grants.person_id)),
    )
    if grants.roles & {"discipline", "municipal_tro"}:
        return about_him.is_not(True)
    return and_(Complaint.office_id.in_(_offices(grants)), about_him.is_not(True))


def investigates(session: Session, grants: Grants, complaint: Complaint) -> bool:
    """Whether the complaint is before the person's own office, or he is of the discipline."""
    own = true() if grants.holds("discipline") else Complaint.office_id.in_(_offices(grants))
    query = select(Complaint.id).where(Complaint.id == complaint.id, own, visible_complaints(grants))
    return session.scalar(query) is not None


def require_investigates(session: Session, grants: Grants, complaint: Complaint) -> None:
    """NotAllowed unless the person investigates it: only he speaks with the reporter and may learn who that is."""
    if not investigates(session, grants, complaint):
        raise NotAllowed("反映人信息仅负责核实的人员可以查看。")


def _offices(grants: Grants) -> Select[int]:
    offices = (grant.organisation_id for grant in grants.held if grant.role == "committee_office")
    return organisations.answered_by(offices)
