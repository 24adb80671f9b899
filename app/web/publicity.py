"""单位公示: internal. The unit's own people see it logged in, others at the unit with the access code; nobody else.

Everything here is `noindex`, is never stored by the browser and is gone with the publicity.
"""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from app import clock
from app.domain import objections, publicity_access
from app.domain.objections import Raised
from app.domain.wording import moment_words
from app.errors import NotFound, Problem, Refused, Repeated
from app.models.recommendation import Publicity
from app.processes import boards, proofs
from app.web import uploads
from app.web.session import grants, keep_answer, limiter, reading, transaction, visitor

blueprint = Blueprint("publicity", __name__)

CODES, RECEIPT = "publicity_codes", "objection_receipt"  # in the visitor's own signed cookie
GUESSES = "10 per minute;60 per hour"  # an access code is short
KEPT_CODES = 5


@blueprint.after_request
def hide_from_searches(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/publicity/unit")
def unit() -> ResponseReturnValue:
    """The open publicities of the bodies one belongs to, and the field for a code."""
    person_id = visitor().person_id
    with reading() as session:
        found = [boards.board(session, shown) for shown in publicity_access.open_for(session, person_id)]
    return render_template("publicity/unit.html", boards=found)


@blueprint.get("/publicity")
def enter() -> ResponseReturnValue:
    return render_template("publicity/enter.html", code="", problem=None)


@blueprint.post("/publicity")
@limiter.limit(GUESSES)
def open_by_code() -> ResponseReturnValue:
    """The code of the posted sheet opens the page for this browser, until the publicity ends."""
    code = "".join(request.form.get("code", "").split()).upper()
    try:
        with reading() as session:
            shown = publicity_access.by_code(session, code)
    except NotFound as unknown:
        return render_template("publicity/enter.html", code=code, problem=unknown.message), 404
    cookie[CODES] = [code, *(kept for kept in cookie.get(CODES, []) if kept != code)][:KEPT_CODES]
    return redirect(url_for("publicity.board", publicity_id=shown.id))


@blueprint.get("/publicity/<int:publicity_id>")
def board(publicity_id: int) -> ResponseReturnValue:
    with reading() as session:
        found = boards.board(session, _shown(session, publicity_id))
    return render_template("publicity/board.html", board=found)


@blueprint.get("/publicity/<int:publicity_id>/names/<int:declaration_id>")
def name(publicity_id: int, declaration_id: int) -> ResponseReturnValue:
    """One name's form 8 as it was frozen."""
    with reading() as session:
        shown = _shown(session, publicity_id)
        found, sheet = boards.board(session, shown), boards.sheet(session, shown, declaration_id)
    return render_template("publicity/name.html", board=found, sheet=sheet, declaration_id=declaration_id)


@blueprint.get("/publicity/<int:publicity_id>/names/<int:declaration_id>/objection")
def objection(publicity_id: int, declaration_id: int) -> ResponseReturnValue:
    return _objection_form(publicity_id, declaration_id, [])


@blueprint.post("/publicity/<int:publicity_id>/names/<int:declaration_id>/objection")
@limiter.limit(GUESSES)
def object_to(publicity_id: int, declaration_id: int) -> ResponseReturnValue:
    """Raise an objection, unnamed unless the writer gives a contact; the receipt code leads to its outcome."""
    try:
        with transaction() as session:
            shown = _shown(session, publicity_id)
            kept = uploads.keep(session, None)
            said = Raised(declaration_id, request.form.get("text", ""), request.form.get("contact"), kept)
            code = objections.raise_objection(session, shown, said).receipt_code
            keep_answer(session, code=code)
    except Repeated as done:
        code = done.answer["code"]
    except Refused as refused:
        return _objection_form(publicity_id, declaration_id, refused.problems), 422
    cookie[RECEIPT] = code
    return redirect(url_for("publicity.receipt"))


@blueprint.get("/objections/receipt")
def receipt() -> ResponseReturnValue:
    """The code, shown once more as long as this browser stays open; it stands nowhere in an address."""
    code = cookie.get(RECEIPT)
    if code is None:
        return redirect(url_for("publicity.find"))
    return render_template("publicity/receipt.html", code=code)


@blueprint.get("/objections")
def find() -> ResponseReturnValue:
    return render_template("publicity/find.html", found=None, code="", problem=None)


@blueprint.post("/objections")
@limiter.limit(GUESSES)
def look_up() -> ResponseReturnValue:
    """What became of the objection with this receipt code; also after the publicity is over."""
    code = "".join(request.form.get("code", "").split()).upper()
    try:
        with reading() as session:
            found = objections.by_receipt(session, code)
    except NotFound as unknown:
        return render_template("publicity/find.html", found=None, code=code, problem=unknown.message), 404
    times = {"raised": moment_words(found.raised_at), "closed": found.closed_at and moment_words(found.closed_at)}
    finding = objections.FINDINGS.get(found.finding or "", "")
    return render_template("publicity/find.html", found=found, code=code, problem=None, finding=finding, **times)


@blueprint.get("/publicity/<int:publicity_id>/proof")
def proof(publicity_id: int) -> ResponseReturnValue:
    """公示证明, to read and print: for the unit and the offices, also after the publicity is gone."""
    visitor()
    with reading() as session:
        found = proofs.proof(session, grants(), publicity_id)
        over = clock.now(session) >= found.period.ends_at
    return render_template("publicity/proof.html", proof=found, over=over)


@blueprint.post("/publicity/leave")
def leave() -> ResponseReturnValue:
    """Forget the codes, for a shared computer."""
    cookie.pop(CODES, None)
    cookie.pop(RECEIPT, None)
    flash("已退出公示页面。", "success")
    return redirect(url_for("publicity.enter"))


def _objection_form(publicity_id: int, declaration_id: int, problems: list[Problem]) -> str:
    with reading() as session:
        shown = _shown(session, publicity_id)
        found, sheet = boards.board(session, shown), boards.sheet(session, shown, declaration_id)
    return render_template(
        "publicity/objection.html",
        board=found,
        sheet=sheet,
        declaration_id=declaration_id,
        problems=problems,
        said=request.form,
    )


def _shown(session: Session, publicity_id: int) -> Publicity:
    person_id = visitor().person_id if current_user.is_authenticated else None
    return boards.require_shown(session, publicity_id, person_id, cookie.get(CODES, []))
