"""What an applicant reads of his result: the days it is shown, the number of its confirmation."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.publicity_days import Period
from app.domain.results import publicities
from app.domain.wording import day_words
from app.models.declaration import Declaration
from app.models.review import AgendaItem, Confirmation, ResultPublicity, ReviewSession

Facts = dict[str, Any]


def facts(session: Session, found: Sequence[Declaration]) -> dict[int, Facts]:
    """Declaration id → what its state's words leave open; no statement where nobody has come so far."""
    shown = [each.id for each in found if each.status == "PASSED_PUBLICITY"]
    archiving = [each.id for each in found if each.status == "ARCHIVING"]
    days = _days(session, shown) if shown else {}
    return {key: _words(period) for key, period in days.items()} | (_numbers(session, archiving) if archiving else {})


def _days(session: Session, declaration_ids: Sequence[int]) -> dict[int, Period]:
    rows = session.execute(
        select(AgendaItem.declaration_id, ResultPublicity, ReviewSession)
        .join(ReviewSession, ReviewSession.id == AgendaItem.session_id)
        .join(ResultPublicity, ResultPublicity.session_id == AgendaItem.session_id)
        .where(AgendaItem.declaration_id.in_(declaration_ids), ResultPublicity.closed_at.is_(None))
    ).all()
    periods = publicities.periods(session, [(shown, review) for _, shown, review in rows])
    return {declaration_id: periods[shown.id] for declaration_id, shown, _ in rows}


def _words(period: Period) -> Facts:
    days = {"start": day_words(period.first_day), "end": day_words(period.last_day)}
    return {"n": period.number, "N": period.total, **days}


def _numbers(session: Session, declaration_ids: Sequence[int]) -> dict[int, Facts]:
    rows = session.execute(
        select(AgendaItem.declaration_id, Confirmation.number)
        .join(Confirmation, Confirmation.id == AgendaItem.confirmation_id)
        .where(AgendaItem.declaration_id.in_(declaration_ids), Confirmation.issued_at.is_not(None))
    )
    return {declaration_id: {"document": number} for declaration_id, number in rows}
