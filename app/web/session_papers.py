"""Papers of a review session as PDF: its minutes, the report, the confirming document."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import clock
from app.domain import permissions
from app.errors import NotFound
from app.models.review import Confirmation
from app.processes.documents import of_session, pdf
from app.web.documents import download
from app.web.session import grants, reading, visitor

blueprint = Blueprint("session_papers", __name__)


@blueprint.get("/documents/sessions/<int:session_id>/minutes")
def minutes(session_id: int) -> ResponseReturnValue:
    """会议记录, for those who may know who sat."""
    visitor()
    who = grants()
    with reading() as session:
        review = permissions.require_session(session, who, session_id)
        if not permissions.knows_roster(session, who, review, clock.now(session)):
            raise NotFound("会议记录自会议当日起由会务人员查看。")
        paper = of_session.minutes(session, review)
        content = pdf(session, paper)
    return download(paper, content)


@blueprint.get("/documents/sessions/<int:session_id>/report")
def report(session_id: int) -> ResponseReturnValue:
    """评审情况报告, for its office and for the body it went to."""
    visitor()
    who = grants()
    with reading() as session:
        paper = of_session.report(session, permissions.require_report(session, who, session_id))
        content = pdf(session, paper)
    return download(paper, content)


@blueprint.get("/documents/confirmations/<int:confirmation_id>")
def confirmation(confirmation_id: int) -> ResponseReturnValue:
    """职称资格确认通知 or its draft, for its office, its issuing body and, once issued, whom it names."""
    visitor()
    who = grants()
    with reading() as session:
        made = session.get(Confirmation, confirmation_id)
        if made is None or not permissions.may_see_confirmation(session, who, made):
            raise NotFound("没有找到该文件。")
        paper = of_session.confirmation(session, made)
        content = pdf(session, paper)
    return download(paper, content)
