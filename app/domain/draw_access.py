"""Who may look at a draw, and who may read whom it drew (R-190); a part of what `permissions` decides."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.domain import permissions, session_access
from app.domain.grants import Grants
from app.errors import NotAllowed, NotFound
from app.models.draw import Draw
from app.models.process import Task
from app.models.review import ReviewSession

DRAW_STAFF = ("draw_operator", "discipline")  # who draw experts, and who watch them


def visible_draws(grants: Grants) -> ColumnElement[bool]:
    """评审会议 whose experts one draws, watches or may be asked about, and those of the office that convenes them."""
    steps = select(Task.instance_id).where(permissions.visible_tasks(grants), Task.record.in_(("draw", "draw_share")))
    return or_(session_access.visible_sessions(grants), ReviewSession.instance_id.in_(steps))


def require_draw(session: Session, grants: Grants, session_id: int) -> ReviewSession:
    """The session, if one may look at its draw. NotFound otherwise."""
    found = session.scalar(select(ReviewSession).where(ReviewSession.id == session_id, visible_draws(grants)))
    if found is None:
        raise NotFound("没有找到该评审会议的专家抽取。")
    return found


def may_read_drawn(grants: Grants, draw: Draw) -> bool:
    """Whether one may read who was drawn: once it is opened, the two who drew, while they hold the post (R-190)."""
    drew = grants.person_id in (draw.operator_id, draw.supervisor_id) and bool(grants.roles & set(DRAW_STAFF))
    return draw.opened_at is not None and drew


def require_read_drawn(grants: Grants, draw: Draw) -> None:
    """NotAllowed for whoever may not read who was drawn."""
    if not may_read_drawn(grants, draw):
        raise NotAllowed("名单在会议前保密，只有抽取的经办人和监督人员在启封后可以查看。")
