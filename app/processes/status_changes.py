"""Changes in an applicant's standing after submission: the convening organisation decides each (domain rule §8-14)."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import declarations, expert_events, messages
from app.domain.wording import day_words
from app.models.declaration import Declaration


def retired(session: Session, declaration: Declaration, on: date) -> None:
    """The retirement is approved: kept in the record; a submitted declaration goes to 申报人情况变化处理."""
    record = declarations.record_of(declaration)
    declarations.write_record(declaration, {**record, "retirement_approved_on": on.isoformat()})
    session.flush()
    if declaration.submitted_at is not None and declaration.ended_as is None:
        _start(session, declaration, f"经审批机关批准的退休时间为{day_words(on)}")


def concerning(session: Session, person_id: int, *, reason: str) -> int:
    """A sanction or the like concerns a person: every submitted live declaration of his is to be decided on.

    Where he is a review expert he is suspended in every pool until that is decided on too (R-168).
    """
    expert_events.concerning(session, person_id, "sanction", reason)
    live = session.scalars(
        select(Declaration).where(
            Declaration.person_id == person_id,
            Declaration.submitted_at.is_not(None),
            Declaration.ended_as.is_(None),
        )
    ).all()
    for declaration in live:
        _start(session, declaration, reason)
    return len(live)


def _start(session: Session, declaration: Declaration, reason: str) -> None:
    messages.post_start(
        session,
        "status_change",
        notice_version_id=declaration.notice_version_id,
        declaration_id=declaration.id,
        subject={"change": reason},
        sender_id=declaration.instance_id,
    )
