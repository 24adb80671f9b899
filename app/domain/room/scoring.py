"""量化赋分: the items and full marks that a notice gives, what a seat gives for each, and the panel's mean (R-182).

The mean shows when everybody who is to score has done so, and to the main reader alone: no figure before lets anybody
follow the others or tell who has not scored yet.
"""

from collections.abc import Mapping
from statistics import mean

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ballots import roll
from app.domain.reviews import assignment, seats, sessions
from app.errors import Problem, Refused
from app.models.review import AgendaItem, ReviewOpinion, ReviewSession

CLAUSE = "N1 §二(一)；R-182"


def sheet(session: Session, review: ReviewSession) -> dict[str, int]:
    """Item → full marks; empty where the notice prints no scoring."""
    return dict(sessions.asked(session, review, "scoring_sheet", otherwise={}))


def read(items: Mapping[str, int], said: Mapping[str, str]) -> dict[str, float]:
    """The marks as typed; Refused for each that is missing, no number or above the full marks."""
    marks, problems = {}, []
    for name, full in items.items():
        found = _number(said.get(name, ""))
        if found is None or not 0 <= found <= full:
            problems.append(Problem("score", f"“{name}”请填写0至{full}分。", f"score.{name}", CLAUSE))
        else:
            marks[name] = found
    if problems:
        raise Refused(*problems)
    return marks


def panel_mean(session: Session, item: AgendaItem) -> float | None:
    """The mean total of those who read the item; None before the last of them has scored."""
    back = roll.recused(session, [item.id])[item.id]
    asked = {
        seat.id
        for seat in seats.present(session, item.session_id)
        if assignment.may_read(seat, item) and seat.id not in back
    }
    wanted = select(ReviewOpinion).where(ReviewOpinion.item_id == item.id)
    given = {each.seat_id: each.scores for each in session.scalars(wanted) if each.scores}
    if not asked or not asked <= set(given):
        return None
    return round(mean(sum(given[seat].values()) for seat in asked), 2)


def _number(said: str) -> float | None:
    try:
        return round(float(said), 1)
    except ValueError:
        return None
