"""Papers of a review session as PDF: its minutes and recusals, the report, what is confirmed, replied, handed in."""

from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import session_access
from app.domain.permissions import Grants
from app.domain.results import access, publicities
from app.processes.documents import Paper, of_result, of_session, pdf
from app.web.documents import download
from app.web.session import grants, reading, visitor

blueprint = Blueprint("session_papers", __name__)


@blueprint.get("/documents/sessions/<int:session_id>/minutes")
def minutes(session_id: int) -> ResponseReturnValue:
    """会议记录, for those who may know who sat."""
    return _set(
        lambda session, who: of_session.minutes(session, session_access.require_roster(session, who, session_id))
    )


@blueprint.get("/documents/sessions/<int:session_id>/recusals")
def recusals(session_id: int) -> ResponseReturnValue:
    """回避情况登记表, for those who may know who sat."""
    return _set(
        lambda session, who: of_session.recusals(session, session_access.require_roster(session, who, session_id))
    )


@blueprint.get("/documents/sessions/<int:session_id>/report")
def report(session_id: int) -> ResponseReturnValue:
    """评审情况报告, for its office and for the body it went to."""
    return _set(lambda session, who: of_session.report(session, access.require_report(session, who, session_id)))


@blueprint.get("/documents/sessions/<int:session_id>/publicity")
def publicity(session_id: int) -> ResponseReturnValue:
    """评审结果公示 as it was posted, for the offices also after its days."""

    def work(session: Session, who: Grants) -> Paper:
        review = access.require_result(session, who, session_id)
        return of_result.publicity_list(session, publicities.of_session(session, review.id))

    return _set(work)


@blueprint.get("/documents/confirmations/<int:confirmation_id>")
def confirmation(confirmation_id: int) -> ResponseReturnValue:
    """职称资格确认通知 or its draft, or the reply to entrusting units, of which an applicant gets his own line."""

    def work(session: Session, who: Grants) -> Paper:
        made = access.require_confirmation(session, who, confirmation_id)
        return of_result.confirmation(session, made, who.person_id if who.personal else None)

    return _set(work)


@blueprint.get("/documents/confirmations/<int:confirmation_id>/numbers")
def numbers(confirmation_id: int) -> ResponseReturnValue:
    """证书办理编号记录 of a self-review unit's confirmation, for the offices that see its result."""

    def work(session: Session, who: Grants) -> Paper:
        made = access.require_confirmation(session, who, confirmation_id)
        access.require_result(session, who, made.session_id)
        return of_result.number_record(session, made)

    return _set(work)


def _set(work: Callable[[Session, Grants], Paper]) -> ResponseReturnValue:
    visitor()
    who = grants()
    with reading() as session:
        paper = work(session, who)
        content = pdf(session, paper)
    return download(paper, content)
