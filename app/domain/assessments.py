"""评审质量考核: how well an expert reviews, marked by those who keep the pool (N0 §七; R-168); and where he has sat."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import expert_events
from app.errors import Problem, Refused
from app.models.expert import Expert, ExpertAssessment, PoolEntry
from app.models.review import ReviewSession, Seat

MARKS = {"high": "优秀", "fair": "合格", "poor": "不合格"}
POOR = "quality"  # the event that a poor mark registers
CLAUSE = "N0 §七；R-168"


def enter(session: Session, entry: PoolEntry, mark: str, text: str, by: int) -> ExpertAssessment:
    """Mark the expert; a poor mark suspends him and brings him before the convening body.

    Refused for an unknown mark and without what it rests on.
    """
    problems = []
    if mark not in MARKS:
        problems.append(Problem("mark", "请选择考核结果。", "mark", CLAUSE))
    if not text.strip():
        problems.append(Problem("missing", "请写明考核依据，如参加的评审会议和评审质量情况。", "text", CLAUSE))
    if problems:
        raise Refused(*problems)
    if mark == "poor":
        expert_events.begin(session, entry, POOR, text, by)
    session.get_one(Expert, entry.expert_id).quality = mark
    made = ExpertAssessment(
        expert_id=entry.expert_id, mark=mark, text=text.strip(), entered_at=clock.now(session), entered_by=by
    )
    session.add(made)
    session.flush()
    return made


def of_expert(session: Session, expert_id: int) -> list[ExpertAssessment]:
    """Every mark, the latest first."""
    wanted = select(ExpertAssessment).where(ExpertAssessment.expert_id == expert_id)
    return list(session.scalars(wanted.order_by(ExpertAssessment.id.desc())))


def sat(session: Session, expert_id: int) -> list[ReviewSession]:
    """The sessions that are over and to which the expert came, the latest first."""
    came = select(Seat.session_id).where(Seat.expert_id == expert_id, Seat.signed_in_at.is_not(None))
    wanted = select(ReviewSession).where(ReviewSession.id.in_(came), ReviewSession.ended_at.is_not(None))
    return list(session.scalars(wanted.order_by(ReviewSession.id.desc())))
