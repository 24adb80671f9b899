"""评审结果公示: open to everybody, without a login, during its days; gone afterwards."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from app.domain.results.publicities import CHANNELS
from app.errors import Problem, Refused, Repeated
from app.processes import result_boards
from app.processes.documents import of_result, pdf
from app.web.complaints import GUESSES, RECEIPT
from app.web.documents import download
from app.web.instances import page_number
from app.web.promptness import deliver_soon
from app.web.session import keep_answer, limiter, reading, transaction

blueprint = Blueprint("results", __name__)


@blueprint.after_request
def vanish(response: Response) -> Response:
    """Neither search engines nor browsers keep what vanishes with its period."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/results")
def index() -> ResponseReturnValue:
    with reading() as session:
        found = result_boards.boards(session)
    return render_template("results/index.html", boards=found)


@blueprint.get("/results/<int:publicity_id>")
def board(publicity_id: int) -> ResponseReturnValue:
    """The list; `q` finds a name, an employer or a title in it."""
    words = request.args.get("q", "").strip()
    with reading() as session:
        found = result_boards.board(session, publicity_id, words, page_number())
    return render_template("results/board.html", board=found, q=words, offices=CHANNELS)


@blueprint.get("/results/<int:publicity_id>/list.pdf")
def paper(publicity_id: int) -> ResponseReturnValue:
    """The list to print and post, while its days last."""
    with reading() as session:
        printed = of_result.publicity_list(session, result_boards.require_shown(session, publicity_id))
        content = pdf(session, printed)
    return download(printed, content)


@blueprint.get("/results/<int:publicity_id>/names/<int:declaration_id>/lead")
def lead(publicity_id: int, declaration_id: int) -> ResponseReturnValue:
    return _form(publicity_id, declaration_id, [])


@blueprint.post("/results/<int:publicity_id>/names/<int:declaration_id>/lead")
@limiter.limit(GUESSES)
def report(publicity_id: int, declaration_id: int) -> ResponseReturnValue:
    """反映问题, unnamed if one likes; the receipt code leads to what became of it."""
    text, contact = request.form.get("text", ""), request.form.get("contact", "").strip() or None
    try:
        with transaction() as session:
            made = result_boards.report(session, publicity_id, declaration_id, text, contact)
            keep_answer(session, code=made.receipt_code)
            code = made.receipt_code
    except Repeated as done:
        code = done.answer["code"]
    except Refused as refused:
        return _form(publicity_id, declaration_id, refused.problems), 422
    deliver_soon()
    cookie[RECEIPT] = code
    return redirect(url_for("complaints.receipt"))


def _form(publicity_id: int, declaration_id: int, problems: list[Problem]) -> str:
    with reading() as session:
        found = result_boards.board(session, publicity_id)
        name = result_boards.name(session, publicity_id, declaration_id)
    return render_template("results/lead.html", board=found, name=name, problems=problems, said=request.form)
