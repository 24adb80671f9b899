"""How far a declaration has come when a complaint about it comes in or is proved: what follows depends on it (§4.6)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.results import names
from app.models.declaration import Declaration
from app.models.review import AgendaItem, ReviewSession

UNIT_PUBLICITY, BEFORE_SESSION, IN_SESSION = "unit_publicity", "before_session", "in_session"
RESULT_PUBLICITY, AFTER_CONFIRMATION, OTHER = "result_publicity", "after_confirmation", "other"
STAGES = {
    UNIT_PUBLICITY: "推荐上报阶段",
    BEFORE_SESSION: "评审会议前",
    IN_SESSION: "评审会议期间",
    RESULT_PUBLICITY: "评审结果公示后、确认前",
    AFTER_CONFIRMATION: "确认职称资格后",
    OTHER: "",
}
CONFIRMED_ENDS = ("CONFIRMED", "FILED")
ARRIVED = ("AT_COMMITTEE", "CORRECTION")  # with the body that accepts


def stage_of(session: Session, declaration: Declaration) -> str:
    """One of STAGES, OTHER aside. A vote not yet shown to the public still belongs to the session."""
    if is_confirmed(session, declaration):
        return AFTER_CONFIRMATION
    if names.current_item(session, declaration.id) is not None:
        return RESULT_PUBLICITY
    if declaration.accepted_at is not None:
        return IN_SESSION if _before_an_open_session(session, declaration.id) else BEFORE_SESSION
    standing = declaration.holds[-1]["status"] if declaration.holds else declaration.status
    return BEFORE_SESSION if standing in ARRIVED else UNIT_PUBLICITY


def is_confirmed(session: Session, declaration: Declaration) -> bool:
    """Whether the title was confirmed, archived or not."""
    if declaration.ended_as is not None:
        return declaration.ended_as in CONFIRMED_ENDS
    item = names.last_item(session, declaration.id)
    return item is not None and item.outcome == names.CONFIRMED


def _before_an_open_session(session: Session, declaration_id: int) -> bool:
    wanted = (
        select(AgendaItem.id)
        .join(ReviewSession, ReviewSession.id == AgendaItem.session_id)
        .where(AgendaItem.declaration_id == declaration_id, AgendaItem.status.in_(("listed", names.VOTED)))
        .where(ReviewSession.opened_at.is_not(None))
    )
    return session.scalar(wanted.limit(1)) is not None
