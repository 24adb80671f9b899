"""Printed documents as PDF, for whoever may see what they are about."""

from collections.abc import Callable
from io import BytesIO

from flask import Blueprint, Response, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import declarations, deliveries, desk, permissions
from app.domain.permissions import Grants
from app.errors import NotFound
from app.models.office import CorrectionNotice, RefusalNotice
from app.processes.documents import Paper, issued, of_declaration, of_office, of_unit, pdf
from app.web.session import grants, reading, transaction, visitor

blueprint = Blueprint("documents", __name__)


@blueprint.get("/documents/declarations/<int:declaration_id>/<kind>")
def declaration(declaration_id: int, kind: str) -> ResponseReturnValue:
    """`kind`: form4, form5, form6 or form8."""
    visitor()
    who = grants()
    return printed(lambda session: _of_declaration(session, who, declaration_id, kind))


@blueprint.get("/documents/batches/<int:batch_id>/roster")
def roster(batch_id: int) -> ResponseReturnValue:
    """推荐名册."""
    visitor()
    who = grants()
    return printed(lambda session: of_unit.roster(session, desk.require_batch(session, who, batch_id)))


@blueprint.get("/documents/corrections/<int:notice_id>")
def correction(notice_id: int) -> ResponseReturnValue:
    """一次性告知书, the same bytes for ever; the applicant's first look is kept as 阅读时间."""
    return _sent(CorrectionNotice, notice_id)


@blueprint.get("/documents/refusals/<int:notice_id>")
def refusal(notice_id: int) -> ResponseReturnValue:
    return _sent(RefusalNotice, notice_id)


def _of_declaration(session: Session, who: Grants, declaration_id: int, kind: str) -> Paper:
    permissions.require_see_declaration(session, who, declaration_id)
    about = declarations.get(session, declaration_id)
    if kind == "form8":
        return of_declaration.publicity_sheet(session, about)
    if kind == "form4":
        return of_declaration.exceptional(session, about)
    if kind == "form5":
        own = who.personal and about.person_id == who.person_id
        return of_declaration.archive_record(session, about, own)
    if kind == "form6":
        return of_declaration.education_card(session, about)
    raise NotFound("没有这种文书。")


def _sent(table: type[CorrectionNotice] | type[RefusalNotice], notice_id: int) -> ResponseReturnValue:
    visitor()
    who = grants()
    with transaction() as session:
        notice = deliveries.read(session, who, table, notice_id)
        if isinstance(notice, CorrectionNotice):
            paper = of_office.correction(session, notice)
        else:
            paper = of_office.refusal(session, notice)
        content = issued(session, paper, notice.id)
    return _download(paper, content)


def printed(make: Callable[[Session], Paper]) -> Response:
    """What `make` has to say, set in type now."""
    with reading() as session:
        paper = make(session)
        content = pdf(session, paper)
    return _download(paper, content)


def _download(paper: Paper, content: bytes) -> Response:
    """The file under its Chinese name, never to be kept by the browser."""
    response: Response = send_file(
        BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=paper.file_name
    )
    response.headers["Cache-Control"] = "no-store"
    return response
