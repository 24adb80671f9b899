"""Leads in a result's publicity and until its confirmation: one name is held, the others go on (R-202, §8-37)."""

from sqlalchemy.orm import Session

from app.domain import declarations, messages
from app.domain.results import names
from app.models.declaration import Declaration
from app.models.review import ReviewSession

HELD = "RESULT_HELD"


def in_result(session: Session, declaration: Declaration) -> bool:
    """Whether the declaration has passed and been shown, and is neither confirmed nor refused."""
    return names.current_item(session, declaration.id) is not None


def refuse(session: Session, declaration: Declaration, sender_id: int | None) -> None:
    """不予确认: the lead is proved. The name leaves its draft and its declaration ends NOT_CONFIRMED."""
    item = names.current_item(session, declaration.id)
    if item is None:
        return
    item.outcome, item.confirmation_id = names.NOT_CONFIRMED, None
    declarations.tell(session, declaration, "confirmation", {"confirmed": False}, sender_id=sender_id)


def tell_result(session: Session, declaration: Declaration, name: str, sender_id: int | None) -> None:
    """A message to the process that handles the result in which the declaration stands or stood last."""
    review = review_of(session, declaration.id)
    if review is not None and review.instance_id is not None:
        payload = {"declaration_id": declaration.id}
        messages.post(session, name, receiver_id=review.instance_id, payload=payload, sender_id=sender_id)


def review_of(session: Session, declaration_id: int) -> ReviewSession | None:
    """The session that voted on the declaration last."""
    item = names.last_item(session, declaration_id)
    return None if item is None else session.get(ReviewSession, item.session_id)
