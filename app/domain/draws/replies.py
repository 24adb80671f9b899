"""The invitation as the expert meets it: who is asked, for which session, until when."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import calendar, deadline_rules, deadlines, wording
from app.domain.reviews import sessions
from app.models.draw import Draw, Invitation
from app.models.expert import Expert
from app.models.people import Person
from app.models.process import ProcessInstance
from app.models.review import ReviewSession

RULE = "expert_reply"


def person_of(session: Session, invitation: Invitation) -> Person:
    wanted = select(Person).join(Expert, Expert.person_id == Person.id).where(Expert.id == invitation.expert_id)
    return session.scalars(wanted).one()


def review_of(session: Session, invitation: Invitation) -> ReviewSession:
    return sessions.get(session, session.get_one(Draw, invitation.draw_id).session_id)


def due_words(session: Session, instance: ProcessInstance) -> str:
    """Until when one who is asked now may answer: `2023年12月1日24时`."""
    rule = deadlines.rule_of(session, instance, RULE)
    due = deadline_rules.due(rule, clock.now(session), calendar.calendar_of(session))
    return deadline_rules.spoken(due.due_at)


def shown(session: Session, invitation: Invitation) -> dict[str, str]:
    """What the expert reads before he answers, by the form's keys."""
    review = review_of(session, invitation)
    return {
        "session": review.title,
        "time": _time(review),
        "place": review.place or "另行通知",
    }


def _time(review: ReviewSession) -> str:
    if review.planned_from is None or review.planned_until is None:
        return "另行通知"
    return wording.span_words(review.planned_from, review.planned_until)
