"""Printed documents as PDF, for whoever may see what they are about."""

from io import BytesIO

from flask import Blueprint, Response, send_file
from flask.typing import ResponseReturnValue

from app import clock
from app.domain import declarations, desk, permissions
from app.errors import NotFound
from app.models.declaration import Declaration
from app.models.office import CorrectionNotice, RefusalNotice
from app.processes.documents import Paper, issued, of_declaration, of_office, of_session, of_unit, pdf
from app.web.session import grants, reading, transaction, visitor

blueprint = Blueprint("documents", __name__)


@blueprint.get("/documents/declarations/<int:declaration_id>/<kind>")
def declaration(declaration_id: int, kind: str) -> ResponseReturnValue:
    """`kind`: form4, form5, form6, form8 or review_form."""
    visitor()
    who = grants()
    with reading() as session:
        permissions.require_see_declaration(session, who, declaration_id)
        about = declarations.get(session, declaration_id)
        own = who.personal and about.person_id == who.person_id
        if kind == "form8":
            paper = of_declaration.publicity_sheet(session, about)
        elif kind == "form4":
            paper = of_declaration.exceptional(session, about)
        elif kind == "form5":
            paper = of_declaration.archive_record(session, about, own)
        elif kind == "form6":
            paper = of_declaration.education_card(session, about)
        elif kind == "review_form":
            paper = of_session.review_form(session, about)
        else:
            raise NotFound("没有这种文书。")
        content = pdf(session, paper)
    return download(paper, content)


@blueprint.get("/documents/batches/<int:batch_id>/roster")
def roster(batch_id: int) -> ResponseReturnValue:
    """推荐名册."""
    visitor()
    who = grants()
    with reading() as session:
        paper = of_unit.roster(session, desk.require_batch(session, who, batch_id))
        content = pdf(session, paper)
    return download(paper, content)


@blueprint.get("/documents/corrections/<int:notice_id>")
def correction(notice_id: int) -> ResponseReturnValue:
    """一次性告知书, the same bytes for ever; the applicant's first look is kept as 阅读时间."""
    return _sent(CorrectionNotice, notice_id)


@blueprint.get("/documents/refusals/<int:notice_id>")
def refusal(notice_id: int) -> ResponseReturnValue:
    return _sent(RefusalNotice, notice_id)


def _sent(table: type[CorrectionNotice] | type[RefusalNotice], notice_id: int) -> ResponseReturnValue:
    visitor()
    who = grants()
    with transaction() as session:
        notice = session.get(table, notice_id)
        if not isinstance(notice, CorrectionNotice | RefusalNotice):
            raise NotFound("没有找到该告知书。")
        permissions.require_see_declaration(session, who, notice.declaration_id)
        about = session.get_one(Declaration, notice.declaration_id)
        if who.personal and about.person_id == who.person_id and notice.read_at is None:
            notice.read_at = clock.now(session)
        if isinstance(notice, CorrectionNotice):
            paper = of_office.correction(session, notice)
        else:
            paper = of_office.refusal(session, notice)
        content = issued(session, paper, notice.id)
    return download(paper, content)


def download(paper: Paper, content: bytes) -> Response:
    """The file under its Chinese name, never to be kept by the browser."""
    response: Response = send_file(
        BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=paper.file_name
    )
    response.headers["Cache-Control"] = "no-store"
    return response
