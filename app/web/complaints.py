"""投诉举报 by anybody: by the number of a declaration, unnamed if one likes, under a receipt code."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from app.domain import declarations, schedules
from app.domain.explanations import moment_words
from app.domain.objections import FINDINGS
from app.errors import NotFound, Problem, Refused, Repeated
from app.processes import complaints
from app.web.session import keep_answer, limiter, reading, transaction

blueprint = Blueprint("complaints", __name__)

RECEIPT = "complaint_receipt"
GUESSES = "10 per minute;60 per hour"
UNKNOWN = "没有找到该编号的申报，请核对申报编号或受理编号。不清楚编号的，请直接向评委会组建单位反映。"


@blueprint.get("/complaints/new")
def new() -> ResponseReturnValue:
    return _form([])


@blueprint.post("/complaints/new")
@limiter.limit(GUESSES)
def register() -> ResponseReturnValue:
    """Register the complaint; the form comes back with everything in it where something is missing."""
    number = request.form.get("number", "").strip()
    try:
        with transaction() as session:
            declaration = declarations.by_number(session, number)
            if declaration is None:
                raise Refused(Problem("unknown_number", UNKNOWN, "number"))
            text, contact = request.form.get("text", ""), request.form.get("contact", "").strip() or None
            code = complaints.register(session, declaration, text=text, contact=contact).receipt_code
            keep_answer(session, code=code)
    except Repeated as done:
        code = done.answer["code"]
    except Refused as refused:
        return _form(refused.problems), 422
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
    code = "".join(request.form.get("code", "").split()).upper()
    try:
        with reading() as session:
            found = complaints.by_receipt(session, code)
    except NotFound as unknown:
        return render_template("complaints/find.html", found=None, code=code, problem=unknown.message), 404
    times = {"raised": moment_words(found.raised_at), "closed": found.closed_at and moment_words(found.closed_at)}
    finding = FINDINGS.get(found.finding or "", "")
    return render_template("complaints/find.html", found=found, code=code, problem=None, finding=finding, **times)


def _form(problems: list[Problem]) -> str:
    with reading() as session:
        lines = schedules.listed(session)
        rows = [row for line in lines for row in schedules.schedule(session, line.version.id) if row.contact]
    contacts = {row.contact.organisation: row.contact for row in rows if row.contact}
    return render_template(
        "complaints/new.html", problems=problems, said=request.form, contacts=list(contacts.values())
    )
