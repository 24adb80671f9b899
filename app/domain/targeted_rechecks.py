"""重点人员复核: a declaration that was complained about is looked into again before it is accepted (R-135)."""

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app import ahead
from app.models.complaint import Complaint
from app.models.declaration import Declaration
from app.models.office import DecisionRecord
from app.models.types import Id

ELEMENT = "targeted_recheck"


def needed(session: Session, declaration: Declaration) -> bool:
    """Whether a complaint was raised after the last re-check; the one who complained stays unnamed."""
    return bool(ahead.answered(session, UNHEEDED, {"declaration": declaration.id}))


def _unheeded() -> Select[int]:
    """A complaint about `:declaration` since it was looked into last."""
    its = bindparam("declaration", type_=Id)
    last = (
        select(func.max(DecisionRecord.at))
        .where(DecisionRecord.declaration_id == its, DecisionRecord.element_id == ELEMENT)
        .scalar_subquery()
    )
    since = or_(last.is_(None), Complaint.raised_at > last)
    return select(Complaint.id).where(Complaint.declaration_id == its, since).limit(1)


UNHEEDED = _unheeded()


def lead(session: Session, declaration_id: int | None) -> str:
    """What was reported, complaint by complaint."""
    wanted = select(Complaint.text).where(Complaint.declaration_id == declaration_id).order_by(Complaint.id)
    return "\n".join(session.scalars(wanted))
