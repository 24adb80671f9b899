"""投诉举报 by anybody, unnamed if one likes, under a receipt code by which the office can ask back."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import committees, complaints, declarations, schedules
from app.domain.complaints import KINDS, Reported, handling, registering, reporters
from app.domain.wording import moment_words
from app.errors import NotFound, Problem, Refused, Repeated
from app.models.complaint import Complaint
from app.models.notice import Committee
from app.processes.documents import issued, of_outcome
from app.web.documents import download
from app.web.promptness import deliver_soon
from app.web.session import keep_answer, limiter, reading, run, transaction

blueprint = Blueprint("complaints", __name__)

RECEIPT = "complaint_receipt"
GUESSES = "10 per minute;60 per hour"
UNKNOWN = "没有找到该编号的申报，请核对申报编号或受理编号。不清楚编号的，请直接向评委会组建单位反映。"
NO_COMMITTEE = "请选择所涉的评审委员会，投诉举报由其组建单位核查。"


@blueprint.get("/complaints/new")
def new() -> ResponseReturnValue:
    return _form([])


@blueprint.post("/complaints/new")
@limiter.limit(GUESSES)
def register() -> ResponseReturnValue:
    """Register the complaint; the form comes back with everything in it where something is missing."""
    try:
        with transaction() as session:
            code = _register(session).receipt_code
            keep_answer(session, code=code)
    except Repeated as done:
        code = done.answer["code"]
    except Refused as refused:
        return _form(refused.problems), 422
    deliver_soon()
    cookie[RECEIPT] = code
    return redirect(url_for("complaints.receipt"))


@blueprint.get("/complaints/receipt")
def receipt() -> ResponseReturnValue:
    code = cookie.get(RECEIPT)
    if code is None:
        return redirect(url_for("complaints.find"))
    return render_template("complaints/receipt.html", code=code)


@blueprint.get("/complaints/find")
def find() -> ResponseReturnValue:
    return render_template("complaints/find.html", found=None, code="", problem=None)


@blueprint.post("/complaints/find")
@limiter.limit(GUESSES)
def look_up() -> ResponseReturnValue:
    return _found(_code())


@blueprint.post("/complaints/notes")
@limiter.limit(GUESSES)
def add() -> ResponseReturnValue:
    """The reporter answers the office, or adds to what he reported."""
    code, text = _code(), request.form.get("note", "")
    try:
        run(lambda session: reporters.write(session, complaints.by_receipt(session, code), text).id)
    except Repeated:
        pass
    except Refused as refused:
        return _found(code, refused.problems, text)
    return _found(code)


@blueprint.post("/complaints/reply")
@limiter.limit(GUESSES)
def reply() -> ResponseReturnValue:
    """投诉举报办理结果告知书 for whoever holds the code, which stands in no address."""
    with transaction() as session:
        found = complaints.by_receipt(session, _code())
        paper = of_outcome.complaint_reply(session, found)
        content = issued(session, paper, found.id)
    return download(paper, content)


def _register(session: Session) -> Complaint:
    form = request.form
    kind = form.get("kind") or registering.DECLARATION
    said = Reported(form.get("text", ""), form.get("name"), form.get("contact"), kind, form.get("about", ""))
    if kind != registering.DECLARATION:
        found = _rows(session).get(form.get("committee", ""))
        if found is None:
            raise Refused(Problem("missing", NO_COMMITTEE, "committee"))
        return registering.register_other(session, *found, said)
    declaration = declarations.by_number(session, request.form.get("number", "").strip())
    if declaration is None:
        raise Refused(Problem("unknown_number", UNKNOWN, "number"))
    return complaints.register(session, declaration, said)


def _code() -> str:
    return "".join(request.form.get("code", "").split()).upper()


def _found(code: str, problems: list[Problem] | None = None, said: str = "") -> ResponseReturnValue:
    try:
        with reading() as session:
            found = complaints.by_receipt(session, code)
            notes = reporters.notes(session, found)
    except NotFound as unknown:
        return render_template("complaints/find.html", found=None, code=code, problem=unknown.message), 404
    shown: dict[str, Any] = {
        "raised": moment_words(found.raised_at),
        "closed": found.closed_at and moment_words(found.closed_at),
        "finding": handling.FINDINGS.get(found.finding or "", ""),
    }
    page = render_template(
        "complaints/find.html", found=found, code=code, problem=None, notes=notes, problems=problems, said=said, **shown
    )
    return (page, 422) if problems else page


def _rows(session: Session) -> dict[str, tuple[Committee, int]]:
    """Committee id, as a form sends it → its row in the schedule of a notice in force, and that notice's version."""
    versions = [line.version.id for line in schedules.listed(session)]
    return {str(row.id): (row, version) for version in versions for row in committees.of_version(session, version)}


def _form(problems: list[Problem]) -> str:
    with reading() as session:
        lines = schedules.listed(session)
        rows = [row for line in lines for row in schedules.schedule(session, line.version.id) if row.contact]
    contacts = {row.contact.organisation: row.contact for row in rows if row.contact}
    return render_template(
        "complaints/new.html",
        problems=problems,
        said=request.form,
        kinds=KINDS,
        committees=[row.committee for row in rows],
        contacts=list(contacts.values()),
    )
