"""Who may look at a committee's pool of experts; a part of what `permissions` decides."""

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from app.domain.grants import Grants
from app.domain.permissions import require_role
from app.errors import NotAllowed
from app.models.expert import ReviewCommittee


def visible_committees(grants: Grants) -> ColumnElement[bool]:
    """Registered committees whose pool one may look at: convened or approved by a body one acts for there."""
    if grants.sees_all:
        return true()
    return or_(
        *(
            column.in_([grant.organisation_id for grant in grants.held if grant.role == role])
            for column, role in (
                (ReviewCommittee.convening_id, "committee_office"),
                (ReviewCommittee.approving_id, "municipal_tro"),
            )
        )
    )


def require_committee(session: Session, grants: Grants, registered: ReviewCommittee, *roles: str) -> None:
    """NotAllowed unless one sees the committee's pool and, where roles are named, acts in one of them."""
    if roles:
        require_role(grants, *roles)
    query = select(ReviewCommittee.id).where(ReviewCommittee.id == registered.id, visible_committees(grants))
    if session.scalar(query) is None:
        raise NotAllowed(f"“{registered.name}”的专家库由其组建单位和核准备案机构管理，您当前身份为{grants.title}。")
