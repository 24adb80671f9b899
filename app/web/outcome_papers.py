"""Letters about what follows a result as PDF: rechecks, complaints, revocations; those sent are the same ever after."""

from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import declarations, permissions, rechecks
from app.domain.complaints import desk
from app.domain.permissions import Grants
from app.models.recheck import Recheck
from app.processes.documents import Paper, issued, of_outcome, pdf
from app.web.complaint_desk import READERS
from app.web.documents import download
from app.web.session import grants, reading, transaction, visitor

blueprint = Blueprint("outcome_papers", __name__)


@blueprint.get("/documents/rechecks/<int:recheck_id>/form")
def recheck_form(recheck_id: int) -> ResponseReturnValue:
    """复查申请书, for whoever may see the declaration."""
    visitor()
    who = grants()
    with reading() as session:
        paper = of_outcome.recheck_form(session, _recheck(session, who, recheck_id))
        content = pdf(session, paper)
    return download(paper, content)


@blueprint.get("/documents/rechecks/<int:recheck_id>/reply")
def recheck_reply(recheck_id: int) -> ResponseReturnValue:
    """复查答复, or why it was not accepted."""
    return _sent(recheck_id, lambda session, who: of_outcome.recheck_reply(session, _recheck(session, who, recheck_id)))


@blueprint.get("/documents/complaints/<int:complaint_id>")
def complaint(complaint_id: int) -> ResponseReturnValue:
    """投诉举报办理结果告知书, for the offices; who reported gets it by his receipt code."""

    def work(session: Session, who: Grants) -> Paper:
        permissions.require_role(who, *READERS)
        return of_outcome.complaint_reply(session, desk.get(session, who, complaint_id))

    return _sent(complaint_id, work)


@blueprint.get("/documents/revocations/<int:declaration_id>")
def revocation(declaration_id: int) -> ResponseReturnValue:
    """撤销职称决定书, for whoever may see the declaration."""

    def work(session: Session, who: Grants) -> Paper:
        permissions.require_see_declaration(session, who, declaration_id)
        return of_outcome.revocation(session, declarations.get(session, declaration_id))

    return _sent(declaration_id, work)


def _sent(subject_id: int, work: Callable[[Session, Grants], Paper]) -> ResponseReturnValue:
    visitor()
    who = grants()
    with transaction() as session:
        paper = work(session, who)
        content = issued(session, paper, subject_id)
    return download(paper, content)


def _recheck(session: Session, who: Grants, recheck_id: int) -> Recheck:
    found = rechecks.get(session, recheck_id)
    permissions.require_see_declaration(session, who, found.declaration_id)
    return found
